import path from 'node:path';
import { parseArgs } from 'node:util';
import { type AssessedCommit, assessCommits } from '../change/commitRisk.ts';
import { riskJson } from '../change/json.ts';
import { assessPending } from '../change/risk.ts';
import { resolveCommit } from '../git/commits.ts';
import { commitsReached, isRange } from '../git/revisions.ts';
import { type Command, type Io, UsageError } from './command.ts';
import { writeJsonList } from './jsonList.ts';
import { openForCommand, withPlace } from './place.ts';
import { formatCommitRisk, formatRiskInFull } from './riskText.ts';

const schema = 'countersign/risk/1';

/** In ms, for the history of one commit: a person has asked for it. */
const budget = 5_000;
/** In ms, for the histories of all commits of a range together. */
const rangeBudget = 30_000;

export const risk: Command = {
  name: 'risk',
  usage: 'risk [--staged | REV | RANGE] [--json] | --features FILE.csv',
  summary: 'the risk of the pending change or of commits, what it is made of, and what would lower it',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        staged: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        features: { type: 'string' },
      },
    });
    const [revision, ...more] = positionals;
    if (more.length > 0) throw new UsageError('one revision or range is needed');
    if (revision !== undefined && values.staged) throw new UsageError('--staged is of the pending change');
    if (values.features !== undefined && (revision !== undefined || values.json || values.staged)) {
      throw new UsageError('--features takes a file and nothing else: it prints CSV');
    }
    if (values.features !== undefined) await ofFeatures(io, values.features);
    else if (revision === undefined) await ofPending(io, values);
    else if (isRange(revision)) await ofRange(io, revision, values.json);
    else await ofCommit(io, revision, values.json);
    return 0;
  },
};

async function ofFeatures(io: Io, file: string): Promise<void> {
  const { scoreFeatures } = await import('./features.ts');
  await scoreFeatures(path.resolve(io.cwd, file), io);
}

async function ofPending(
  io: Io,
  { staged, json }: { readonly staged: boolean; readonly json: boolean },
): Promise<void> {
  const found = await withPlace(io, (place) => assessPending(place, { staged, budget }));
  io.out(json ? `${JSON.stringify({ schema, ...riskJson(found) })}\n` : formatRiskInFull(found));
}

async function ofCommit(io: Io, revision: string, json: boolean): Promise<void> {
  const { repository } = await openForCommand(io);
  const commits = [await resolveCommit(repository.git, revision)];
  for await (const found of assessCommits(repository, commits, { budget })) {
    const { commit } = found;
    io.out(json ? `${JSON.stringify({ schema, commit, ...riskJson(found) })}\n` : formatRiskInFull(found));
  }
}

async function ofRange(io: Io, range: string, json: boolean): Promise<void> {
  const { repository } = await openForCommand(io);
  const commits = assessCommits(repository, await commitsReached(repository.git, range), {
    ...{ budget, total: rangeBudget },
  });
  if (json) {
    await writeJsonList(io.out, { schema }, ['commits', entries(commits)]);
  } else {
    let all = 0;
    let unread = 0;
    for await (const assessed of commits) {
      io.out(formatCommitRisk(assessed));
      all++;
      if (assessed.risk.without.some(({ what }) => what === 'history')) unread++;
    }
    if (unread > 0) io.out(`without their history: ${unread} of ${all} commits; "countersign risk REV" says why\n`);
  }
}

async function* entries(commits: AsyncIterable<AssessedCommit>): AsyncGenerator<object> {
  for await (const found of commits) yield { commit: found.commit, subject: found.subject, ...riskJson(found) };
}
