import { Aligner, Cost, type Match } from './align.ts';
import type { Author } from './author.ts';
import { RunCursor, RunMap } from './runs.ts';
import { SymbolTable } from './symbols.ts';
import { isBlank, type Lines, linesOf, visibleLength } from './text.ts';
import { type Tokens, tokenKinds, tokensOf } from './tokens.ts';

/** How finely the texts could be compared within the cost limit: `line` where some lines, or their words, were not looked at. */
export type Precision = 'token' | 'line';

export interface Carried {
  readonly runs: RunMap;
  readonly precision: Precision;
}

/** Lines that move together at least, for the move to be seen as one. */
const movedLines = 3;
/** Length of a line, without the white space around it, from which on it is told apart from all others: `}` and `return;` are not. */
const telling = 10;
/** Share of a line's visible characters that must be kept for the line to count as changed and not as rewritten. */
const keptShare = 0.5;

/**
 * Takes the authors of a text over to its next version (DESIGN 4): what did not change keeps its author, what was put in
 * is `author`'s, a cut marks where `author` took something out of a line that stays. Lines first, moved blocks of
 * three lines or more, then tokens within each changed hunk; white space follows its neighbours and a change of line
 * ends is none. `newText` is what `author` left behind; beyond the limit of `cost` more is the author's than need be.
 */
export function carry(
  oldText: string,
  oldRuns: RunMap,
  newText: string,
  author: Author,
  cost: Cost = new Cost(),
): Carried {
  if (oldText === newText) return { runs: oldRuns.clone(), precision: 'token' };
  if (oldText.length === 0) return { runs: RunMap.of(newText.length, author), precision: 'token' };
  const texts = { before: linesOf(oldText), after: linesOf(newText) };
  const comparison: Comparison = { ...texts, symbols: new SymbolTable(), aligner: new Aligner(cost), cost };
  const lines = alignLines(comparison);
  const hunks = gaps(lines.matches, texts.before.count, texts.after.count);
  const moves = findMoves(comparison, hunks);
  const output = new Output(oldText, oldRuns, newText, author);

  let complete = !lines.incomplete;
  let next = 0;
  for (const hunk of hunks) {
    output.keepLines(texts.before, texts.after, { a: hunk.a - (hunk.b - next), b: next, length: hunk.b - next });
    complete = carryHunk(comparison, hunk, moves, output) && complete;
    next = hunk.b + hunk.bCount;
  }
  const left = texts.after.count - next;
  output.keepLines(texts.before, texts.after, { a: texts.before.count - left, b: next, length: left });
  return { runs: output.end(), precision: complete ? 'token' : 'line' };
}

/** Two texts, and what all steps of comparing them share. */
interface Comparison {
  readonly before: Lines;
  readonly after: Lines;
  readonly symbols: SymbolTable;
  readonly aligner: Aligner;
  readonly cost: Cost;
}

/** Changed lines: `aCount` old ones from line `a` became `bCount` new ones from line `b` (0-based). */
interface Hunk {
  readonly a: number;
  readonly aCount: number;
  readonly b: number;
  readonly bCount: number;
}

function alignLines({ before, after, symbols, aligner }: Comparison): ReturnType<Aligner['align']> {
  const [a, b] = [lineSymbols(before, symbols), lineSymbols(after, symbols)];
  return aligner.align(a, b, 2 * symbols.size);
}

