import { type Author, sameAuthor } from './author.ts';

/**
 * A stretch of text by one author. Lengths are UTF-16 code units. A run of length 0 is a *cut*: its author took
 * something out of the line at this place and left nothing there.
 */
export interface Run {
  readonly length: number;
  readonly author: Author;
}

/** Runs a chunk holds before it is split: small enough to shift quickly, large enough that few chunks are walked. */
const chunkSize = 256;

interface Chunk {
  /** Sum of `lengths`. */
  total: number;
  readonly lengths: number[];
  readonly authors: Author[];
}

/**
 * Who wrote which part of a text: the run-length list of (length, author) that covers it. Mutable, and an edit costs
 * the walk over the chunks' totals plus the shift inside one chunk, not the whole list.
 */
export class RunMap implements Iterable<Run> {
  #chunks: Chunk[] = [];
  #length = 0;

  /** A text of `length` UTF-16 code units by one author. */
  static of(length: number, author: Author): RunMap {
    const runs = new RunMap();
    runs.append(length, author);
    return runs;
  }

  static from(source: Iterable<Run>): RunMap {
    const runs = new RunMap();
    for (const run of source) runs.append(run.length, run.author);
    return runs;
  }

  /** Length of the text, in UTF-16 code units. */
  get length(): number {
    return this.#length;
  }

  /** Number of runs, cuts among them. */
  get size(): number {
    return this.#chunks.reduce((sum, chunk) => sum + chunk.lengths.length, 0);
  }

  *[Symbol.iterator](): Iterator<Run> {
    for (const { lengths, authors } of this.#chunks) {
      for (let i = 0; i < lengths.length; i++) yield { length: at(lengths, i), author: at(authors, i) };
    }
  }

  /** Adds a run at the end; length 0 adds a cut. Neighbours by the same author become one. */
  append(length: number, author: Author): void {
    let chunk = this.#chunks.at(-1);
    if (!chunk || chunk.lengths.length >= chunkSize) {
      const before = chunk && lastAuthor(chunk);
      if (!before || !sameAuthor(before, author)) {
        chunk = { total: 0, lengths: [], authors: [] };
        this.#chunks.push(chunk);
      }
    }
    pushRun(chunk as Chunk, length, author);
    this.#length += length;
  }

  /** The author of the character at `offset` (UTF-16), 0 ≤ offset < length. */
  authorAt(offset: number): Author {
    for (const run of this.slice(offset, offset + 1)) if (run.length > 0) return run.author;
    throw new RangeError(`offset ${offset} is outside a text of ${this.#length}`);
  }

  /** The runs that cover `start` to `end` (UTF-16, end exclusive), with the cuts strictly inside and at both ends. */
  slice(start: number, end: number): Run[] {
    this.#check(start, end - start);
    const result: Run[] = [];
    let position = 0;
    for (const { total, lengths, authors } of this.#chunks) {
      if (position > end) break;
      if (position + total < start) {
        position += total;
        continue;
      }
      for (let i = 0; i < lengths.length && position <= end; i++) {
        const length = at(lengths, i);
        const from = Math.max(position, start);
        const to = Math.min(position + length, end);
        const isCut = length === 0 && position >= start;
        if (to > from || isCut) result.push({ length: to - from, author: at(authors, i) });
        position += length;
      }
    }
    return result;
  }

  /**
   * Takes `deleted` code units out at `offset` and puts `inserted` runs there. Cuts inside the deleted part go; those
   * at its ends stay, unless `dropCuts`: text that comes back heals them. Cost: O(chunks + runs of one chunk + inserted).
   */
  replace(offset: number, deleted: number, inserted: Iterable<Run>, dropCuts = false): void {
    this.#check(offset, deleted);
    const { first, count, head, tail } = this.#locate(offset, deleted);
    const chunk: Chunk = { total: 0, lengths: [], authors: [] };
    let added = 0;
    const heals = (run: Run, position: number): boolean => dropCuts && run.length === 0 && position === offset;
    let position = offset - head.reduce((sum, run) => sum + run.length, 0);
    for (const run of head) {
      if (!heals(run, position)) pushRun(chunk, run.length, run.author);
      position += run.length;
    }
    for (const run of inserted) {
      pushRun(chunk, run.length, run.author);
      added += run.length;
    }
    for (const run of tail) pushRun(chunk, run.length, run.author);
    this.#chunks.splice(first, count, ...split(chunk));
    this.#length += added - deleted;
  }

  /** A copy that shares nothing that changes. */
  clone(): RunMap {
    return RunMap.from(this);
  }

  /** The same text with each author replaced by what `change` makes of it; `undefined` takes a cut away. */
  map(change: (author: Author, length: number) => Author | undefined): RunMap {
    const result = new RunMap();
    for (const run of this) {
      const author = change(run.author, run.length);
      if (author) result.append(run.length, author);
      else if (run.length > 0) throw new TypeError('only a cut can be taken away');
    }
    return result;
  }

