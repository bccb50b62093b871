/** `length` elements that are the same in both sequences, from `a` in the first and `b` in the second (0-based). */
export interface Match {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

export interface Alignment {
  /** In order, never crossing, never touching in both sequences at once. */
  readonly matches: readonly Match[];
  /** True where a cost limit was met and some equal elements may not be matched. */
  readonly incomplete: boolean;
}

/** What a comparison may cost in all, counted in elements looked at: time grows with it, on every machine alike. */
export class Cost {
  readonly limit: number;
  #spent = 0;

  constructor(limit = 40_000_000) {
    this.limit = limit;
  }

  get spent(): number {
    return this.#spent;
  }

  get exceeded(): boolean {
    return this.#spent > this.limit;
  }

  add(elements: number): void {
    this.#spent += elements;
  }
}

/**
 * Aligns two sequences so that as much as possible stays the same: common ends, then elements that are unique in both
 * (patience anchors, near linear), then Myers between two anchors. The anchors keep duplicates such as `}` in their place
 * by their neighbours.
 */
export function align(a: readonly string[], b: readonly string[]): Alignment {
  const ids = new Map<string, number>();
  const symbol = (element: string): number => {
    const known = ids.get(element);
    if (known !== undefined) return known;
    ids.set(element, ids.size);
    return ids.size - 1;
  };
  const [left, right] = [Int32Array.from(a, symbol), Int32Array.from(b, symbol)];
  return new Aligner().align(left, right, ids.size);
}

/** Edits from both ends together that one look for the best middle takes, before a good one is taken instead. */
const maxEdits = 256;
/** Anchors within anchors: deeper there is nothing to be gained. */
const maxDepth = 40;
/** Diagonal that no path has reached. */
const unreached = -(2 ** 30);

/** Aligns sequences of symbols (dense numbers from 0) as `align` does; all that it aligns has one cost limit. */
export class Aligner {
  readonly #cost: Cost;
  /** Of each symbol, how often and where it stands in the range looked at; zero between two looks. */
  #aCounts = new Int32Array(0);
  #bCounts = new Int32Array(0);
  #bPlaces = new Int32Array(0);
  /** Furthest positions of the paths from the start and from the end, by diagonal. */
  #forward = new Int32Array(0);
  #backward = new Int32Array(0);
  /** What Myers works on: the elements that both sides share, and their places in `a` and `b`. */
  #aShared = new Int32Array(0);
  #bShared = new Int32Array(0);
  #aSharedPlaces = new Int32Array(0);
  #bSharedPlaces = new Int32Array(0);
  #a: Int32Array = new Int32Array(0);
  #b: Int32Array = new Int32Array(0);
  #out = new MatchBuilder();

  constructor(cost = new Cost()) {
    this.#cost = cost;
  }

  /** @param symbolCount greater than each symbol in the two sequences */
  align(a: Int32Array, b: Int32Array, symbolCount: number): Alignment {
    if (this.#aCounts.length < symbolCount) {
      [this.#aCounts, this.#bCounts, this.#bPlaces] = [
        scratch(symbolCount),
        scratch(symbolCount),
        scratch(symbolCount),
      ];
    }
    this.#a = a;
    this.#b = b;
    this.#out = new MatchBuilder();
    this.#alignRange({ a0: 0, a1: a.length, b0: 0, b1: b.length }, 0);
    return { matches: this.#out.matches, incomplete: this.#out.incomplete };
  }

  #alignRange(range: Range, depth: number): void {
    const { a1, b1 } = range;
    const inner = withoutEnds(this.#a, this.#b, range);
    this.#out.add(range.a0, range.b0, inner.a0 - range.a0);
    if (inner.a0 < inner.a1 && inner.b0 < inner.b1) this.#alignInner(inner, depth);
    this.#out.add(inner.a1, inner.b1, a1 - inner.a1);
    this.#cost.add(a1 - range.a0 + b1 - range.b0);
  }

  #alignInner(range: Range, depth: number): void {
    if (this.#cost.exceeded) {
      this.#out.incomplete = true;
      return;
    }
    this.#count(range);
    const { inA, inB } = depth < maxDepth ? this.#uniqueAnchors(range) : none;
    const shared = inA.length === 0 ? this.#takeShared(range) : undefined;
    this.#uncount(range);
    if (shared) {
      this.#myers(shared.aCount, shared.bCount);
      return;
    }
    let { a0, b0 } = range;
    for (let i = 0; i < inA.length; i++) {
      const [a, b] = [inA[i] as number, inB[i] as number];
      if (a > a0 || b > b0) this.#alignRange({ a0, a1: a, b0, b1: b }, depth + 1);
      this.#out.add(a, b, 1);
      [a0, b0] = [a + 1, b + 1];
    }
    this.#alignRange({ ...range, a0, b0 }, depth + 1);
  }