/** Whether a line ends with a break matters, with which one does not. */
function lineSymbols({ text, starts, count }: Lines, symbols: SymbolTable): Int32Array {
  const result = new Int32Array(count);
  for (let line = 0; line < count; line++) {
    const [start, end] = [starts[line] as number, starts[line + 1] as number];
    const content = contentLength(text, start, end);
    result[line] = 2 * symbols.intern(text, start, start + content) + (content === end - start ? 1 : 0);
  }
  return result;
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

/** Where lines came from that left one hunk and came back in another, or elsewhere in the same one (0-based). */
class Moves {
  readonly #sources: Int32Array;
  readonly #used: Uint8Array;

  constructor(oldCount: number, newCount: number) {
    this.#sources = new Int32Array(newCount).fill(-1);
    this.#used = new Uint8Array(oldCount);
  }

  add(newLine: number, oldLine: number): void {
    this.#sources[newLine] = oldLine;
    this.#used[oldLine] = 1;
  }

  /** The old line, or -1. */
  sourceOf(newLine: number): number {
    return this.#sources[newLine] as number;
  }

  hasLeft(oldLine: number): boolean {
    return this.#used[oldLine] === 1;
  }
}

/**
 * Finds blocks that moved, their indentation aside. Where a block stands more than once among the lines taken out, the
 * first one not used yet is it.
 */
function findMoves({ before, after, symbols }: Comparison, hunks: readonly Hunk[]): Moves {
  const moves = new Moves(before.count, after.count);
  const removed = hunks.flatMap(({ a, aCount }) => range(a, aCount));
  const added = hunks.flatMap(({ b, bCount }) => range(b, bCount));
  if (removed.length === 0 || added.length === 0) return moves;
  const oldKeys = trimmedSymbols(before, removed, symbols);
  const newKeys = trimmedSymbols(after, added, symbols);
  const [oldCounts, newCounts] = [counts(oldKeys, removed, symbols.size), counts(newKeys, added, symbols.size)];
  // A line that stands on one side only has moved nowhere.
  const mayMove = (key: number): boolean => key >= 0 && oldCounts[key] !== 0 && newCounts[key] !== 0;

  const blocks = new Map<string, { readonly starts: number[]; next: number }>();
  for (const line of removed) {
    const key = blockKey(before, oldKeys, line, mayMove);
    if (key === undefined) continue;
    const block = blocks.get(key);
    if (block) block.starts.push(line);
    else blocks.set(key, { starts: [line], next: 0 });
  }
  const isFree = (start: number): boolean =>
    !moves.hasLeft(start) && !moves.hasLeft(start + 1) && !moves.hasLeft(start + 2);
  for (const line of added) {
    if (moves.sourceOf(line) >= 0) continue;
    const key = blockKey(after, newKeys, line, mayMove);
    const block = key === undefined ? undefined : blocks.get(key);
    if (!block) continue;
    while (block.next < block.starts.length && !isFree(block.starts[block.next] as number)) block.next++;
    const from = block.starts[block.next];
    if (from === undefined) continue;
    for (let i = 0; ; i++) {
      const text = newKeys[line + i] ?? -1;
      if (text < 0 || oldKeys[from + i] !== text || moves.hasLeft(from + i)) break;
      moves.add(line + i, from + i);
    }
  }
  moveSingleLines(before, oldKeys, newKeys, removed, added, moves, symbols.size);
  return moves;
}

/**
 * A long block that jumps over two lines looks like two lines that jumped over it: single lines move, too, where it is
 * plain which one is which.
 */
function moveSingleLines(
  before: Lines,
  oldKeys: Int32Array,
  newKeys: Int32Array,
  removed: readonly number[],
  added: readonly number[],
  moves: Moves,
  symbolCount: number,
): void {
  const left = removed.filter((line) => !moves.hasLeft(line));
  const open = added.filter((line) => moves.sourceOf(line) < 0);
  const [leftCounts, openCounts] = [counts(oldKeys, left, symbolCount), counts(newKeys, open, symbolCount)];
  const places = new Map<number, number>();
  for (const line of left) {
    const key = oldKeys[line] as number;
    if (leftCounts[key] === 1 && openCounts[key] === 1) places.set(key, line);
  }
  for (const line of open) {
    const from = places.get(newKeys[line] as number);
    if (from !== undefined && tells(before, from)) moves.add(line, from);
  }
}

function tells(lines: Lines, line: number): boolean {
  const text = lines.text.slice(lines.starts[line], lines.starts[line + 1]).trim();
  return text.length >= telling && /[\p{L}\p{N}]/u.test(text);
}

/** Of each of the lines the symbol of its text without the white space around it; -1 for all others. */
function trimmedSymbols({ text, starts, count }: Lines, lines: readonly number[], symbols: SymbolTable): Int32Array {
  const result = new Int32Array(count).fill(-1);
  for (const line of lines) {
    let [start, end] = [starts[line] as number, starts[line + 1] as number];
    while (start < end && isBlank(text.charCodeAt(start))) start++;
    while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
    result[line] = symbols.intern(text, start, end);
  }
  return result;
}

function counts(keys: Int32Array, lines: readonly number[], symbolCount: number): Int32Array {
  const result = new Int32Array(symbolCount);
  for (const line of lines) (result[keys[line] as number] as number)++;
  return result;
}

/** Stands for a block's first lines; none where the block is too short or says nothing (braces, blank lines). */
function blockKey(
  lines: Lines,
  keys: Int32Array,
  start: number,
  mayMove: (key: number) => boolean,
): string | undefined {
  const block = keys.subarray(start, start + movedLines);
  if (block.length < movedLines || !block.every(mayMove)) return undefined;
  const text = lines.text.slice(lines.starts[start], lines.starts[start + movedLines]);
  return /[\p{L}\p{N}].*?[\p{L}\p{N}]/su.test(text) ? block.join() : undefined;
}

function range(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start + i);
}

