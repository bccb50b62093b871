/** What reads characters of a text: a string, or one in chunks. Offsets are UTF-16. */
export interface Characters {
  readonly length: number;
  charCodeAt(offset: number): number;
  slice(start: number, end: number): string;
}

/** UTF-16 code units a chunk has before it is split: small enough to build anew quickly, large enough to be few. */
const usualSize = 8_192;

/**
 * A text that is edited in place: an edit builds one or two chunks anew and walks over the others' lengths, where a string
 * would be copied from end to end.
 */
export class ChunkedText implements Characters {
  readonly #chunkSize: number;
  readonly #chunks: string[];
  #length: number;
  /** The whole, as long as nothing has changed since it was asked for. */
  #whole: string | undefined;

  /** @param chunkSize in UTF-16 code units */
  constructor(text: string, chunkSize = usualSize) {
    this.#chunkSize = chunkSize;
    this.#chunks = split(text, chunkSize);
    this.#length = text.length;
    this.#whole = text;
  }

  get length(): number {
    return this.#length;
  }

  charCodeAt(offset: number): number {
    // At a border between two chunks it is the second one's first.
    const { index, start } = this.#locate(offset + 1);
    return (this.#chunks[index] ?? '').charCodeAt(offset - start);
  }

  /** The text from `start` to `end` (exclusive), 0 ≤ start ≤ end ≤ length. */
  slice(start: number, end: number): string {
    let { index, start: position } = this.#locate(start);
    let result = '';
    for (; position < end && index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index] as string;
      result += chunk.slice(Math.max(0, start - position), end - position);
      position += chunk.length;
    }
    return result;
  }

  /** @throws {RangeError} where the deleted part is not inside the text */
  replace(offset: number, deleted: number, inserted: string): void {
    const end = offset + deleted;
    if (offset < 0 || deleted < 0 || end > this.#length) {
      throw new RangeError(`${offset}+${deleted} is outside a text of ${this.#length}`);
    }
    const first = this.#locate(offset);
    const last = this.#locate(end);
    const head = (this.#chunks[first.index] ?? '').slice(0, offset - first.start);
    const tail = (this.#chunks[last.index] ?? '').slice(end - last.start);
    this.#chunks.splice(first.index, last.index - first.index + 1, ...split(head + inserted + tail, this.#chunkSize));
    this.#length += inserted.length - deleted;
    this.#whole = undefined;
  }

  toString(): string {
    this.#whole ??= this.#chunks.join('');
    return this.#whole;
  }

  /** The chunk that the offset lies in (the one before it, at a border) and where that begins. */
  #locate(offset: number): { index: number; start: number } {
    let start = 0;
    let index = 0;
    while (index < this.#chunks.length - 1 && start + (this.#chunks[index] as string).length < offset) {
      start += (this.#chunks[index] as string).length;
      index++;
    }
    return { index, start };
  }
}

function split(text: string, chunkSize: number): string[] {
  if (text.length <= 2 * chunkSize) return [text];
  const chunks: string[] = [];
  for (let i = 0; i < text.length; i += chunkSize) chunks.push(text.slice(i, i + chunkSize));
  return chunks;
}
