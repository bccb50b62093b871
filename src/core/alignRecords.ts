import { align } from './align.ts';
import type { AddedLine } from './change.ts';
import { type ProvenanceRecord, type RecordFile, recordedLines } from './record.ts';

/** One file of a commit's own change: its added lines by number (1-based) and hash, in order. */
export interface HashedFile {
  readonly path: string;
  readonly added: readonly { readonly number: number; readonly hash: string }[];
}

/** What a record says of a line. */
export type KnownLine = Omit<AddedLine, 'number'>;

/**
 * Aligns the added lines of a change with records, by hash and in sequence, so that equal lines are told apart by their
 * neighbours (DESIGN 3.3). The first record that knows a line wins; one that lists it as `unknown` leaves it to the others.
 * Where commits were joined, a later record knows of a changed line only whose the change was: it is unknown where an
 * earlier one may have made the rest.
 *
 * @returns for each file the lines that some record lists, by number; `unknown` where none that lists it knows it
 */
export function alignRecords(
  files: readonly HashedFile[],
  records: readonly ProvenanceRecord[],
): Map<number, KnownLine>[] {
  const known = files.map(() => new Map<number, KnownLine>());
  for (const record of records) {
    const open = files.map(({ path, added }, i) => ({ path, added: added.filter((line) => isOpen(known[i], line)) }));
    const pairs = pairFiles(open, record);
    for (const [i, file] of open.entries()) {
      const recorded = pairs[i];
      if (recorded) alignFile(file, record, recorded, known[i] as Map<number, KnownLine>);
    }
  }
  return known;
}

/** Whether a record may still say something of the line: nothing is known, or only whose a part of it is. */
function isOpen(known: ReadonlyMap<number, KnownLine> | undefined, { number }: { readonly number: number }): boolean {
  const line = known?.get(number);
  return line === undefined || line.class === 'unknown' || isPartial(line);
}

/** Moved and indented anew, or changed in part: the rest is older. */
export function isPartial(line: KnownLine): boolean {
  return line.class === 'base' || line.isPart === true;
}

function alignFile(
  file: HashedFile,
  record: ProvenanceRecord,
  recorded: RecordFile,
  known: Map<number, KnownLine>,
): void {
  const described = recordedLines(record, recorded);
  const { added } = file;
  let [a, b] = [0, 0];
  for (const match of [...matchesOf(file, recorded), { a: added.length, b: described.length, length: 0 }]) {
    // Between two matches this record has lines that went, and a later one lines of which it knows a part: the rest may be from there.
    if (match.b > b) for (const { number } of added.slice(a, match.a)) forgetPart(known, number);
    for (let i = 0; i < match.length; i++) {
      const { number } = added[match.a + i] as HashedFile['added'][number];
      const [line, recordedLine] = [known.get(number), described[match.b + i] as KnownLine];
      const isBetter = line && isPartial(line) && !isPartial(recordedLine) && recordedLine.class !== 'unknown';
      if (!line || line.class === 'unknown' || isBetter) known.set(number, recordedLine);
    }
    [a, b] = [match.a + match.length, match.b + match.length];
  }
}

function forgetPart(known: Map<number, KnownLine>, number: number): void {
  const line = known.get(number);
  if (line && isPartial(line)) known.set(number, { hash: line.hash, class: 'unknown', countsAsAi: false });
}

function matchesOf({ added }: HashedFile, { lines }: RecordFile): ReturnType<typeof align>['matches'] {
  const isSame = added.length === lines.length && added.every(({ hash }, i) => hash === lines[i]);
  if (isSame) return lines.length > 0 ? [{ a: 0, b: 0, length: lines.length }] : [];
  const hashes = added.map(({ hash }) => hash);
  return align(hashes, lines).matches;
}

/**
 * The record's file for each file: the one at the same path; else, for files that were renamed or moved as a whole tree,
 * the one that shares most lines and that no other file has.
 */
function pairFiles(files: readonly HashedFile[], record: ProvenanceRecord): (RecordFile | undefined)[] {
  const byPath = new Map(record.files.map((recorded) => [recorded.path, recorded]));
  const pairs = files.map(({ path }) => byPath.get(path));
  const taken = new Set(pairs);
  const homeless = files.flatMap((file, i) => (pairs[i] || file.added.length === 0 ? [] : [i]));
  const free = record.files.filter((recorded) => !taken.has(recorded));
  if (homeless.length === 0 || free.length === 0) return pairs;

  const holders = new Map<string, Set<number>>();
  for (const [at, { lines }] of free.entries()) {
    for (const hash of lines) holders.set(hash, (holders.get(hash) ?? new Set()).add(at));
  }
  const candidates = homeless.flatMap((i) => {
    const shared = new Map<number, number>();
    for (const { hash } of (files[i] as HashedFile).added) {
      for (const at of holders.get(hash) ?? []) shared.set(at, (shared.get(at) ?? 0) + 1);
    }
    return [...shared].map(([at, count]) => ({ i, at, count }));
  });
  const used = new Set<number>();
  for (const { i, at } of candidates.sort((a, b) => b.count - a.count)) {
    if (pairs[i] || used.has(at)) continue;
    pairs[i] = free[at];
    used.add(at);
  }
  return pairs;
}
