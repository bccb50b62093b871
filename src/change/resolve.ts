import { align } from '../core/align.ts';
import type { AddedLine, FileChange } from '../core/change.ts';
import { type ProvenanceRecord, type RecordFile, recordedLines } from '../core/record.ts';
import { type CommitFacts, readCommits } from '../git/commits.ts';
import type { DiffFile, DiffLine } from '../git/diff.ts';
import type { Git } from '../git/git.ts';
import { type RecordLookup, readRecords } from '../git/records.ts';
import { diffAgainst } from './pending.ts';

/** How well the records that a commit names fit its own lines (DESIGN 3.4). */
export type Fit =
  | { readonly state: 'exact' }
  | { readonly state: 'partial'; readonly matched: number; readonly of: number }
  /** Records are named, but not here (or their bytes are not what the digest says). */
  | { readonly state: 'missing'; readonly digests: readonly string[] }
  /** No record is named. */
  | { readonly state: 'none' };

/** What is known of a commit. */
export interface ResolvedCommit {
  readonly commit: string;
  /** What the commit itself says: tree, message, the digests that it names. */
  readonly facts: CommitFacts;
  readonly parents: readonly string[];
  readonly files: readonly FileChange[];
  /** The records the commit names, the ones its trailers claim first. */
  readonly records: readonly {
    readonly digest: string;
    readonly source: 'trailer' | 'message' | 'note';
    readonly found: RecordLookup;
  }[];
  readonly fit: Fit;
}

/** Reads commits: their own diff, aligned by line hash with the records that they name. */
export async function resolveCommits(git: Git, commits: readonly string[]): Promise<ResolvedCommit[]> {
  const facts = await readCommits(git, commits);
  const digests = facts.flatMap((commit) => [...commit.claimed, ...commit.noted, ...commit.mentioned]);
  const records = await readRecords(git, [...new Set(digests)]);
  const resolved: ResolvedCommit[] = [];
  for (const commit of facts) resolved.push(await resolve(git, commit, records));
  return resolved;
}

async function resolve(
  git: Git,
  facts: CommitFacts,
  records: ReadonlyMap<string, RecordLookup>,
): Promise<ResolvedCommit> {
  const { commit, parents } = facts;
  const look = (digests: readonly string[], source: 'trailer' | 'message' | 'note'): ResolvedCommit['records'] =>
    digests.map((digest) => ({ digest, source, found: records.get(digest) ?? 'missing' }));
  const named = [...look(facts.claimed, 'trailer'), ...look(facts.noted, 'note'), ...look(facts.mentioned, 'message')];
  const usable = named.flatMap(({ found }) => (typeof found === 'string' ? [] : [found]));
  const diff = named.length === 0 && commit === '' ? [] : await diffAgainst(git, parents, facts.tree);

  let matched = 0;
  const files = diff.map((file): FileChange => {
    const known = alignFile(file, usable);
    matched += known.size;
    const lines = file.added.map((line): AddedLine => ({ ...unknownLine, ...known.get(line.number), ...line }));
    const { path, oldPath, deleted } = file;
    return {
      path,
      ...(oldPath !== undefined && { oldPath }),
      lines,
      deleted,
      ...(file.binary && { unattributed: 'binary' }),
    };
  });
  const total = diff.reduce((sum, file) => sum + file.added.length, 0);
  return { commit, facts, parents, files, records: named, fit: fitOf(named, usable.length, matched, total) };
}

const unknownLine = { class: 'unknown', countsAsAi: false } as const;

function fitOf(named: ResolvedCommit['records'], usable: number, matched: number, total: number): Fit {
  if (named.length === 0) return { state: 'none' };
  if (usable === 0) return { state: 'missing', digests: named.map(({ digest }) => digest) };
  return matched === total ? { state: 'exact' } : { state: 'partial', matched, of: total };
}

/** Line number → what the records say of it. In sequence, so that equal lines are told apart; the first record that knows wins. */
function alignFile(file: DiffFile, records: readonly ProvenanceRecord[]): Map<number, Omit<AddedLine, 'number'>> {
  const known = new Map<number, Omit<AddedLine, 'number'>>();
  for (const record of records) {
    const open = file.added.filter((line) => !known.has(line.number));
    if (open.length === 0) break;
    const recorded = bestFile(file, open, record);
    if (!recorded) continue;
    const described = recordedLines(record, recorded);
    for (const match of alignHashes(open, recorded)) {
      for (let i = 0; i < match.length; i++) {
        known.set((open[match.a + i] as DiffLine).number, described[match.b + i] as Omit<AddedLine, 'number'>);
      }
    }
  }
  return known;
}

function alignHashes(lines: readonly DiffLine[], recorded: RecordFile): ReturnType<typeof align>['matches'] {
  return align(
    lines.map((line) => line.hash),
    recorded.lines,
  ).matches;
}

/** The record's file at the same path; else, for a tree that was moved as a whole, the one that shares most lines. */
function bestFile(file: DiffFile, lines: readonly DiffLine[], record: ProvenanceRecord): RecordFile | undefined {
  const samePath = record.files.find((recorded) => recorded.path === file.path);
  if (samePath) return samePath;
  const shared = record.files.map((recorded) => ({
    recorded,
    count: alignHashes(lines, recorded).reduce((sum, match) => sum + match.length, 0),
  }));
  return shared.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)[0]?.recorded;
}
