import type { Author } from './author.ts';
import { commonEnds } from './commonEnds.ts';
import { type Run, RunCursor, RunMap } from './runs.ts';
import { isBlank, type Lines, lineAt, linesOf, visibleLength } from './text.ts';

/** A text that has lost something, with its authors, and what is left of it. */
export interface Source {
  readonly text: string;
  readonly runs: RunMap;
  /** `''` where the file is gone. */
  readonly now: string;
}

/** Lines that move together at least (DESIGN 4), and the visible characters they hold: braces alone say nothing. */
const shortestBlock = 3;
const tellingLength = 20;

/** Lines that may have stood between two lines of a block before, and went another way or stayed. */
const maxSkipped = 50;

type IsNew = (author: Author) => boolean;

/** Whether a text has so many new lines in a row that they may be a block from elsewhere. */
export function hasNewBlock(text: string, runs: RunMap, isNew: IsNew): boolean {
  let length = 0;
  for (const run of runs) if (isNew(run.author)) length += run.length;
  if (length < tellingLength) return false;
  const lines = linesOf(text);
  return blockStarts(newLines(lines, runs, isNew), keysOf(lines)).next().done === false;
}

/** Whether so many lines in a row went from a text that they may turn up elsewhere. */
export function losesBlock(before: string, after: string): boolean {
  // What stays at both ends neither went nor makes up for what did.
  const { head, tail } = commonEnds(before, after);
  if (before.length - head - tail < tellingLength) return false;
  const keys = keysOf(linesOf(before.slice(head, before.length - tail)));
  const now = keysOf(linesOf(after.slice(head, after.length - tail)));
  return blockStarts(lostLines(keys, now), keys).next().done === false;
}

/**
 * Gives new blocks of three lines or more their authors back where one of the sources has lost the same lines, their
 * indentation aside. A copy, whose source still has the lines, is none: it belongs to whoever made it. Each lost line is
 * given back once; of several sources the first that has it gives.
 */
export function adoptMovedBlocks(text: string, runs: RunMap, isNew: IsNew, sources: readonly Source[]): RunMap {
  const lines = linesOf(text);
  const keys = keysOf(lines);
  const open = newLines(lines, runs, isNew);
  const result = runs.clone();
  for (const source of sources) {
    const from = linesOf(source.text);
    const fromKeys = keysOf(from);
    const lost = lostLines(fromKeys, keysOf(linesOf(source.now)));
    const starts = groupBy(blockStarts(lost, fromKeys), (line) => blockKey(fromKeys, line));
    if (starts.size === 0) continue;
    const authors = new RunCursor(source.runs);
    for (let line = 0; line < lines.count; line++) {
      const isStart = isBlock(open, keys, line);
      const start = isStart
        ? starts.get(blockKey(keys, line))?.find((candidate) => isBlock(lost, fromKeys, candidate))
        : undefined;
      if (start === undefined) continue;
      const give = (to: number, source: number): void => {
        const [offset, length] = [lines.starts[to] as number, lineAt(lines, to).length];
        result.replace(offset, length, lineRuns(from, source, authors, lineAt(lines, to)), true);
        open[to] = false;
        lost[source] = false;
      };
      const extend = (to: number, source: number, step: 1 | -1): number => {
        let next = source;
        for (let skipped = 0; open[to] && skipped <= maxSkipped; next += step) {
          if (!lost[next] || keys[to] !== fromKeys[next]) {
            skipped++;
            continue;
          }
          give(to, next);
          to += step;
          skipped = 0;
        }
        return to;
      };
      extend(line - 1, start - 1, -1);
      line = extend(line, start, 1) - 1;
    }
  }
  return result;
}

/** Each line without the white space around it. */
function keysOf(lines: Lines): string[] {
  return Array.from({ length: lines.count }, (_, i) => lineAt(lines, i).trim());
}

/** The lines whose visible characters are all new; a blank line is as its line break is. */
function newLines(lines: Lines, runs: RunMap, isNew: IsNew): boolean[] {
  const authors = new RunCursor(runs);
  return Array.from({ length: lines.count }, (_, line) => {
    const start = lines.starts[line] as number;
    const content = lineAt(lines, line);
    const indent = content.length - content.trimStart().length;
    const [from, to] = content.trim() === '' ? [0, content.length] : [indent, content.trimEnd().length];
    return authors.read(start + from, start + to).every(({ length, author }) => length === 0 || isNew(author));
  });
}

/** The lines of which there were more before than there are now; which of several equal ones went cannot be told. */
function lostLines(before: readonly string[], now: readonly string[]): boolean[] {
  const surplus = new Map<string, number>();
  for (const key of before) surplus.set(key, (surplus.get(key) ?? 0) + 1);
  for (const key of now) surplus.set(key, (surplus.get(key) ?? 0) - 1);
  return before.map((key) => key === '' || (surplus.get(key) as number) > 0);
}

function* blockStarts(marked: readonly boolean[], keys: readonly string[]): Generator<number> {
  for (let line = 0; line + shortestBlock <= keys.length; line++) if (isBlock(marked, keys, line)) yield line;
}

function isBlock(marked: readonly boolean[], keys: readonly string[], start: number): boolean {
  let length = 0;
  for (let line = start; line < start + shortestBlock; line++) {
    if (!marked[line]) return false;
    length += visibleLength(keys[line] as string);
  }
  return keys[start] !== '' && length >= tellingLength;
}

function blockKey(keys: readonly string[], start: number): string {
  return keys.slice(start, start + shortestBlock).join('\n');
}

function groupBy(lines: Iterable<number>, key: (line: number) => string): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const line of lines) {
    const group = groups.get(key(line));
    if (group) group.push(line);
    else groups.set(key(line), [line]);
  }
  return groups;
}

/** The runs of a line that has become `moved`: new indentation follows its first character, a new line end its last. */
function lineRuns(from: Lines, line: number, authors: RunCursor, moved: string): Run[] {
  const start = from.starts[line] as number;
  const old = lineAt(from, line);
  if (old === moved) return authors.read(start, start + old.length);
  const visible = old.trim();
  if (visible === '') return [{ length: moved.length, author: authors.authorAt(start) }];
  const first = start + old.indexOf(visible);
  const last = first + visible.length - 1;
  const before = moved.indexOf(visible);
  const result = new RunMap();
  if (before > 0) result.append(before, authors.authorAt(first));
  for (const run of authors.read(first, last + 1)) result.append(run.length, run.author);
  const after = moved.length - before - visible.length;
  const lineBreak = isBlank(old.charCodeAt(old.length - 1)) ? start + old.length - 1 : last;
  if (after > 0) result.append(after, authors.authorAt(lineBreak));
  return [...result];
}
