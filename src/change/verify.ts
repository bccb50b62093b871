import type { Totals } from '../core/change.ts';
import { readClaims } from '../core/claims.ts';
import type { Policy } from '../core/policy/policy.ts';
import { subjectOf } from '../core/subject.ts';
import { type CommitSignature, checkCommitSignatures } from '../git/commitSignatures.ts';
import { type Git, GitError } from '../git/git.ts';
import { listRecords, type StoredRecord } from '../git/recordList.ts';
import { checkRecordSignatures, type RecordSignature } from '../git/recordSignatures.ts';
import { shallowCommits } from '../git/revisions.ts';
import { readSettings } from '../git/settings.ts';
import { type Evidence, type Finding, judge, type Verdict, verdictOf } from './judgement.ts';
import { type MeasuredCommit, measure } from './measured.ts';
import { judgeByPolicy } from './policyJudgement.ts';
import { eachResolved, type Fit, type ResolvedCommit } from './resolve.ts';
import { UnnamedRecords } from './unnamedRecords.ts';

/** What `countersign verify` says of a commit. */
export interface VerifiedCommit {
  readonly commit: string;
  /** As it was written; empty where the commit could not be read. */
  readonly subject: string;
  readonly verdict: Verdict;
  /** Null where the commit's own change could not be told. */
  readonly fit: Fit | null;
  readonly totals: Totals | null;
  readonly records: readonly {
    readonly digest: string;
    readonly source: 'trailer' | 'message' | 'note';
    readonly state: 'found' | 'missing' | 'digest-mismatch' | 'malformed';
    readonly signature: RecordSignature;
  }[];
  /** `none` too where the commit names nothing: then there is nothing that its signature would vouch for. */
  readonly signature: CommitSignature;
  readonly findings: readonly Finding[];
}

/** In a history of so many commits some surely name no record. */
const long = 1000;

/** So many commits are held at once: trailers and signatures are asked for together, for each question starts a process. */
const batchSize = 5000;

/**
 * Checks commits against the records that they name: digest, fit, the numbers in the trailers, signatures. One after the
 * other, in the order asked for; of a batch what was measured is held in memory, of one commit the lines.
 *
 * @param policy what they have to meet besides
 */
export async function* verifyCommits(
  git: Git,
  commits: readonly string[],
  policy?: Policy,
): AsyncGenerator<VerifiedCommit> {
  const [shallow, settings, stored] = await Promise.all([shallowCommits(git), readSettings(git), listRecords(git)]);
  const isWithoutTrailers = settings.get('trailers') === 'none';
  const unnamed = new UnnamedRecords(git, stored);
  if (!isWithoutTrailers && commits.length >= long) unnamed.prepare();

  async function examine(resolved: ResolvedCommit): Promise<Examined> {
    const isShallow = shallow.has(resolved.commit);
    const mayBeStripped = !(isWithoutTrailers || isShallow || namesRecord(resolved));
    const found = mayBeStripped ? await unnamed.of(resolved) : [];
    // Without its parents a commit's files are not known.
    const byPolicy = policy && !isShallow ? judgeByPolicy(policy, resolved) : [];
    return { commit: measure(resolved), isShallow, unnamed: found, isWithoutTrailers, byPolicy };
  }

  let batch: (Examined | UnreadCommit)[] = [];
  // While the next commits are read, git answers what was asked about those before.
  let before: Promise<VerifiedCommit[]> = Promise.resolve([]);
  for await (const read of readEach(git, commits)) {
    batch.push('reason' in read ? read : await examine(read));
    if (batch.length < batchSize) continue;
    yield* await before;
    before = verifyBatch(git, stored, batch);
    before.catch(() => undefined); // told when it is their turn
    batch = [];
  }
  const last = verifyBatch(git, stored, batch);
  last.catch(() => undefined);
  yield* await before;
  yield* await last;
}

/** What is known of a commit without asking anybody else. */
type Examined = Pick<Evidence, 'commit' | 'isShallow' | 'unnamed' | 'isWithoutTrailers' | 'byPolicy'>;

/** Whether the message itself names a record: in its trailers, or elsewhere. */
function namesRecord({ records }: ResolvedCommit): boolean {
  return records.some(({ source }) => source !== 'note');
}

/** Asks about many commits what takes a process for each question. */
async function verifyBatch(
  git: Git,
  stored: ReadonlyMap<string, StoredRecord>,
  batch: readonly (Examined | UnreadCommit)[],
): Promise<VerifiedCommit[]> {
  const commits = batch.flatMap((entry) => ('reason' in entry ? [] : [entry.commit]));
  const times = new Map<string, string>();
  for (const { digest, source, found } of commits.flatMap(({ records }) => records)) {
    if (source !== 'message' && typeof found !== 'string') times.set(digest, found.time);
  }
  const vouched = commits.filter(({ records }) => records.some(({ source }) => source !== 'message'));
  const ids = (list: readonly MeasuredCommit[]): string[] => list.map(({ commit }) => commit);
  const [signatures, recordSignatures] = await Promise.all([
    checkCommitSignatures(git, ids(vouched)),
    checkRecordSignatures(git, stored, times),
  ]);
  return batch.map((entry) => {
    if ('reason' in entry) return unread(entry);
    const { commit } = entry.commit;
    const claims = readClaims(entry.commit.trailers);
    return verified({ ...entry, claims, signature: signatures.get(commit) ?? { state: 'none' }, recordSignatures });
  });
}

function verified(evidence: Evidence): VerifiedCommit {
  const { commit, isShallow, signature, recordSignatures } = evidence;
  const findings = judge(evidence);
  return {
    commit: commit.commit,
    subject: subjectOf(commit.message),
    verdict: verdictOf(evidence, findings),
    fit: isShallow ? null : commit.fit,
    totals: isShallow ? null : commit.totals,
    records: commit.records.map(({ digest, source, found }) => ({
      digest,
      source,
      state: typeof found === 'string' ? found : 'found',
      signature: recordSignatures.get(digest) ?? { state: 'none' },
    })),
    signature,
    findings,
  };
}

/** A commit that git could not read, and why. */
interface UnreadCommit {
  readonly commit: string;
  readonly reason: string;
}

function unread({ commit, reason }: UnreadCommit): VerifiedCommit {
  const findings: Finding[] = [{ kind: 'unreadable-commit', weight: 'doubt', detail: reason }];
  const nothing = { subject: '', fit: null, totals: null, records: [], signature: { state: 'none' } } as const;
  return { commit, ...nothing, verdict: 'could-not-tell', findings };
}

/**
 * Reads on behind a commit that git cannot read (an object is missing or damaged): one by one at first, for the next ones
 * may be as unreadable, then in larger and larger steps.
 */
async function* readEach(git: Git, commits: readonly string[]): AsyncGenerator<ResolvedCommit | UnreadCommit> {
  let step = commits.length;
  for (let done = 0; done < commits.length; ) {
    try {
      for await (const resolved of eachResolved(git, commits.slice(done, done + step))) {
        yield resolved;
        done++;
      }
      step *= 2;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      yield { commit: commits[done] as string, reason: error.message };
      done++;
      step = 1;
    }
  }
}
