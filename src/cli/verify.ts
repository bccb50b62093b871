import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Verdict } from '../change/judgement.ts';
import { type VerifiedCommit, verifyCommits } from '../change/verify.ts';
import { maxPolicySize } from '../core/policy/commandPolicy.ts';
import { over } from '../core/policy/layer.ts';
import { builtInPolicy, type Policy } from '../core/policy/policy.ts';
import { readLayer, tooLarge } from '../core/policy/read.ts';
import { messageOf } from '../errors.ts';
import { allCommits, commitsNamed, unpublished } from '../git/revisions.ts';
import { type Command, type Io, UsageError } from './command.ts';
import { bold, printable } from './format.ts';
import { writeJsonList } from './jsonList.ts';
import { openForReading } from './place.ts';

interface Options {
  readonly revision: string | undefined;
  readonly all: boolean;
  readonly policy?: string | undefined;
  readonly json: boolean;
}

export const verify: Command = {
  name: 'verify',
  usage: 'verify [RANGE | REV] [--all] [--policy FILE] [--json]',
  summary: 'whether commits and their records agree: 0 they do, 1 they do not, 2 it could not be told',
  async run(args, io) {
    const options = parse(args);
    try {
      return await verifyRange(options, io);
    } catch (error) {
      // Elsewhere a failure is 1; here that would say that a commit falls short.
      io.error(messageOf(error));
      return 2;
    }
  },
};

function parse(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      policy: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const [revision, ...more] = positionals;
  if (more.length > 0 || (values.all && revision !== undefined)) throw new UsageError('one range or --all is needed');
  return { revision, ...values };
}

async function verifyRange({ revision, all, policy: file, json }: Options, io: Io): Promise<number> {
  const { git } = await openForReading(io);
  const given = file === undefined ? undefined : await readPolicyFile(path.resolve(io.cwd, file));
  for (const problem of given?.problems ?? []) io.error(problem);
  const range = all ? '--all' : (revision ?? (await unpublished(git)));
  const commits = await (all ? allCommits(git) : commitsNamed(git, range));
  const summary = new Summary();
  const verified = summary.count(verifyCommits(git, commits, given?.policy));
  if (json) {
    const head = { schema: 'countersign/verify/1', range };
    await writeJsonList(io.out, head, ['commits', verified], () => ({ summary: summary.counts }));
  } else {
    for await (const commit of verified)
      if (commits.length === 1 || commit.findings.length > 0) io.out(commitText(commit));
    io.out(summary.text(range));
  }
  // What the policy meant to say where it is wrong, nobody can tell.
  return summary.exitCode === 0 && given && given.problems.length > 0 ? 2 : summary.exitCode;
}

/**
 * The policy in a file, over what is built in.
 *
 * @throws where it cannot be read
 */
async function readPolicyFile(
  file: string,
): Promise<{ readonly policy: Policy; readonly problems: readonly string[] }> {
  if ((await stat(file)).size > maxPolicySize) throw new Error(`${file} does not count: ${tooLarge}`);
  const { layer, problems } = readLayer(await readFile(file, 'utf8'), file);
  return { policy: over(builtInPolicy, layer), problems };
}

/** In the order in which they are told. */
const verdicts: Readonly<Record<Verdict, string>> = {
  signed: 'signed',
  consistent: 'consistent',
  'falls-short': 'falls short',
  'could-not-tell': 'could not tell',
  unattributed: 'nothing known',
};

class Summary {
  readonly counts: Record<Verdict, number> = {
    signed: 0,
    consistent: 0,
    'falls-short': 0,
    'could-not-tell': 0,
    unattributed: 0,
  };

  async *count(commits: AsyncIterable<VerifiedCommit>): AsyncGenerator<VerifiedCommit> {
    for await (const commit of commits) {
      this.counts[commit.verdict]++;
      yield commit;
    }
  }

  /** What is wrong is known whatever else could not be told. */
  get exitCode(): 0 | 1 | 2 {
    return this.counts['falls-short'] > 0 ? 1 : this.counts['could-not-tell'] > 0 ? 2 : 0;
  }

  text(range: string): string {
    const entries = Object.entries(this.counts) as [Verdict, number][];
    const total = entries.reduce((sum, [, count]) => sum + count, 0);
    if (total === 0) return `no commits in ${printable(range)}\n`;
    const parts = entries.filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${verdicts[verdict]}`);
    return `${total} ${total === 1 ? 'commit' : 'commits'} in ${printable(range)}: ${parts.join(', ')}\n`;
  }
}

function commitText({ commit, verdict, subject, signature, findings }: VerifiedCommit): string {
  const signer = signature.state === 'good' && signature.signer !== '' ? `signed by ${signature.signer}` : '';
  const details = [signer, ...findings.map(({ detail }) => detail)].filter((detail) => detail !== '');
  const about = details.length > 0 ? `  (${details.join('; ')})` : '';
  return `${bold(commit.slice(0, 12))}  ${verdicts[verdict].padEnd(14)}  ${printable(`${subject}${about}`)}\n`;
}
