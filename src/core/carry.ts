import { Aligner, type Alignment, Cost, type Match } from './align.ts';
import type { Author } from './author.ts';
import type { Characters } from './chunkedText.ts';
import { commonEnds } from './commonEnds.ts';
import { RunCursor, RunMap } from './runs.ts';
import { SymbolTable } from './symbols.ts';
import { isBlank, type Lines, linesOf, visibleLength } from './text.ts';
import { Tokens, tokenKinds } from './tokens.ts';

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
  const comparison = new Comparison(oldText, newText, cost);
  const { before, after } = comparison;
  const lines = alignLines(comparison);
  const hunks = gaps(lines.matches, before.count, after.count);
  const moves = findMoves(comparison, hunks);
  const output = new Output(oldText, oldRuns, newText, author);

  let complete = !lines.incomplete;
  let next = 0;
  for (const hunk of hunks) {
    output.keepLines(before, after, { a: hunk.a - (hunk.b - next), b: next, length: hunk.b - next });
    complete = carryHunk(comparison, hunk, moves, output) && complete;
    next = hunk.b + hunk.bCount;
  }
  const left = after.count - next;
  output.keepLines(before, after, { a: before.count - left, b: next, length: left });
  return { runs: output.end(), precision: complete ? 'token' : 'line' };
}

