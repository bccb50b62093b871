import { align, type Match } from './align.ts';
import type { Author } from './author.ts';
import { RunCursor, RunMap } from './runs.ts';
import { isBlank, type Lines, linesOf, visibleLength } from './text.ts';

/** How finely the texts could be compared within the cost limit. */
export type Precision = 'token' | 'line';

export interface Carried {
  readonly runs: RunMap;
  readonly precision: Precision;
}

/** Lines that move together at least, for the move to be seen as one. */
const movedLines = 3;
/** Length of a line, without the white space around it, from which on it is told apart from all others: `}` and `return;` are not. */
const telling = 10;
/** Size of one changed hunk, old and new together in UTF-16 code units, beyond which only its ends are compared. */
const maxHunkLength = 400_000;
/** Share of a line's visible characters that must be kept for the line to count as changed and not as rewritten. */
const keptShare = 0.5;

/**
 * Takes the authors of a text over to its next version (DESIGN 4): what did not change keeps its author, what was put in
 * is `author`'s, a cut marks where `author` took something out of a line that stays. Lines first, moved blocks of
 * three lines or more, then tokens within each changed hunk; white space follows its neighbours and a change of line
 * ends is none. `newText` is what `author` left behind.
 */
export function carry(oldText: string, oldRuns: RunMap, newText: string, author: Author): Carried {
  if (oldText === newText) return { runs: oldRuns.clone(), precision: 'token' };
  if (oldText.length === 0) return { runs: RunMap.of(newText.length, author), precision: 'token' };
  const before = linesOf(oldText);
  const after = linesOf(newText);
  const lines = align(keys(before, bare), keys(after, bare));
  const hunks = gaps(lines.matches, before.count, after.count);
  const moved = findMoves(before, after, hunks);
  const movedAway = new Set(moved.values());
  const output = new Output(oldText, oldRuns, newText, author);

  let precision: Precision = lines.incomplete ? 'line' : 'token';
  let next = 0;
  for (const hunk of hunks) {
    output.keepLines(before, after, { a: hunk.a - (hunk.b - next), b: next, length: hunk.b - next });
    if (!carryHunk(before, after, hunk, moved, movedAway, output)) precision = 'line';
    next = hunk.b + hunk.bCount;
  }
  output.keepLines(before, after, { a: before.count - (after.count - next), b: next, length: after.count - next });
  return { runs: output.runs, precision };
}

/** Changed lines: `aCount` old ones from line `a` became `bCount` new ones from line `b` (0-based). */
interface Hunk {
  readonly a: number;
  readonly aCount: number;
  readonly b: number;
  readonly bCount: number;
}

const bare = (line: string): string => (line.endsWith('\r\n') ? `${line.slice(0, -2)}\n` : line);

function keys(lines: Lines, key: (line: string) => string): string[] {
  return Array.from({ length: lines.count }, (_, i) => key(lines.text.slice(lines.starts[i], lines.starts[i + 1])));
}

function gaps(matches: readonly Match[], aCount: number, bCount: number): Hunk[] {
  const hunks: Hunk[] = [];
  let [a, b] = [0, 0];
  for (const match of [...matches, { a: aCount, b: bCount, length: 0 }]) {
    if (match.a > a || match.b > b) hunks.push({ a, aCount: match.a - a, b, bCount: match.b - b });
    a = match.a + match.length;
    b = match.b + match.length;
  }
  return hunks;
}

/**
 * New line → old line (0-based), for blocks that left one hunk and came back in another or elsewhere in the same one,
 * their indentation aside. Where a block stands more than once among the lines taken out, the first one not used yet
 * is it.
 */
