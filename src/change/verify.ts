import { type Totals, totalsOf } from '../core/change.ts';
import { readClaims } from '../core/claims.ts';
import { subjectOf } from '../core/subject.ts';
import { type CommitSignature, checkCommitSignatures } from '../git/commitSignatures.ts';
import { type Git, GitError } from '../git/git.ts';
import { listRecords, type StoredRecord } from '../git/recordList.ts';
import { checkRecordSignatures, type RecordSignature } from '../git/recordSignatures.ts';
import { shallowCommits } from '../git/revisions.ts';
import { readSettings } from '../git/settings.ts';
import { readTrailers } from '../git/trailers.ts';
import { type Evidence, type Finding, judge, type Verdict, verdictOf } from './judgement.ts';
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

/** So much is held at once: trailers and signatures are asked for together, for each question starts a process. */
const batchLimits = { commits: 2000, lines: 100_000 };

/**
 * Checks commits against the records that they name: digest, fit, the numbers in the trailers, signatures. One after the
 * other, in the order asked for; only a batch is held in memory.
 */
export async function* verifyCommits(git: Git, commits: readonly string[]): AsyncGenerator<VerifiedCommit> {
  const [shallow, settings, stored] = await Promise.all([shallowCommits(git), readSettings(git), listRecords(git)]);
  const isWithoutTrailers = settings.get('trailers') === 'none';
  const unnamed = new UnnamedRecords(git, stored);
  for await (const batch of inBatches(readEach(git, commits))) {
    const gather = await gatherer(git, stored, batch.filter(isRead));
    for (const commit of batch) {
      if (!isRead(commit)) {
        yield unread(commit);
        continue;
      }
      const isShallow = shallow.has(commit.commit);
      const mayBeStripped = !(isWithoutTrailers || isShallow || namesRecord(commit));
      const found = mayBeStripped ? await unnamed.of(commit) : [];
      yield verified({ ...gather(commit), isShallow, unnamed: found, isWithoutTrailers });
    }
  }
}

/** Whether the message itself names a record: in its trailers, or elsewhere. */
function namesRecord({ records }: ResolvedCommit): boolean {
  return records.some(({ source }) => source !== 'note');
}

/** Asks about a batch what takes a process for each question. */
async function gatherer(
  git: Git,
  stored: ReadonlyMap<string, StoredRecord>,
  batch: readonly ResolvedCommit[],
): Promise<(commit: ResolvedCommit) => Pick<Evidence, 'resolved' | 'claims' | 'signature' | 'recordSignatures'>> {
  const times = new Map<string, string>();
  for (const { digest, source, found } of batch.flatMap(({ records }) => records)) {
    if (source !== 'message' && typeof found !== 'string') times.set(digest, found.time);
  }
  const claiming = batch.filter(({ facts }) => /^(ai-lines|provenance)\s*:/im.test(facts.message));
  const vouched = batch.filter(({ records }) => records.some(({ source }) => source !== 'message'));
  const ids = (list: readonly ResolvedCommit[]): string[] => list.map(({ commit }) => commit);
  const [trailers, signatures, recordSignatures] = await Promise.all([
    readTrailers(git, ids(claiming)),
    checkCommitSignatures(git, ids(vouched)),
    checkRecordSignatures(git, stored, times),
  ]);
  return (resolved) => ({
    resolved,
    claims: readClaims(trailers.get(resolved.commit) ?? []),
    signature: signatures.get(resolved.commit) ?? { state: 'none' },
    recordSignatures,
  });
}

function verified(evidence: Evidence): VerifiedCommit {
  const { resolved, isShallow, signature, recordSignatures } = evidence;
  const findings = judge(evidence);
  return {
    commit: resolved.commit,
    subject: subjectOf(resolved.facts.message),
    verdict: verdictOf(evidence, findings),
    fit: isShallow ? null : resolved.fit,
    totals: isShallow ? null : totalsOf(resolved.files),
    records: resolved.records.map(({ digest, source, found }) => ({
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

function isRead(commit: ResolvedCommit | UnreadCommit): commit is ResolvedCommit {
  return !('reason' in commit);
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

async function* inBatches(
  commits: AsyncIterable<ResolvedCommit | UnreadCommit>,
): AsyncGenerator<(ResolvedCommit | UnreadCommit)[]> {
  let batch: (ResolvedCommit | UnreadCommit)[] = [];
  let lines = 0;
  for await (const commit of commits) {
    batch.push(commit);
    if (isRead(commit)) for (const file of commit.files) lines += file.lines.length;
    if (batch.length < batchLimits.commits && lines < batchLimits.lines) continue;
    yield batch;
    batch = [];
    lines = 0;
  }
  if (batch.length > 0) yield batch;
}