/** Made where it is needed: lines that were only put in have no use for tokens, and their columns are large. */
function once(make: () => Tokens): () => Tokens {
  let made: Tokens | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Of no lines. */
const noTokens = new Tokens();

/** Two texts, and what all steps of comparing them share. */
class Comparison {
  readonly before: Lines;
  readonly after: Lines;
  readonly symbols = new SymbolTable();
  readonly cost: Cost;
  readonly aligner: Aligner;
  /** Columns for the tokens of one hunk after the other: its old ones, its new ones, those of a line moved into it. */
  readonly old = once(() => new Tokens());
  readonly fresh = once(() => new Tokens());
  readonly moved = once(() => new Tokens());

  constructor(oldText: string, newText: string, cost: Cost) {
    this.before = linesOf(oldText);
    this.after = linesOf(newText);
    this.cost = cost;
    this.aligner = new Aligner(cost);
  }
}

/** Changed lines: `aCount` old ones from line `a` became `bCount` new ones from line `b` (0-based). */
interface Hunk {
  readonly a: number;
  readonly aCount: number;
  readonly b: number;
  readonly bCount: number;
}

/** The lines at both ends that are the same are found by comparing the texts, and only those between them one by one. */
function alignLines({ before, after, symbols, aligner }: Comparison): Alignment {
  const ends = commonEnds(before.text, after.text);
  const [head, tail] = [lineIndex(before, ends.head), before.count - lineIndex(before, before.text.length - ends.tail)];
  const a = lineSymbols(before, head, before.count - tail, symbols, new Int32Array(0));
  const b = lineSymbols(after, head, after.count - tail, symbols, a);
  // Whether a line ends with a break matters, with which one does not.
  if (tail === 0 && lacksBreak(before)) a[a.length - 1] = symbols.size + (a[a.length - 1] as number);
  if (tail === 0 && lacksBreak(after)) b[b.length - 1] = symbols.size + (b[b.length - 1] as number);
  const { matches, incomplete } = aligner.align(a, b, 2 * symbols.size);
  const between = matches.map((match) => ({ a: head + match.a, b: head + match.b, length: match.length }));
  const last = { a: before.count - tail, b: after.count - tail, length: tail };
  return { matches: joined([{ a: 0, b: 0, length: head }, ...between, last]), incomplete };
}

/** Index (0-based) of the line that begins at `offset`; the number of lines for the end of the text. */
function lineIndex({ starts, count }: Lines, offset: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Matches without empty ones, those that touch in both sequences made one. */
function joined(matches: readonly Match[]): Match[] {
  const result: Match[] = [];
  for (const match of matches) {
    if (match.length === 0) continue;
    const last = result.at(-1);
    if (last && last.a + last.length === match.a && last.b + last.length === match.b) {
      result[result.length - 1] = { ...last, length: last.length + match.length };
    } else {
      result.push(match);
    }
  }
  return result;
}

/**
 * The symbol of each line from `first` to `end` (exclusive) without its line break. Most often a line is the one behind
 * that of `like` that the last one was.
 */
function lineSymbols(
  { text, starts }: Lines,
  first: number,
  end: number,
  symbols: SymbolTable,
  like: Int32Array,
): Int32Array {
  const places = new Int32Array(symbols.size);
  for (let place = 0; place < like.length; place++) places[like[place] as number] = place;
  const result = new Int32Array(end - first);
  let expected = 0;
  for (let line = first; line < end; line++) {
    const start = starts[line] as number;
    const contentEnd = start + contentLength(text, start, starts[line + 1] as number);
    const symbol = symbols.intern(text, start, contentEnd, like[expected]);
    result[line - first] = symbol;
    if (symbol !== like[expected]) expected = places[symbol] ?? expected;
    expected++;
  }
  return result;
}

function lacksBreak({ text }: Lines): boolean {
  return text !== '' && !text.endsWith('\n');
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
  moveSingleLines(before, after, oldKeys, newKeys, removed, added, moves, symbols.size);
  return moves;
}

/**
 * A long block that jumps over two lines looks like two lines that jumped over it: single lines move, too, where it is
 * plain which one is which.
 */
function moveSingleLines(
  before: Lines,
  after: Lines,
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
  let lookups = 0;
  const isPlain = (from: number, to: number): boolean =>
    tells(before, from) || (lookups++ < maxLookups && isOnlyLine(before, from) && isOnlyLine(after, to));
  const places = new Map<number, number>();
  for (const line of left) {
    const key = oldKeys[line] as number;
    if (leftCounts[key] === 1 && openCounts[key] === 1) places.set(key, line);
  }
  for (const line of open) {
    const from = places.get(newKeys[line] as number);
    if (from !== undefined && isPlain(from, line)) moves.add(line, from);
  }
}

/** Short lines that are looked for in the whole texts at most: the time for each grows with them. */
const maxLookups = 50;

/** Whether no other line of the text says the same, the white space around it aside, and it says something. */
function isOnlyLine(lines: Lines, line: number): boolean {
  const { text, starts } = lines;
  const key = text.slice(starts[line], starts[line + 1]).trim();
  if (!/[\p{L}\p{N}]/u.test(key)) return false;
  let found = 0;
  for (let at = text.indexOf(key); at >= 0 && found < 2; at = text.indexOf(key, at + key.length)) {
    const [start, end] = [text.lastIndexOf('\n', at) + 1, text.indexOf('\n', at + key.length)];
    if (text.slice(start, end < 0 ? undefined : end).trim() === key) found++;
  }
  return found === 1;
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
  const old = hunk.aCount === 0 ? noTokens : comparison.old();
  if (hunk.aCount > 0) old.fill(before, hunk.a, hunk.aCount, symbols, (line) => moves.hasLeft(line));
  let from = 0;
  let complete = true;
  for (let line = hunk.b; line < end; ) {
    const source = moves.sourceOf(line);
    const first = line++;
    if (source < 0) while (line < end && moves.sourceOf(line) < 0) line++;
    if (source < 0 && from === old.visibleCount) {
      // Nothing of the old lines is left to compare with: most often lines were only put in.
      output.writeNew((after.starts[line] as number) - (after.starts[first] as number));
      continue;
    }
    const [fresh, moved] = [comparison.fresh(), comparison.moved()];
    fresh.fill(after, first, line - first, symbols);
    if (source >= 0) moved.fill(before, source, 1, symbols);
    const matching = source < 0 ? matchTokens(comparison, old, from) : matchTokens(comparison, moved, 0);
    complete &&= matching.complete;
    output.writeTokens(matching);
    cost.add(fresh.count + (source < 0 ? old.visibleCount - from : 0));
    // What one stretch kept is behind the next one.
    if (source < 0) from = matching.end;
  }
  return complete;
}

/** The tokens of some old and some new lines; those that are the same are partners. */
interface TokenMatching {
  readonly old: Tokens;
  readonly fresh: Tokens;
  /** Place among the visible old tokens behind all that have partners. */
  readonly end: number;
  /** False where the cost limit was met. */
  readonly complete: boolean;
}

/**
 * Aligns the visible tokens (white space never anchors anything), the old ones from the visible one `from` on, and forgets
 * what stayed by chance only: a pair of lines that share less than half of the shorter one, or no word at all, was
 * rewritten, unless one of them stands in the other text as one piece (wrapped, joined, filled anew).
 */
function matchTokens(comparison: Comparison, old: Tokens, from: number): TokenMatching {
  const { symbols, aligner, cost } = comparison;
  const fresh = comparison.fresh();
  if (old.visibleCount === from || fresh.visibleCount === 0) return { old, fresh, end: from, complete: true };
  if (cost.exceeded) return { old, fresh, end: from, complete: false };
  const { matches, incomplete } = aligner.align(
    old.visibleSymbols.subarray(from, old.visibleCount),
    fresh.visibleSymbols.subarray(0, fresh.visibleCount),
    symbols.size,
  );
  const pairs: LinePair[] = [];
  let pair: LinePair | undefined;
  // Lines grow on both sides, so that a pair's tokens come one after the other.
  for (const { a, b, length } of matches) {
    for (let i = 0; i < length; i++) {
      const [oldPlace, newPlace] = [from + a + i, b + i];
      const oldLine = old.lines[old.visible[oldPlace] as number] as number;
      const token = fresh.visible[newPlace] as number;
      const newLine = fresh.lines[token] as number;
      const isNext = pair?.oldLine !== oldLine || pair.newLine !== newLine;
      if (!pair || isNext) {
        pair = new LinePair(oldLine, newLine);
        pairs.push(pair);
      }
      pair.add(oldPlace, newPlace, fresh.lengthOf(token), fresh.kinds[token] === tokenKinds.word);
      if (i > 0 && !isNext) continue;
      pair.isWhole ||= hasWholeLine(old, oldPlace, from + a, length) || hasWholeLine(fresh, newPlace, b, length);
    }
  }
  const [kept, chance]: [LinePair[], LinePair[]] = [[], []];
  for (const candidate of pairs) (candidate.isKept(old, fresh) ? kept : chance).push(candidate);
  for (const candidate of kept) candidate.keep(old, fresh);
  let end = kept.at(-1)?.end ?? from;
  if (chance.length > 0) {
    for (const group of groupsBeside(kept, chance)) end = Math.max(end, alignGroup(comparison, old, group));
  }
  return { old, fresh, end, complete: !incomplete };
}

/** Whether the line of the visible token at `place` lies within the `length` visible tokens from `start` on. */
function hasWholeLine({ visible, visibleCount, lines }: Tokens, place: number, start: number, length: number): boolean {
  const line = lines[visible[place] as number];
  const isOfLine = (other: number): boolean =>
    other >= 0 && other < visibleCount && lines[visible[other] as number] === line;
  let [first, last] = [place, place];
  while (first >= start && isOfLine(first - 1)) first--;
  while (last < start + length && isOfLine(last + 1)) last++;
  return first >= start && last < start + length;
}

/**
 * Pairs that belong together (a line and what it was wrapped into), of which words may have been taken for some in other
 * lines and then forgotten as chance.
 */
function groupsBeside(kept: readonly LinePair[], chance: readonly LinePair[]): LinePair[][] {
  const groups: LinePair[][] = [];
  for (const pair of kept) {
    const last = groups.at(-1)?.at(-1);
    if (last && (last.oldLine === pair.oldLine || last.newLine === pair.newLine)) groups.at(-1)?.push(pair);
    else groups.push([pair]);
  }
  const oldLines = new Set(chance.map(({ oldLine }) => oldLine));
  const newLines = new Set(chance.map(({ newLine }) => newLine));
  return groups.filter((group) => group.some(({ oldLine, newLine }) => oldLines.has(oldLine) || newLines.has(newLine)));
}

/** Compares the lines of a group by themselves, and gives the place behind the last old token that has a partner. */
function alignGroup(comparison: Comparison, old: Tokens, group: readonly LinePair[]): number {
  const { symbols, aligner } = comparison;
  const fresh = comparison.fresh();
  const before = old.placesOf(new Set(group.map(({ oldLine }) => oldLine)));
  const after = fresh.placesOf(new Set(group.map(({ newLine }) => newLine)));
  const symbolsOf = (tokens: Tokens, places: readonly number[]): Int32Array =>
    Int32Array.from(places, (place) => tokens.visibleSymbols[place] as number);
  const { matches } = aligner.align(symbolsOf(old, before), symbolsOf(fresh, after), symbols.size);
  for (const place of before) old.partners[old.visible[place] as number] = -1;
  for (const place of after) fresh.partners[fresh.visible[place] as number] = -1;
  let end = 0;
  for (const { a, b, length } of matches) {
    for (let i = 0; i < length; i++) {
      const place = before[a + i] as number;
      join(old, place, fresh, after[b + i] as number);
      end = place + 1;
    }
  }
  return end;
}

/** Makes two visible tokens partners. */
function join(old: Tokens, oldPlace: number, fresh: Tokens, newPlace: number): void {
  const [from, to] = [old.visible[oldPlace] as number, fresh.visible[newPlace] as number];
  old.partners[from] = to;
  fresh.partners[to] = from;
}

/** What an old and a new line have in common: places among the visible tokens. */
class LinePair {
  readonly #oldPlaces: number[] = [];
  readonly #newPlaces: number[] = [];
  readonly oldLine: number;
  readonly newLine: number;
  /** Whether one of the lines stands in the other text as one piece. */
  isWhole = false;
  #length = 0;
  #hasWord = false;

  constructor(oldLine: number, newLine: number) {
    this.oldLine = oldLine;
    this.newLine = newLine;
  }

  /** The place behind its last old token. */
  get end(): number {
    return (this.#oldPlaces.at(-1) ?? -1) + 1;
  }

  add(oldPlace: number, newPlace: number, length: number, isWord: boolean): void {
    this.#oldPlaces.push(oldPlace);
    this.#newPlaces.push(newPlace);
    this.#length += length;
    this.#hasWord ||= isWord;
  }

  /** Whether it is more than chance. */
  isKept(old: Tokens, fresh: Tokens): boolean {
    if (this.isWhole) return true;
    const shorter = Math.min(old.visibleLength(this.oldLine), fresh.visibleLength(this.newLine));
    return (this.#hasWord || this.#length === shorter) && this.#length >= keptShare * shorter;
  }

  /** Makes them partners. */
  keep(old: Tokens, fresh: Tokens): void {
    for (let i = 0; i < this.#oldPlaces.length; i++) {
      join(old, this.#oldPlaces[i] as number, fresh, this.#newPlaces[i] as number);
    }
  }
}

/** The new text's runs as they are written, front to back. */
class Output {
  readonly #runs = new RunMap();
  readonly #oldRuns: RunCursor;
  readonly #newText: string;
  readonly #author: Author;
  readonly #mayDifferInLineEnds: boolean;
  /** A piece of the old text that is kept and not written yet: what is kept right behind it is one with it. */
  #keptStart = 0;
  #keptEnd = 0;

  constructor(oldText: string, oldRuns: RunMap, newText: string, author: Author) {
    this.#mayDifferInLineEnds = oldText.includes('\r') || newText.includes('\r');
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
    if (!this.#mayDifferInLineEnds) {
      this.#keep(before.starts[match.a] as number, before.starts[match.a + match.length] as number);
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

  /** Text of the author's own. */
  writeNew(length: number): void {
    this.#append(length, this.#author);
  }

  writeTokens(matching: TokenMatching): void {
    const { old, fresh } = matching;
    for (let i = 0; i < fresh.count; i++) {
      const source = fresh.partners[i] as number;
      if (source >= 0) {
        // Where something new stands in the place, it shows the author itself.
        const isCut = isGone(matching, source, -1) || isLineGone(matching, i, source);
        if (isCut && !isFresh(matching, i, -1)) this.#append(0, this.#author);
        this.#keep(old.starts[source] as number, old.ends[source] as number);
        const tail = isGone(matching, source, 1) && !isFresh(matching, i, 1);
        if (tail && isLastSurvivor(matching, source)) this.#append(0, this.#author);
      } else if (fresh.isVisible(i)) {
        this.#append(fresh.lengthOf(i), this.#author);
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
    const { old, fresh } = matching;
    const isBreak = fresh.kinds[i] === tokenKinds.lineBreak;
    const step = !isBreak && (i === 0 || fresh.lines[i - 1] !== fresh.lines[i]) ? 1 : -1;
    const neighbour = i + step < 0 || i + step >= fresh.count ? -1 : (fresh.partners[i + step] as number);
    if (neighbour < 0) {
      this.#append(fresh.lengthOf(i), this.#author);
      return;
    }
    const space = isBreak ? lineBreakBehind(matching, neighbour) : blankBeside(old, neighbour, -step);
    if (space < 0) {
      const author = isBreak ? this.#author : this.#oldRuns.authorAt(old.starts[neighbour] as number);
      this.#append(fresh.lengthOf(i), author);
    } else if (old.symbols[space] === fresh.symbols[i]) {
      this.#keep(old.starts[space] as number, old.ends[space] as number);
    } else {
      this.#append(fresh.lengthOf(i), this.#oldRuns.authorAt(old.starts[space] as number));
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
    if (tokens.isVisible(i)) return i;
  }
  return -1;
}

/** Whether the old token's neighbour in its line is gone. */
function isGone({ old }: TokenMatching, index: number, step: 1 | -1): boolean {
  const neighbour = neighbourInLine(old, index, step);
  return neighbour >= 0 && (old.partners[neighbour] as number) < 0;
}

/** Whether old tokens between the new one and the one before it in its line are gone: the lines around them were joined. */
function isLineGone({ old, fresh }: TokenMatching, index: number, source: number): boolean {
  const before = neighbourInLine(fresh, index, -1);
  const from = before < 0 ? -1 : (fresh.partners[before] as number);
  if (from < 0) return false;
  for (let i = from + 1; i < source; i++) if (old.isVisible(i) && (old.partners[i] as number) < 0) return true;
  return false;
}

/** Whether the new token's neighbour in its line is the author's. */
function isFresh({ fresh }: TokenMatching, index: number, step: 1 | -1): boolean {
  const neighbour = neighbourInLine(fresh, index, step);
  return neighbour >= 0 && (fresh.partners[neighbour] as number) < 0;
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

function isLastSurvivor({ old }: TokenMatching, index: number): boolean {
  const line = old.lines[index];
  for (let i = index + 1; i < old.count && old.lines[i] === line; i++) {
    if ((old.partners[i] as number) >= 0) return false;
  }
  return true;
}

/** Whether taking `start` to `end` out of `text` takes something visible from a line and leaves something visible of it. */
export function leavesPartOfLine(text: Characters, start: number, end: number): boolean {
  const removed = text.slice(start, end);
  const ofFirstLine = removed.split('\n', 1)[0] as string;
  const ofLastLine = removed.slice(removed.lastIndexOf('\n') + 1);
  return (
    (visibleLength(ofFirstLine) > 0 && hasVisibleInLine(text, start, -1)) ||
    (visibleLength(ofLastLine) > 0 && hasVisibleInLine(text, end, 1))
  );
}

const lineFeed = 0x0a;

/** Whether something visible stands before (-1) or behind (1) the offset in its line. */
function hasVisibleInLine(text: Characters, offset: number, step: 1 | -1): boolean {
  for (let i = step < 0 ? offset - 1 : offset; i >= 0 && i < text.length; i += step) {
    const code = text.charCodeAt(i);
    if (code === lineFeed) return false;
    if (!isBlank(code)) return true;
  }
  return false;
}