function findMoves(before: Lines, after: Lines, hunks: readonly Hunk[]): Map<number, number> {
  const removed = hunks.flatMap(({ a, aCount }) => range(a, aCount));
  const added = hunks.flatMap(({ b, bCount }) => range(b, bCount));
  const moved = new Map<number, number>();
  if (removed.length === 0 || added.length === 0) return moved;
  const key = (lines: Lines, line: number): string =>
    lines.text.slice(lines.starts[line], lines.starts[line + 1]).trim();
  const oldKeys = new Map(removed.map((line) => [line, key(before, line)]));
  const newKeys = new Map(added.map((line) => [line, key(after, line)]));

  const starts = new Map<string, number[]>();
  for (const line of removed) {
    const block = blockKey(oldKeys, line);
    if (block === undefined) continue;
    const places = starts.get(block);
    if (places) places.push(line);
    else starts.set(block, [line]);
  }
  const used = new Set<number>();
  for (const line of added) {
    if (moved.has(line)) continue;
    const block = blockKey(newKeys, line);
    const from = block === undefined ? undefined : starts.get(block)?.find((start) => isFree(start, used));
    if (from === undefined) continue;
    for (let i = 0; ; i++) {
      const text = newKeys.get(line + i);
      if (text === undefined || oldKeys.get(from + i) !== text || used.has(from + i)) break;
      moved.set(line + i, from + i);
      used.add(from + i);
    }
  }
  // A long block that jumps over two lines looks like two lines that jumped over it: single lines move, too, where it is
  // plain which one is which.
  const left = uniqueLines(
    removed.filter((line) => !used.has(line)).map((line) => [oldKeys.get(line) as string, line]),
  );
  const open = uniqueLines(added.filter((line) => !moved.has(line)).map((line) => [newKeys.get(line) as string, line]));
  for (const [text, line] of open) {
    const from = left.get(text);
    if (from !== undefined && text.length >= telling && /[\p{L}\p{N}]/u.test(text)) moved.set(line, from);
  }
  return moved;
}

/** The lines whose text stands only once among them. */
function uniqueLines(lines: readonly (readonly [text: string, line: number])[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [text] of lines) counts.set(text, (counts.get(text) ?? 0) + 1);
  return new Map(lines.filter(([text]) => counts.get(text) === 1));
}

/** The text of a block's first lines; none where the block is too short or says nothing (braces, blank lines). */
function blockKey(lines: ReadonlyMap<number, string>, start: number): string | undefined {
  const block = range(start, movedLines).map((line) => lines.get(line));
  if (block.some((line) => line === undefined)) return undefined;
  const key = block.join('\n');
  return /[\p{L}\p{N}].*\n?.*[\p{L}\p{N}]/su.test(key) ? key : undefined;
}

function isFree(start: number, used: ReadonlySet<number>): boolean {
  return range(start, movedLines).every((line) => !used.has(line));
}

function range(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start + i);
}

/** Writes one hunk; false where it was too large to be compared by token. */
function carryHunk(
  before: Lines,
  after: Lines,
  hunk: Hunk,
  moved: ReadonlyMap<number, number>,
  movedAway: ReadonlySet<number>,
  output: Output,
): boolean {
  const end = hunk.b + hunk.bCount;
  const oldSize = (before.starts[hunk.a + hunk.aCount] as number) - (before.starts[hunk.a] as number);
  const newSize = (after.starts[end] as number) - (after.starts[hunk.b] as number);
  if (oldSize > 0 && oldSize + newSize > maxHunkLength) {
    output.keepEnds(before.starts[hunk.a] as number, oldSize, after.starts[hunk.b] as number, newSize);
    return false;
  }
  let old = tokensOf(
    before,
    range(hunk.a, hunk.aCount).filter((line) => !movedAway.has(line)),
  );
  for (let line = hunk.b; line < end; ) {
    const source = moved.get(line);
    if (source !== undefined) {
      output.writeTokens(matchTokens(tokensOf(before, [source]), tokensOf(after, [line])));
      line++;
      continue;
    }
    const stretch: number[] = [];
    while (line < end && !moved.has(line)) stretch.push(line++);
    const matching = matchTokens(old, tokensOf(after, stretch));
    output.writeTokens(matching);
    // What one stretch kept is behind the next one.
    old = old.slice(1 + Math.max(-1, ...matching.survivors));
  }
  return true;
}

/** A word, a stretch of white space within a line, a line break, or any other single character. */
interface Token {
  readonly text: string;
  /** UTF-16 offset in its text. */
  readonly start: number;
  readonly line: number;
  readonly blank: boolean;
}

const tokenPattern = /[\p{L}\p{N}\p{M}_$]+|\r?\n|[^\S\n]+|./gsu;

function tokensOf(lines: Lines, numbers: readonly number[]): Token[] {
  const tokens: Token[] = [];
  for (const line of numbers) {
    const start = lines.starts[line] as number;
    for (const match of lines.text.slice(start, lines.starts[line + 1]).matchAll(tokenPattern)) {
      const text = match[0];
      tokens.push({ text, start: start + match.index, line, blank: isBlank(text.charCodeAt(0)) });
    }
  }
  return tokens;
}

interface TokenMatching {
  readonly old: readonly Token[];
  readonly tokens: readonly Token[];
  /** Index of a new token → index of the old token that it is; both grow. */
  readonly sources: ReadonlyMap<number, number>;
  /** The old tokens that are still there. */
  readonly survivors: ReadonlySet<number>;
}

