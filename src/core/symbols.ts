/** Slots looked at for one stretch of text. More are in each other's way only in a text that was made for it. */
const maxProbes = 32;

/**
 * Gives equal stretches of text equal numbers, dense from 0 in order of first appearance: comparing them is cheap then.
 * A hash table of its own, for a slice as the key of a `Map` costs more than the whole comparison.
 */
export class SymbolTable {
  #size = 0;
  /** Symbol + 1, or 0 where the slot is free; their number is a power of two. */
  #slots = new Int32Array(1_024);
  /** The symbols that found no slot. */
  readonly #crowded = new Map<string, number>();
  /** Of each symbol, where it stood first. */
  readonly #texts: string[] = [];
  #hashes = new Int32Array(512);
  #starts = new Int32Array(512);
  #ends = new Int32Array(512);
  /** The symbols of single ASCII characters, most of a program's tokens; -1 where there is none yet. */
  readonly #single = new Int32Array(128).fill(-1);

  /** Number of symbols given. */
  get size(): number {
    return this.#size;
  }

  /** The symbol of `text` from `start` to `end` (UTF-16, end exclusive); quicker where it is the one that was guessed. */
  intern(text: string, start: number, end: number, guess?: number): number {
    if (guess !== undefined && this.#stands(guess, text, start, end)) return guess;
    const code = text.charCodeAt(start);
    if (end !== start + 1 || code > 127) return this.#intern(text, start, end);
    const known = this.#single[code] as number;
    if (known >= 0) return known;
    const symbol = this.#intern(text, start, end);
    this.#single[code] = symbol;
    return symbol;
  }

  #intern(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5;
    let i = start;
    // Two at a time: what takes time is that each product waits for the one before.
    for (; i + 1 < end; i += 2) {
      hash = Math.imul(hash ^ (text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16)), 0x01000193);
      hash ^= hash >>> 17;
    }
    if (i < end) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    // The low bits choose the slot: let the high ones have their say.
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < maxProbes; probe++) {
      const slot = (hash + probe) & mask;
      const symbol = (this.#slots[slot] as number) - 1;
      if (symbol < 0) break;
      if (this.#hashes[symbol] === hash && this.#stands(symbol, text, start, end)) return symbol;
    }
    const crowded = this.#crowded.size > 0 ? this.#crowded.get(text.slice(start, end)) : undefined;
    return crowded ?? this.#add(hash, text, start, end);
  }

  #stands(symbol: number, text: string, start: number, end: number): boolean {
    const from = this.#starts[symbol] as number;
    if ((this.#ends[symbol] as number) - from !== end - start) return false;
    const other = this.#texts[symbol] as string;
    for (let i = start, j = from; i < end; i++, j++) if (text.charCodeAt(i) !== other.charCodeAt(j)) return false;
    return true;
  }

  #add(hash: number, text: string, start: number, end: number): number {
    const symbol = this.#size++;
    if (symbol === this.#hashes.length) {
      this.#hashes = grown(this.#hashes);
      this.#starts = grown(this.#starts);
      this.#ends = grown(this.#ends);
    }
    this.#texts.push(text);
    this.#hashes[symbol] = hash;
    this.#starts[symbol] = start;
    this.#ends[symbol] = end;
    if (2 * this.#size > this.#slots.length) this.#rehash();
    else this.#place(symbol);
    return symbol;
  }

  #place(symbol: number): void {
    const mask = this.#slots.length - 1;
    for (let probe = 0; probe < maxProbes; probe++) {
      const slot = ((this.#hashes[symbol] as number) + probe) & mask;
      if (this.#slots[slot] === 0) {
        this.#slots[slot] = symbol + 1;
        return;
      }
    }
    const text = this.#texts[symbol] as string;
    this.#crowded.set(text.slice(this.#starts[symbol], this.#ends[symbol]), symbol);
  }

  #rehash(): void {
    this.#slots = new Int32Array(4 * this.#slots.length);
    this.#crowded.clear();
    for (let symbol = 0; symbol < this.#size; symbol++) this.#place(symbol);
  }
}

/** A copy with room for twice as many. */
export function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
