import { alignRecords, type KnownLine } from '../core/alignRecords.ts';
import type { AddedLine, FileChange } from '../core/change.ts';
import { type ForeignAttribution, withForeignLines } from '../core/interoperation/foreignNote.ts';
import { isRecordOf, type ProvenanceRecord, recordedWhole } from '../core/record.ts';
import { diffCommits } from '../git/commitDiffs.ts';
import { type CommitFacts, readCommits } from '../git/commits.ts';
import type { DiffFile } from '../git/diff.ts';
import type { Git } from '../git/git.ts';
import { type RecordLookup, readRecords } from '../git/records.ts';
import { foreignLines } from './foreign.ts';
import { restoredLines } from './restored.ts';

/** How well the records that a commit names fit its own lines (DESIGN 3.4). */
export type Fit =
  | { readonly state: 'exact' }
  | { readonly state: 'partial'; readonly matched: number; readonly of: number }
  /** Records are named, but not here (or their bytes are not what the digest says). */
  | { readonly state: 'missing'; readonly digests: readonly string[] }
  /** No record is named. */
  | { readonly state: 'none' };

/** A record that a commit names, and where it names it. */
export interface NamedRecord {
  readonly digest: string;
  readonly source: 'trailer' | 'message' | 'note';
  readonly found: RecordLookup;
}

/** What is known of a commit. */
export interface ResolvedCommit {
  readonly commit: string;
  /** What the commit itself says: tree, message, the digests that it names. */
  readonly facts: CommitFacts;
  readonly parents: readonly string[];
  readonly files: readonly FileChange[];
  /** The records the commit names, the ones its trailers claim first. */
  readonly records: readonly NamedRecord[];
  /** What notes of other tools say of it, and why one is not used; asked only where no record is here. */
  readonly foreign: readonly ForeignAttribution[];
  readonly fit: Fit;
}

export interface ResolveOptions {
  /** Leaves out the files of a commit that names nothing: all their lines would be unknown. */
  readonly onlyNamed?: boolean;
  /** Records to align besides those a commit names, by commit: what it was rewritten from. */
  readonly besides?: ReadonlyMap<string, readonly string[]>;
  /** How many reverts of reverts lead here. */
  readonly depth?: number;
}

/** A revert of a revert of a revert …: so far is it followed. */
const maxDepth = 8;

/** So many commits are asked for at once: their messages and records are held together. */
const batchSize = 5000;

/** Reads commits: their own diff, aligned by line hash with the records that they name. */
export async function resolveCommits(
  git: Git,
  commits: readonly string[],
  options: ResolveOptions = {},
): Promise<ResolvedCommit[]> {
  const resolved: ResolvedCommit[] = [];
  for await (const commit of eachResolved(git, commits, options)) resolved.push(commit);
  return resolved;
}

/** The same one after the other, in the order asked for: a long history is never held as a whole. */
export async function* eachResolved(
  git: Git,
  commits: readonly string[],
  options: ResolveOptions = {},
): AsyncGenerator<ResolvedCommit> {
  let next: Promise<Batch> | undefined;
  for (let start = 0; start < commits.length; start += batchSize) {
    const { facts, named, records, notes, isRead } = await (next ?? gather(git, commits, start, options));
    // Git looks for what the next ones need while these are read.
    next = start + batchSize < commits.length ? gather(git, commits, start + batchSize, options) : undefined;
    next?.catch(() => undefined); // told when it is their turn
    const diffs = diffCommits(
      git,
      facts.filter((_, i) => isRead[i]),
    );
    for (const [i, commit] of facts.entries()) {
      const diff = isRead[i] ? ((await diffs.next()).value as DiffFile[]) : [];
      const found = (named[i] as NamedDigest[]).map((entry) => ({
        ...entry,
        found: records.get(entry.digest) ?? ('missing' as const),
      }));
      yield await resolve(git, commit, { named: found, notes: notes.get(commit.commit) ?? [], diff }, options);
    }
  }
}

/** What is asked about many commits at once. */
interface Batch {
  readonly facts: readonly CommitFacts[];
  readonly named: readonly (readonly NamedDigest[])[];
  readonly records: ReadonlyMap<string, RecordLookup>;
  readonly notes: ReadonlyMap<string, readonly ForeignAttribution[]>;
  /** Whether the commit's own change is wanted. */
  readonly isRead: readonly boolean[];
}

