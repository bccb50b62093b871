import { diffArrays } from 'diff';

/** `length` elements that are the same in both sequences, from `a` in the first and `b` in the second (0-based). */
export interface Match {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

export interface Alignment {
  /** In order, never crossing, never touching in both sequences at once. */
  readonly matches: readonly Match[];
  /** True where the cost limit was met and some equal elements may not be matched. */
  readonly incomplete: boolean;
}

/** Edits that Myers' algorithm may look for between two anchors; its cost grows with their square. */
const maxEdits = 1_000;

/**
 * Aligns two sequences so that as much as possible stays the same: common ends, then elements that are unique in both
 * (patience anchors, near linear), then Myers between two anchors. The anchors bound the cost and keep duplicates such
 * as `}` in their place by their neighbours.
 */
export function align(a: readonly string[], b: readonly string[]): Alignment {
  const [left, right] = intern(a, b);
  const builder = new MatchBuilder();
  alignRange(left, right, 0, a.length, 0, b.length, builder);
  return { matches: builder.matches, incomplete: builder.incomplete };
}

class MatchBuilder {
  readonly matches: Match[] = [];
  incomplete = false;

  add(a: number, b: number, length: number): void {
    if (length === 0) return;
    const previous = this.matches.at(-1);
    if (previous && previous.a + previous.length === a && previous.b + previous.length === b) {
      this.matches[this.matches.length - 1] = { ...previous, length: previous.length + length };
    } else {
      this.matches.push({ a, b, length });
    }
  }
}

/** The same number for the same string, so that comparing is cheap. */
function intern(a: readonly string[], b: readonly string[]): [Uint32Array, Uint32Array] {
  const ids = new Map<string, number>();
  const number = (element: string): number => {
    const known = ids.get(element);
    if (known !== undefined) return known;
    ids.set(element, ids.size);
    return ids.size - 1;
  };
  return [Uint32Array.from(a, number), Uint32Array.from(b, number)];
}

function alignRange(
  a: Uint32Array,
  b: Uint32Array,
  aStart: number,
  aEnd: number,
  bStart: number,
  bEnd: number,
  out: MatchBuilder,
): void {
  let prefix = 0;
  while (aStart + prefix < aEnd && bStart + prefix < bEnd && a[aStart + prefix] === b[bStart + prefix]) prefix++;
  out.add(aStart, bStart, prefix);
  const [a0, b0] = [aStart + prefix, bStart + prefix];
  let suffix = 0;
  while (aEnd - suffix > a0 && bEnd - suffix > b0 && a[aEnd - suffix - 1] === b[bEnd - suffix - 1]) suffix++;
  const [a1, b1] = [aEnd - suffix, bEnd - suffix];
  if (a0 < a1 && b0 < b1) {
    const anchors = uniqueAnchors(a, b, a0, a1, b0, b1);
    if (anchors.length === 0) {
      myers(a, b, a0, a1, b0, b1, out);
    } else {
      let [atA, atB] = [a0, b0];
      for (const anchor of anchors) {
        if (anchor.a < atA || anchor.b < atB) continue; // the range before has run over it
        alignRange(a, b, atA, anchor.a, atB, anchor.b, out);
        out.add(anchor.a, anchor.b, 1);
        [atA, atB] = [anchor.a + 1, anchor.b + 1];
      }
      alignRange(a, b, atA, a1, atB, b1, out);
    }
  }
  out.add(a1, b1, suffix);
}

/** Elements that stand exactly once in each range, in the longest order that is the same in both. */
function uniqueAnchors(a: Uint32Array, b: Uint32Array, a0: number, a1: number, b0: number, b1: number): Match[] {
  const places = new Map<number, { a: number; b: number; aCount: number; bCount: number }>();
  for (let i = a0; i < a1; i++) {
    const place = places.get(a[i] as number);
    if (place) place.aCount++;
    else places.set(a[i] as number, { a: i, b: -1, aCount: 1, bCount: 0 });
  }
  for (let i = b0; i < b1; i++) {
    const place = places.get(b[i] as number);
    if (!place) continue;
    place.b = i;
    place.bCount++;
  }
  // The map keeps the order of `a`, so the longest increasing sequence of `b` never crosses.
  const candidates: Match[] = [];
  for (const { a: x, b: y, aCount, bCount } of places.values()) {
    if (aCount === 1 && bCount === 1) candidates.push({ a: x, b: y, length: 1 });
  }
  return longestIncreasing(candidates);
}

/** Patience sorting: the longest subsequence with increasing `b`, in O(n log n). */
function longestIncreasing(candidates: readonly Match[]): Match[] {
  const tops: number[] = [];
  const previous = new Int32Array(candidates.length).fill(-1);
  for (let i = 0; i < candidates.length; i++) {
    const { b } = candidates[i] as Match;
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((candidates[tops[middle] as number] as Match).b < b) low = middle + 1;
      else high = middle;
    }
    previous[i] = low > 0 ? (tops[low - 1] as number) : -1;
    tops[low] = i;
  }
  const result: Match[] = [];
  for (let i = tops.at(-1) ?? -1; i >= 0; i = previous[i] as number) result.push(candidates[i] as Match);
  return result.reverse();
}

function myers(
  a: Uint32Array,
  b: Uint32Array,
  a0: number,
  a1: number,
  b0: number,
  b1: number,
  out: MatchBuilder,
): void {
  const changes = diffArrays(Array.from(a.subarray(a0, a1)), Array.from(b.subarray(b0, b1)), {
    maxEditLength: maxEdits,
  });
  if (!changes) {
    out.incomplete = true;
    return;
  }
  let [i, j] = [a0, b0];
  for (const change of changes) {
    if (change.removed) i += change.count;
    else if (change.added) j += change.count;
    else {
      out.add(i, j, change.count);
      i += change.count;
      j += change.count;
    }
  }
}