/** Writes one hunk; false where it could not be compared within the cost limit. */
function carryHunk(comparison: Comparison, hunk: Hunk, moves: Moves, output: Output): boolean {
  const { before, after, symbols, cost } = comparison;
  const end = hunk.b + hunk.bCount;
  const old = tokensOf(before, hunk.a, hunk.aCount, symbols, (line) => moves.hasLeft(line));
  let from = 0;
  let complete = true;
  for (let line = hunk.b; line < end; ) {
    const source = moves.sourceOf(line);
    const first = line++;
    if (source < 0) while (line < end && moves.sourceOf(line) < 0) line++;
    const tokens = tokensOf(after, first, line - first, symbols);
    const moved = source < 0 ? undefined : tokensOf(before, source, 1, symbols);
    const matching = matchTokens(comparison, moved ?? old, moved ? 0 : from, tokens);
    complete &&= matching.complete;
    output.writeTokens(matching);
    // What one stretch kept is behind the next one.
    if (!moved) from = matching.end;
    cost.add(moved ? tokens.count : tokens.count + old.count - from);
  }
  return complete;
}

interface TokenMatching {
  readonly old: Tokens;
  readonly tokens: Tokens;
  /** Of each new token the index of the old token that it is, or -1; they grow. */
  readonly sources: Int32Array;
  /** 1 for the old tokens that are still there. */
  readonly survivors: Uint8Array;
  /** Index of the first old token behind all that survive. */
  readonly end: number;
  /** False where the cost limit was met. */
  readonly complete: boolean;
}

/**
 * Aligns the visible tokens (white space never anchors anything), the old ones from `from` on, and forgets what stayed by
 * chance only: a pair of lines that share less than half of the shorter one, or no word at all, was rewritten.
 */
function matchTokens({ symbols, aligner, cost }: Comparison, old: Tokens, from: number, tokens: Tokens): TokenMatching {
  const sources = new Int32Array(tokens.count).fill(-1);
  const survivors = new Uint8Array(old.count);
  if (cost.exceeded) return { old, tokens, sources, survivors, end: from, complete: false };
  const [oldVisible, newVisible] = [visible(old, from), visible(tokens, 0)];
  const symbolOf = (column: Tokens) => (i: number) => column.symbols[i] as number;
  const { matches, incomplete } = aligner.align(
    oldVisible.map(symbolOf(old)),
    newVisible.map(symbolOf(tokens)),
    symbols.size,
  );
  const [oldLengths, newLengths] = [visibleLengths(old, oldVisible), visibleLengths(tokens, newVisible)];
  const firstOldLine = old.lines[0] as number;
  const firstNewLine = tokens.lines[0] as number;
  let end = from;
  let pair = { oldLine: -1, newLine: -1, length: 0, hasWord: false };
  let kept: { old: number; token: number }[] = [];
  // Lines grow on both sides, so that a pair's tokens come one after the other.
  const closePair = (): void => {
    if (kept.length === 0) return;
    const { length, hasWord } = pair;
    const shorter = Math.min(
      oldLengths[pair.oldLine - firstOldLine] as number,
      newLengths[pair.newLine - firstNewLine] as number,
    );
    if ((!hasWord && length !== shorter) || length < keptShare * shorter) return;
    for (const { old, token } of kept) {
      sources[token] = old;
      survivors[old] = 1;
      end = old + 1;
    }
  };
  for (const { a, b, length } of matches) {
    for (let i = 0; i < length; i++) {
      const [oldToken, token] = [oldVisible[a + i] as number, newVisible[b + i] as number];
      const [oldLine, newLine] = [old.lines[oldToken] as number, tokens.lines[token] as number];
      if (pair.oldLine !== oldLine || pair.newLine !== newLine) {
        closePair();
        pair = { oldLine, newLine, length: 0, hasWord: false };
        kept = [];
      }
      pair.length += (tokens.ends[token] as number) - (tokens.starts[token] as number);
      pair.hasWord ||= tokens.kinds[token] === tokenKinds.word;
      kept.push({ old: oldToken, token });
    }
  }
  closePair();
  return { old, tokens, sources, survivors, end, complete: !incomplete };
}