  /** The chunks that the range touches, and the runs of those chunks that stay before and behind it. */
  #locate(offset: number, deleted: number): { first: number; count: number; head: Run[]; tail: Run[] } {
    const end = offset + deleted;
    let position = 0;
    let first = 0;
    while (first < this.#chunks.length - 1 && position + at(this.#chunks, first).total < offset) {
      position += at(this.#chunks, first).total;
      first++;
    }
    const head: Run[] = [];
    const tail: Run[] = [];
    let next = first;
    while (next < this.#chunks.length && position <= end) {
      const { lengths, authors } = at(this.#chunks, next++);
      for (let i = 0; i < lengths.length; i++) {
        const length = at(lengths, i);
        const author = at(authors, i);
        if (position < offset || (length === 0 && position === offset)) {
          head.push({ length: Math.min(length, offset - position), author });
        }
        if (position + length > end || (length === 0 && position === end && end > offset)) {
          tail.push({ length: Math.min(length, position + length - end), author });
        }
        position += length;
      }
    }
    return { first, count: next - first, head, tail };
  }

  #check(offset: number, deleted: number): void {
    if (offset < 0 || deleted < 0 || offset + deleted > this.#length) {
      throw new RangeError(`${offset}+${deleted} is outside a text of ${this.#length}`);
    }
  }
}

/** Reads the runs of a text that does not change meanwhile; quick where the offsets grow. */
export class RunCursor {
  readonly #lengths: number[] = [];
  readonly #authors: Author[] = [];
  readonly #starts: number[] = [];
  readonly #length: number;
  #index = 0;

  constructor(runs: RunMap) {
    this.#length = runs.length;
    let position = 0;
    for (const { length, author } of runs) {
      this.#starts.push(position);
      this.#lengths.push(length);
      this.#authors.push(author);
      position += length;
    }
  }

  /** The author of the character at `offset`. */
  authorAt(offset: number): Author {
    this.#seek(offset);
    for (let i = this.#index; i < this.#starts.length && at(this.#starts, i) <= offset; i++) {
      if (at(this.#starts, i) + at(this.#lengths, i) > offset) return at(this.#authors, i);
    }
    throw new RangeError(`offset ${offset} is outside the text`);
  }

  /** The runs from `start` to `end` (end exclusive), cuts at `start` among them, those at `end` only at the text's end. */
  read(start: number, end: number): Run[] {
    const result: Run[] = [];
    this.#seek(start);
    for (let i = this.#index; this.#isBefore(i, end); i++) {
      const length = this.#covered(i, start, end);
      if (length >= 0) result.push({ length, author: at(this.#authors, i) });
    }
    return result;
  }

  /** Appends to `target` what `read` gives. */
  copy(start: number, end: number, target: RunMap): void {
    this.#seek(start);
    for (let i = this.#index; this.#isBefore(i, end); i++) {
      const length = this.#covered(i, start, end);
      if (length >= 0) target.append(length, at(this.#authors, i));
    }
  }

  #isBefore(index: number, end: number): boolean {
    return index < this.#starts.length && (at(this.#starts, index) < end || end === this.#length);
  }

  /** How much of a run is in a range, 0 for a cut that is; -1 where it is outside. */
  #covered(index: number, start: number, end: number): number {
    const position = at(this.#starts, index);
    const length = at(this.#lengths, index);
    const covered = Math.min(position + length, end) - Math.max(position, start);
    return covered > 0 || (length === 0 && position >= start) ? covered : -1;
  }

  /** Goes to the first run that ends behind `offset` or is a cut at it. */
  #seek(offset: number): void {
    if (at(this.#starts, this.#index) >= offset) {
      let [low, high] = [0, this.#starts.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (at(this.#starts, middle) < offset) low = middle + 1;
        else high = middle;
      }
      this.#index = Math.max(0, low - 1);
    }
    while (this.#index + 1 < this.#starts.length && at(this.#starts, this.#index + 1) < offset) this.#index++;
  }
}

function lastAuthor(chunk: Chunk): Author | undefined {
  return chunk.authors.at(-1);
}

function pushRun(chunk: Chunk, length: number, author: Author): void {
  const i = chunk.lengths.length - 1;
  const isCut = length === 0;
  if (i >= 0 && sameAuthor(at(chunk.authors, i), author) && (at(chunk.lengths, i) === 0) === isCut) {
    chunk.lengths[i] = at(chunk.lengths, i) + length;
  } else {
    chunk.lengths.push(length);
    chunk.authors.push(author);
  }
  chunk.total += length;
}

/** The chunk as it is, or in halves where it has grown too large; nothing where it is empty. */
function split(chunk: Chunk): Chunk[] {
  if (chunk.lengths.length === 0) return [];
  if (chunk.lengths.length <= 2 * chunkSize) return [chunk];
  const result: Chunk[] = [];
  for (let i = 0; i < chunk.lengths.length; i += chunkSize) {
    const lengths = chunk.lengths.slice(i, i + chunkSize);
    const authors = chunk.authors.slice(i, i + chunkSize);
    result.push({ total: lengths.reduce((sum, length) => sum + length, 0), lengths, authors });
  }
  return result;
}

/** `list[index]` where the caller knows that the index is inside. */
function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}