  #count({ a0, a1, b0, b1 }: Range): void {
    for (let i = a0; i < a1; i++) (this.#aCounts[this.#a[i] as number] as number)++;
    for (let i = b0; i < b1; i++) {
      const symbol = this.#b[i] as number;
      (this.#bCounts[symbol] as number)++;
      this.#bPlaces[symbol] = i;
    }
  }

  #uncount({ a0, a1, b0, b1 }: Range): void {
    for (let i = a0; i < a1; i++) this.#aCounts[this.#a[i] as number] = 0;
    for (let i = b0; i < b1; i++) this.#bCounts[this.#b[i] as number] = 0;
  }

  /** Elements that stand exactly once in each range, in the longest order that is the same in both. */
  #uniqueAnchors({ a0, a1 }: Range): Anchors {
    let count = 0;
    for (let i = a0; i < a1; i++) if (this.#isUnique(this.#a[i] as number)) count++;
    if (count === 0) return none;
    const candidates = new Int32Array(count);
    for (let i = a1 - 1; i >= a0; i--) if (this.#isUnique(this.#a[i] as number)) candidates[--count] = i;
    return longestIncreasing({
      inA: candidates,
      inB: candidates.map((i) => this.#bPlaces[this.#a[i] as number] as number),
    });
  }

  #isUnique(symbol: number): boolean {
    return this.#aCounts[symbol] === 1 && this.#bCounts[symbol] === 1;
  }

  /** Takes the elements that stand on both sides, and their places: the others are in nobody's way. */
  #takeShared({ a0, a1, b0, b1 }: Range): { aCount: number; bCount: number } {
    if (this.#aShared.length < a1 - a0) [this.#aShared, this.#aSharedPlaces] = [scratch(a1 - a0), scratch(a1 - a0)];
    if (this.#bShared.length < b1 - b0) [this.#bShared, this.#bSharedPlaces] = [scratch(b1 - b0), scratch(b1 - b0)];
    let [aCount, bCount] = [0, 0];
    for (let at = a0; at < a1; at++) {
      const symbol = this.#a[at] as number;
      if (this.#bCounts[symbol] === 0) continue;
      this.#aShared[aCount] = symbol;
      this.#aSharedPlaces[aCount++] = at;
    }
    for (let at = b0; at < b1; at++) {
      const symbol = this.#b[at] as number;
      if (this.#aCounts[symbol] === 0) continue;
      this.#bShared[bCount] = symbol;
      this.#bSharedPlaces[bCount++] = at;
    }
    return { aCount, bCount };
  }

  #found(a: number, b: number, length: number): void {
    for (let i = 0; i < length; i++)
      this.#out.add(this.#aSharedPlaces[a + i] as number, this.#bSharedPlaces[b + i] as number, 1);
  }

  /** Myers' algorithm over what both share, in linear space: the middle of a shortest path, then both halves. */
  #myers(aCount: number, bCount: number): void {
    if (aCount === 0 || bCount === 0) return;
    const size = aCount + bCount + 3;
    if (this.#forward.length < size) [this.#forward, this.#backward] = [scratch(size), scratch(size)];
    const open: (Range | { found: Match })[] = [{ a0: 0, a1: aCount, b0: 0, b1: bCount }];
    for (let next = open.pop(); next; next = open.pop()) {
      if ('found' in next) {
        this.#found(next.found.a, next.found.b, next.found.length);
        continue;
      }
      const inner = withoutEnds(this.#aShared, this.#bShared, next);
      const { a0, a1, b0, b1 } = inner;
      this.#found(next.a0, next.b0, a0 - next.a0);
      open.push({ found: { a: a1, b: b1, length: next.a1 - a1 } });
      this.#cost.add(next.a1 - next.a0 - (a1 - a0));
      if (a0 === a1 || b0 === b1) continue;
      if (this.#cost.exceeded) {
        this.#out.incomplete = true;
        continue;
      }
      const { a, b } = this.#middle(inner);
      open.push({ a0: a, a1, b0: b, b1 }, { a0, a1: a, b0, b1: b });
    }
  }

  /** A place on a shortest path through the range, which has no common ends; beyond `maxEdits` on one that goes far. */
  #middle({ a0, a1, b0, b1 }: Range): Place {
    const [a, b] = [this.#aShared, this.#bShared];
    const [n, m] = [a1 - a0, b1 - b0];
    const delta = n - m;
    const isOdd = (delta & 1) !== 0;
    // Diagonal k is x - y; from the end both are counted backwards. Index 0 is diagonal -m - 1.
    const [forward, backward, zero] = [this.#forward, this.#backward, m + 1];
    forward[zero] = 0;
    backward[zero] = 0;
    for (let d = 1; ; d++) {
      const low = d <= m ? -d : -m + ((d - m) & 1);
      const high = d <= n ? d : n - ((d - n) & 1);
      if (d <= m) {
        forward[zero - d - 1] = unreached;
        backward[zero - d - 1] = unreached;
      }
      if (d <= n) {
        forward[zero + d + 1] = unreached;
        backward[zero + d + 1] = unreached;
      }
      for (let k = low; k <= high; k += 2) {
        let x = further(forward, zero + k);
        if (x < 0 || x > n || x - k > m) {
          forward[zero + k] = unreached;
          continue;
        }
        const start = x;
        while (x < n && x - k < m && a[a0 + x] === b[b0 + x - k]) x++;
        this.#cost.add(1 + x - start);
        forward[zero + k] = x;
        const opposite = delta - k;
        if (isOdd && opposite > -d && opposite < d && x + (backward[zero + opposite] as number) >= n) {
          return { a: a0 + x, b: b0 + x - k };
        }
      }
      for (let k = low; k <= high; k += 2) {
        let x = further(backward, zero + k);
        if (x < 0 || x > n || x - k > m) {
          backward[zero + k] = unreached;
          continue;
        }
        const start = x;
        while (x < n && x - k < m && a[a1 - 1 - x] === b[b1 - 1 - x + k]) x++;
        this.#cost.add(1 + x - start);
        backward[zero + k] = x;
        const opposite = delta - k;
        if (!isOdd && opposite >= -d && opposite <= d && x + (forward[zero + opposite] as number) >= n) {
          return { a: a1 - x, b: b1 - (x - k) };
        }
      }
      if (2 * d >= maxEdits) {
        this.#out.incomplete = true;
        const [x, y] = furthest(forward, zero, low, high);
        const [fromEndX, fromEndY] = furthest(backward, zero, low, high);
        if (x + y >= fromEndX + fromEndY) return { a: a0 + x, b: b0 + y };
        return { a: a1 - fromEndX, b: b1 - fromEndY };
      }
    }
  }
}

/** From `a0` to `a1` of the first sequence, from `b0` to `b1` of the second (ends exclusive). */
interface Range {
  readonly a0: number;
  readonly a1: number;
  readonly b0: number;
  readonly b1: number;
}

/** Elements that are the same, by their places in both sequences. */
interface Anchors {
  readonly inA: Int32Array;
  readonly inB: Int32Array;
}

const none: Anchors = { inA: new Int32Array(0), inB: new Int32Array(0) };

interface Place {
  readonly a: number;
  readonly b: number;
}

/** The range without what both begin and end with. */
function withoutEnds(a: Int32Array, b: Int32Array, { a0, a1, b0, b1 }: Range): Range {
  let [aStart, bStart, aEnd, bEnd] = [a0, b0, a1, b1];
  while (aStart < aEnd && bStart < bEnd && a[aStart] === b[bStart]) {
    aStart++;
    bStart++;
  }
  while (aEnd > aStart && bEnd > bStart && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--;
    bEnd--;
  }
  return { a0: aStart, a1: aEnd, b0: bStart, b1: bEnd };
}

/** Room for `length` numbers, and for more: the next one who needs some is not to pay again. */
function scratch(length: number): Int32Array<ArrayBuffer> {
  return new Int32Array(2 * length);
}

class MatchBuilder {
  readonly matches: Match[] = [];
  incomplete = false;
  #last = { a: 0, b: 0, length: Number.NaN };

  add(a: number, b: number, length: number): void {
    if (length === 0) return;
    const last = this.#last;
    if (last.a + last.length === a && last.b + last.length === b) {
      last.length += length;
    } else {
      this.#last = { a, b, length };
      this.matches.push(this.#last);
    }
  }
}

/** How far a path gets on a diagonal by one edit from one beside it. */
function further(reached: Int32Array, diagonal: number): number {
  const fromBelow = (reached[diagonal - 1] as number) + 1;
  const fromAbove = reached[diagonal + 1] as number;
  return fromBelow > fromAbove ? fromBelow : fromAbove;
}

function furthest(reached: Int32Array, zero: number, low: number, high: number): [x: number, y: number] {
  let [bestX, bestY] = [0, 0];
  for (let k = low; k <= high; k += 2) {
    const x = reached[zero + k] as number;
    if (2 * x - k > bestX + bestY) [bestX, bestY] = [x, x - k];
  }
  return [bestX, bestY];
}

/** Patience sorting: the longest part with increasing places in the second sequence, too, in O(n log n). */
function longestIncreasing({ inA, inB }: Anchors): Anchors {
  const count = inA.length;
  /** Of each length so far, the last of the part that ends first. */
  const tops = new Int32Array(count);
  const previous = new Int32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) {
    const b = inB[i] as number;
    let low = 0;
    let high = length;
    // Most often it goes behind all others.
    if (high > 0 && (inB[tops[high - 1] as number] as number) < b) low = high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((inB[tops[middle] as number] as number) < b) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[i] = tops[low - 1] as number;
    tops[low] = i;
    if (low === length) length++;
  }
  const found = new Int32Array(length);
  for (let at = length - 1, i = tops[at] as number; at >= 0; at--, i = previous[i] as number) found[at] = i;
  return { inA: found.map((i) => inA[i] as number), inB: found.map((i) => inB[i] as number) };
}