function isVisible({ kinds }: Tokens, i: number): boolean {
  return kinds[i] !== tokenKinds.blank && kinds[i] !== tokenKinds.lineBreak;
}

/** The indexes of the visible tokens from index `from` on. */
function visible(tokens: Tokens, from: number): Int32Array {
  const result = new Int32Array(tokens.count - from);
  let count = 0;
  for (let i = from; i < tokens.count; i++) if (isVisible(tokens, i)) result[count++] = i;
  return result.subarray(0, count);
}

/** Of each line, from that of the very first token on, the length of those tokens in it. */
function visibleLengths({ count, starts, ends, lines }: Tokens, indexes: Int32Array): Int32Array {
  if (count === 0) return new Int32Array(0);
  const first = lines[0] as number;
  const lengths = new Int32Array((lines[count - 1] as number) - first + 1);
  for (const i of indexes)
    (lengths[(lines[i] as number) - first] as number) += (ends[i] as number) - (starts[i] as number);
  return lengths;
}

/** The new text's runs as they are written, front to back. */
class Output {
  readonly #runs = new RunMap();
  readonly #oldText: string;
  readonly #oldRuns: RunCursor;
  readonly #newText: string;
  readonly #author: Author;
  /** A piece of the old text that is kept and not written yet: what is kept right behind it is one with it. */
  #keptStart = 0;
  #keptEnd = 0;

  constructor(oldText: string, oldRuns: RunMap, newText: string, author: Author) {
    this.#oldText = oldText;
    this.#oldRuns = new RunCursor(oldRuns);
    this.#newText = newText;
    this.#author = author;
  }

  end(): RunMap {
    this.#flush();
    return this.#runs;
  }

  /** Lines that are the same but, perhaps, for their line ends. */
  keepLines(before: Lines, after: Lines, match: Match): void {
    const [aStart, aEnd] = [before.starts[match.a] as number, before.starts[match.a + match.length] as number];
    const [bStart, bEnd] = [after.starts[match.b] as number, after.starts[match.b + match.length] as number];
    // Old and new line ends can only differ where one side has a CR more.
    if (aEnd - aStart === bEnd - bStart && this.#oldText.startsWith(this.#newText.slice(bStart, bEnd), aStart)) {
      this.#keep(aStart, aEnd);
      return;
    }
    for (let i = 0; i < match.length; i++) {
      const [a0, a1] = [before.starts[match.a + i] as number, before.starts[match.a + i + 1] as number];
      const [b0, b1] = [after.starts[match.b + i] as number, after.starts[match.b + i + 1] as number];
      const content = contentLength(this.#newText, b0, b1);
      this.#keep(a0, a0 + content);
      const lineBreak = b1 - b0 - content;
      if (lineBreak > 0) this.#append(lineBreak, this.#oldRuns.authorAt(a1 - 1));
    }
  }

  writeTokens(matching: TokenMatching): void {
    const { old, tokens, sources } = matching;
    for (let i = 0; i < tokens.count; i++) {
      const source = sources[i] as number;
      if (source >= 0) {
        // Where something new stands in the place, it shows the author itself.
        if (isGone(matching, source, -1) && !isFresh(matching, i, -1)) this.#append(0, this.#author);
        this.#keep(old.starts[source] as number, old.ends[source] as number);
        const tail = isGone(matching, source, 1) && !isFresh(matching, i, 1);
        if (tail && isLastSurvivor(matching, source)) this.#append(0, this.#author);
      } else if (isVisible(tokens, i)) {
        this.#append(lengthAt(tokens, i), this.#author);
      } else {
        this.#writeBlank(matching, i);
      }
    }
  }

  /**
   * White space goes with the token behind it at the start of a line, else with the one before; a line break stays
   * where the line's end stayed. What is new on both sides is the author's.
   */
  #writeBlank(matching: TokenMatching, i: number): void {
    const { old, tokens, sources } = matching;
    const isBreak = tokens.kinds[i] === tokenKinds.lineBreak;
    const step = !isBreak && (i === 0 || tokens.lines[i - 1] !== tokens.lines[i]) ? 1 : -1;
    const neighbour = sources[i + step] ?? -1;
    if (neighbour < 0) {
      this.#append(lengthAt(tokens, i), this.#author);
      return;
    }
    const space = isBreak ? lineBreakBehind(matching, neighbour) : blankBeside(old, neighbour, -step);
    if (space < 0) {
      const author = isBreak ? this.#author : this.#oldRuns.authorAt(old.starts[neighbour] as number);
      this.#append(lengthAt(tokens, i), author);
    } else if (old.symbols[space] === tokens.symbols[i]) {
      this.#keep(old.starts[space] as number, old.ends[space] as number);
    } else {
      this.#append(lengthAt(tokens, i), this.#oldRuns.authorAt(old.starts[space] as number));
    }
  }