/**
 * Aligns the visible tokens (white space never anchors anything) and forgets what stayed by chance only: a pair of lines
 * that share less than half of the shorter one, or no word at all, was rewritten.
 */
function matchTokens(old: readonly Token[], tokens: readonly Token[]): TokenMatching {
  const oldVisible = visible(old);
  const newVisible = visible(tokens);
  const { matches } = align(
    oldVisible.map((i) => (old[i] as Token).text),
    newVisible.map((i) => (tokens[i] as Token).text),
  );
  const pairs = matches.flatMap(({ a, b, length }) =>
    range(0, length).map((i) => ({ old: oldVisible[a + i] as number, new: newVisible[b + i] as number })),
  );
  const shared = new Map<string, { length: number; hasWord: boolean }>();
  const linePair = (pair: { old: number; new: number }): string =>
    `${(old[pair.old] as Token).line}:${(tokens[pair.new] as Token).line}`;
  for (const pair of pairs) {
    const { text } = tokens[pair.new] as Token;
    const sum = shared.get(linePair(pair)) ?? { length: 0, hasWord: false };
    sum.length += text.length;
    sum.hasWord ||= /[\p{L}\p{N}]/u.test(text);
    shared.set(linePair(pair), sum);
  }
  const oldLengths = visibleLengths(old);
  const newLengths = visibleLengths(tokens);
  const kept = pairs.filter((pair) => {
    const { length, hasWord } = shared.get(linePair(pair)) as { length: number; hasWord: boolean };
    const shorter = Math.min(
      oldLengths.get((old[pair.old] as Token).line) as number,
      newLengths.get((tokens[pair.new] as Token).line) as number,
    );
    return (hasWord || length === shorter) && length >= keptShare * shorter;
  });
  const sources = new Map(kept.map((pair) => [pair.new, pair.old]));
  return { old, tokens, sources, survivors: new Set(sources.values()) };
}

function visible(tokens: readonly Token[]): number[] {
  return tokens.flatMap((token, i) => (token.blank ? [] : [i]));
}

function visibleLengths(tokens: readonly Token[]): Map<number, number> {
  const lengths = new Map<number, number>();
  for (const { line, text, blank } of tokens) if (!blank) lengths.set(line, (lengths.get(line) ?? 0) + text.length);
  return lengths;
}

/** The new text's runs as they are written, front to back. */
class Output {
  readonly runs = new RunMap();
  readonly #oldText: string;
  readonly #oldRuns: RunCursor;
  readonly #newText: string;
  readonly #author: Author;

  constructor(oldText: string, oldRuns: RunMap, newText: string, author: Author) {
    this.#oldText = oldText;
    this.#oldRuns = new RunCursor(oldRuns);
    this.#newText = newText;
    this.#author = author;
  }