async function gather(git: Git, commits: readonly string[], start: number, options: ResolveOptions): Promise<Batch> {
  const facts = await readCommits(git, commits.slice(start, start + batchSize));
  const named = facts.map((commit) => digestsOf(commit, options));
  const ids = facts.map(({ commit }) => commit);
  const [records, notes] = await Promise.all([
    readRecords(git, [...new Set(named.flatMap((list) => list.map(({ digest }) => digest)))]),
    foreignLines(git, ids),
  ]);
  const isRead = facts.map(
    ({ commit, reverted }, i) =>
      options.onlyNamed !== true || (named[i] ?? []).length > 0 || reverted.length > 0 || notes.has(commit),
  );
  return { facts, named, records, notes, isRead };
}

type NamedDigest = Omit<NamedRecord, 'found'>;

/** In the order in which they are believed: claims, notes, what else the message holds. */
function digestsOf(facts: CommitFacts, { besides }: ResolveOptions): NamedDigest[] {
  const entries: NamedDigest[] = [
    ...facts.claimed.map((digest) => ({ digest, source: 'trailer' as const })),
    ...facts.noted.map((digest) => ({ digest, source: 'note' as const })),
    ...facts.mentioned.map((digest) => ({ digest, source: 'message' as const })),
    ...(besides?.get(facts.commit) ?? []).map((digest) => ({ digest, source: 'note' as const })),
  ];
  const seen = new Set<string>();
  return entries.filter(({ digest }) => !seen.has(digest) && seen.add(digest));
}

interface Found {
  readonly named: readonly NamedRecord[];
  readonly notes: readonly ForeignAttribution[];
  readonly diff: readonly DiffFile[];
}

async function resolve(
  git: Git,
  facts: CommitFacts,
  { named, notes, diff }: Found,
  { depth = 0 }: ResolveOptions,
): Promise<ResolvedCommit> {
  const usable = inOrder(named);
  const known = alignRecords(diff, usable);
  const wholes = diff.map(({ path, added }) => recordedWhole(usable, path, added.length));
  const matched = diff.reduce(
    (sum, { added }, i) => sum + (wholes[i]?.counts ? added.length : (known[i]?.size ?? 0)),
    0,
  );
  if (facts.reverted.length > 0 && depth < maxDepth) {
    const deeper = { onlyNamed: true, depth: depth + 1 };
    await restoredLines(git, facts.reverted, facts.parents[0], diff, known, (commits) =>
      resolveCommits(git, commits, deeper),
    );
  }
  const files = diff.map((file, i) => ({ ...fileChange(file, known[i] ?? new Map()), ...wholes[i] }));
  const total = diff.reduce((sum, file) => sum + file.added.length, 0);
  // What a record has left out, for there was too much, is still known to be its own.
  const isWhole = matched === total || usable.some((record) => isRecordOf(record, files));
  const fit = fitOf(named, usable.length, isWhole ? total : matched, total);
  return {
    commit: facts.commit,
    facts,
    parents: facts.parents,
    files: usable.length > 0 ? files : withForeignLines(files, notes, facts.time),
    records: named,
    foreign: notes,
    fit,
  };
}

/** The records that are here. Of a note's, which may have been put together in any order, the youngest first. */
function inOrder(named: readonly NamedRecord[]): ProvenanceRecord[] {
  const here = named.flatMap(({ source, found }) => (typeof found === 'string' ? [] : [{ source, found }]));
  const of = (source: NamedRecord['source']): ProvenanceRecord[] =>
    here.filter((entry) => entry.source === source).map(({ found }) => found);
  const noted = of('note').sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
  return [...of('trailer'), ...noted, ...of('message')];
}

const unknownLine: Omit<KnownLine, 'hash'> = { class: 'unknown', countsAsAi: false };

/** A file of a change with what is known of its lines, the others unknown. */
export function fileChange(file: DiffFile, known: ReadonlyMap<number, KnownLine>): FileChange {
  const { path, oldPath, added, deleted, binary } = file;
  const lines = added.map(({ number, hash }): AddedLine => {
    // Field by field: a history has millions of lines, and spreading each takes longer than all else.
    const { class: lineClass, countsAsAi, author, isPart } = known.get(number) ?? unknownLine;
    const line = { number, hash, class: lineClass, countsAsAi };
    if (isPart) return { ...line, ...(author && { author }), isPart };
    return author ? { ...line, author } : line;
  });
  return {
    path,
    ...(oldPath !== undefined && { oldPath }),
    lines,
    deleted,
    ...(binary && { unattributed: 'binary' }),
  };
}

function fitOf(named: readonly NamedRecord[], usable: number, matched: number, total: number): Fit {
  if (named.length === 0) return { state: 'none' };
  if (usable === 0) return { state: 'missing', digests: named.map(({ digest }) => digest) };
  return matched === total ? { state: 'exact' } : { state: 'partial', matched, of: total };
}