  #append(length: number, author: Author): void {
    this.#flush();
    this.#runs.append(length, author);
  }

  /** The old text from `start` to `end` (end exclusive) stands here, with its authors. */
  #keep(start: number, end: number): void {
    if (start === end) return;
    if (start !== this.#keptEnd) {
      this.#flush();
      this.#keptStart = start;
    }
    this.#keptEnd = end;
  }

  #flush(): void {
    if (this.#keptEnd > this.#keptStart) this.#oldRuns.copy(this.#keptStart, this.#keptEnd, this.#runs);
    this.#keptStart = this.#keptEnd;
  }
}

function lengthAt({ starts, ends }: Tokens, i: number): number {
  return (ends[i] as number) - (starts[i] as number);
}

function contentLength(text: string, start: number, end: number): number {
  let last = end;
  if (last > start && text.charCodeAt(last - 1) === 10) last--;
  if (last > start && last < end && text.charCodeAt(last - 1) === 13) last--;
  return last - start;
}

/** The next visible token of the same line in the direction `step`, or -1. */
function neighbourInLine(tokens: Tokens, index: number, step: 1 | -1): number {
  const line = tokens.lines[index];
  for (let i = index + step; i >= 0 && i < tokens.count && tokens.lines[i] === line; i += step) {
    if (isVisible(tokens, i)) return i;
  }
  return -1;
}

/** Whether the old token's neighbour in its line is gone. */
function isGone({ old, survivors }: TokenMatching, index: number, step: 1 | -1): boolean {
  const neighbour = neighbourInLine(old, index, step);
  return neighbour >= 0 && survivors[neighbour] === 0;
}

/** Whether the new token's neighbour in its line is the author's. */
function isFresh({ tokens, sources }: TokenMatching, index: number, step: 1 | -1): boolean {
  const neighbour = neighbourInLine(tokens, index, step);
  return neighbour >= 0 && (sources[neighbour] as number) < 0;
}

/** The white space of the same line right beside an old token, in the direction `step`, or -1. */
function blankBeside({ count, kinds, lines }: Tokens, index: number, step: number): number {
  const beside = index + step;
  if (beside < 0 || beside >= count || lines[beside] !== lines[index]) return -1;
  return kinds[beside] === tokenKinds.blank ? beside : -1;
}

/** The line break of the old line, where the token is the last of that line to survive, or -1. */
function lineBreakBehind(matching: TokenMatching, index: number): number {
  if (!isLastSurvivor(matching, index)) return -1;
  const { count, lines, kinds } = matching.old;
  let last = index;
  while (last + 1 < count && lines[last + 1] === lines[index]) last++;
  return kinds[last] === tokenKinds.lineBreak ? last : -1;
}

function isLastSurvivor({ old, survivors }: TokenMatching, index: number): boolean {
  const line = old.lines[index];
  for (let i = index + 1; i < old.count && old.lines[i] === line; i++) if (survivors[i] !== 0) return false;
  return true;
}

/** Whether taking `start` to `end` out of `text` leaves something visible of a line that the range stands in. */
export function leavesPartOfLine(text: string, start: number, end: number): boolean {
  if (visibleLength(text.slice(start, end)) === 0) return false;
  for (let i = start - 1; i >= 0 && text[i] !== '\n'; i--) if (!isBlank(text.charCodeAt(i))) return true;
  for (let i = end; i < text.length && text[i] !== '\n'; i++) if (!isBlank(text.charCodeAt(i))) return true;
  return false;
}