  /** Lines that are the same but, perhaps, for their line ends. */
  keepLines(before: Lines, after: Lines, match: Match): void {
    const [aStart, aEnd] = [before.starts[match.a] as number, before.starts[match.a + match.length] as number];
    const [bStart, bEnd] = [after.starts[match.b] as number, after.starts[match.b + match.length] as number];
    // Old and new line ends can only differ where one side has a CR more.
    if (aEnd - aStart === bEnd - bStart && this.#oldText.startsWith(this.#newText.slice(bStart, bEnd), aStart)) {
      this.#copy(aStart, aEnd);
      return;
    }
    for (let i = 0; i < match.length; i++) {
      const [a0, a1] = [before.starts[match.a + i] as number, before.starts[match.a + i + 1] as number];
      const [b0, b1] = [after.starts[match.b + i] as number, after.starts[match.b + i + 1] as number];
      const content = contentLength(this.#newText, b0, b1);
      this.#copy(a0, a0 + content);
      const lineBreak = b1 - b0 - content;
      if (lineBreak > 0) this.runs.append(lineBreak, this.#oldRuns.authorAt(a1 - 1));
    }
  }

  /** A stretch too large to look into: its common ends stay, what is between them is the author's. */
  keepEnds(oldStart: number, oldSize: number, newStart: number, newSize: number): void {
    const [old, fresh] = [this.#oldText, this.#newText];
    const shorter = Math.min(oldSize, newSize);
    let prefix = 0;
    while (prefix < shorter && old.charCodeAt(oldStart + prefix) === fresh.charCodeAt(newStart + prefix)) prefix++;
    let suffix = 0;
    const [oldEnd, newEnd] = [oldStart + oldSize, newStart + newSize];
    while (suffix < shorter - prefix && old.charCodeAt(oldEnd - suffix - 1) === fresh.charCodeAt(newEnd - suffix - 1)) {
      suffix++;
    }
    this.#copy(oldStart, oldStart + prefix);
    if (newSize > prefix + suffix) this.runs.append(newSize - prefix - suffix, this.#author);
    this.#copy(oldEnd - suffix, oldEnd);
  }

  writeTokens(matching: TokenMatching): void {
    const { old, tokens, sources } = matching;
    for (const [i, token] of tokens.entries()) {
      const source = sources.get(i);
      if (source !== undefined) {
        const from = old[source] as Token;
        // Where something new stands in the place, it shows the author itself.
        if (isGone(matching, source, -1) && !isFresh(matching, i, -1)) this.runs.append(0, this.#author);
        this.#copy(from.start, from.start + from.text.length);
        const tail = isGone(matching, source, 1) && !isFresh(matching, i, 1);
        if (tail && isLastSurvivor(matching, source)) this.runs.append(0, this.#author);
      } else if (token.blank) {
        this.#writeBlank(matching, i);
      } else {
        this.runs.append(token.text.length, this.#author);
      }
    }
  }

  /**
   * White space goes with the token behind it at the start of a line, else with the one before; a line break stays
   * where the line's end stayed. What is new on both sides is the author's.
   */
  #writeBlank(matching: TokenMatching, i: number): void {
    const { old, tokens, sources } = matching;
    const token = tokens[i] as Token;
    const isBreak = token.text.endsWith('\n');
    const step = !isBreak && tokens[i - 1]?.line !== token.line ? 1 : -1;
    const neighbour = sources.get(i + step);
    if (neighbour === undefined) {
      this.runs.append(token.text.length, this.#author);
      return;
    }
    const kept = old[neighbour] as Token;
    const space = isBreak ? lineBreakBehind(matching, neighbour) : old[neighbour - step];
    if (space?.blank && space.line === kept.line && space.text.endsWith('\n') === isBreak) {
      this.runs.append(token.text.length, this.#oldRuns.authorAt(space.start));
    } else {
      this.runs.append(token.text.length, isBreak ? this.#author : this.#oldRuns.authorAt(kept.start));
    }
  }

  #copy(start: number, end: number): void {
    for (const run of this.#oldRuns.read(start, end)) this.runs.append(run.length, run.author);
  }
}

function contentLength(text: string, start: number, end: number): number {
  let last = end;
  if (last > start && text[last - 1] === '\n') last--;
  if (last > start && text[last - 1] === '\r' && last < end) last--;
  return last - start;
}

/** The next visible token of the same line in the direction `step`, if any. */
function neighbourInLine(tokens: readonly Token[], index: number, step: 1 | -1): number | undefined {
  const { line } = tokens[index] as Token;
  for (let i = index + step; tokens[i]?.line === line; i += step) if (!(tokens[i] as Token).blank) return i;
  return undefined;
}

/** Whether the old token's neighbour in its line is gone. */
function isGone({ old, survivors }: TokenMatching, index: number, step: 1 | -1): boolean {
  const neighbour = neighbourInLine(old, index, step);
  return neighbour !== undefined && !survivors.has(neighbour);
}

/** Whether the new token's neighbour in its line is the author's. */
function isFresh({ tokens, sources }: TokenMatching, index: number, step: 1 | -1): boolean {
  const neighbour = neighbourInLine(tokens, index, step);
  return neighbour !== undefined && !sources.has(neighbour);
}

/** The line break of the old line, where the token is the last of that line to survive. */
function lineBreakBehind(matching: TokenMatching, index: number): Token | undefined {
  if (!isLastSurvivor(matching, index)) return undefined;
  const { old } = matching;
  const { line } = old[index] as Token;
  let last = index;
  while (old[last + 1]?.line === line) last++;
  return old[last]?.text.endsWith('\n') ? old[last] : undefined;
}

function isLastSurvivor({ old, survivors }: TokenMatching, index: number): boolean {
  const { line } = old[index] as Token;
  for (let i = index + 1; old[i]?.line === line; i++) if (survivors.has(i)) return false;
  return true;
}

/** Whether taking `start` to `end` out of `text` leaves something visible of a line that the range stands in. */
export function leavesPartOfLine(text: string, start: number, end: number): boolean {
  if (visibleLength(text.slice(start, end)) === 0) return false;
  for (let i = start - 1; i >= 0 && text[i] !== '\n'; i--) if (!isBlank(text.charCodeAt(i))) return true;
  for (let i = end; i < text.length && text[i] !== '\n'; i++) if (!isBlank(text.charCodeAt(i))) return true;
  return false;
}
