import type { Apart } from './apart.ts';
import { type Author, sameAuthor } from './author.ts';
import type { ClassifiedLine, LineClass, LineCounts } from './lineClass.ts';

/** One added or changed line of a change. */
export interface AddedLine extends ClassifiedLine {
  /** 1-based number in the file as it is after the change. */
  readonly number: number;
  /** Short hash of its text (`lineHash`). */
  readonly hash: string;
}

/** One file of a change: pending, staged, or of a commit. */
export interface FileChange {
  /** Relative to the top of the repository, with `/`. */
  readonly path: string;
  /** What it was renamed or copied from. */
  readonly oldPath?: string;
  /** In order of their numbers. */
  readonly lines: readonly AddedLine[];
  readonly deleted: number;
  /** Why the lines are counted but not attributed: not text to us, or too large. */
  readonly unattributed?: 'binary' | 'large';
  /** Why its lines are no part of the totals. */
  readonly apart?: Apart;
  /** What its lines come to, where a record kept no more than that: the lines themselves tell nothing then. */
  readonly counts?: Totals;
}

export interface Totals extends LineCounts {
  /** What git's numstat counts. */
  added: number;
  /** `ai` lines and those `mixed` lines of which half or more is AI. */
  countsAsAi: number;
  /** AI lines, as counted by `countsAsAi`, that a person had on screen or reviewed. */
  seen: number;
  reviewed: number;
}

/** Adjoining added lines of one class and author. */
export interface Span {
  /** First and last line, 1-based, inclusive. */
  readonly start: number;
  readonly end: number;
  readonly class: LineClass;
  readonly author?: Author;
}

/** The totals of a change, files aside that are listed apart. */
export function totalsOf(files: readonly FileChange[]): Totals {
  const totals = noTotals();
  for (const file of files) if (!file.apart) addTotals(totals, countsOf(file));
  return totals;
}

/** What the lines of one file come to, listed apart or not. */
export function countsOf(file: Pick<FileChange, 'lines' | 'counts'>): Totals {
  if (file.counts) return file.counts;
  const totals = noTotals();
  for (const line of file.lines) {
    totals.added++;
    totals[line.class]++;
    if (!line.countsAsAi) continue;
    totals.countsAsAi++;
    const review = line.author?.origin === 'ai' ? line.author.review : 'unseen';
    if (review !== 'unseen') totals.seen++;
    if (review === 'reviewed') totals.reviewed++;
  }
  return totals;
}

function noTotals(): Totals {
  return { added: 0, ai: 0, mixed: 0, human: 0, tool: 0, unknown: 0, base: 0, countsAsAi: 0, seen: 0, reviewed: 0 };
}

function addTotals(sum: Totals, more: Totals): void {
  for (const key of Object.keys(sum) as (keyof Totals)[]) sum[key] += more[key];
}

export function spansOf(lines: readonly AddedLine[]): Span[] {
  const spans: Span[] = [];
  for (const line of lines) {
    const last = spans.at(-1);
    const continues =
      last && last.end + 1 === line.number && last.class === line.class && isSame(last.author, line.author);
    if (continues) {
      spans[spans.length - 1] = { ...last, end: line.number };
    } else {
      const span = { start: line.number, end: line.number, class: line.class };
      spans.push(line.author ? { ...span, author: line.author } : span);
    }
  }
  return spans;
}

function isSame(a: Author | undefined, b: Author | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameAuthor(a, b));
}

/** Whether there is a line that nobody is known to have written: only then history is asked. */
export function hasUnknown(files: readonly FileChange[]): boolean {
  return files.some((file) => file.lines.some((line) => line.class === 'unknown'));
}
