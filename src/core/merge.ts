import type { Author, UnknownAuthor } from './author.ts';
import { RunMap } from './runs.ts';

/**
 * Joins what two witnesses say of the same text, stretch by stretch. `choose` gets both authors and the stretch's length;
 * a cut that only one of them saw comes with `undefined` for the other, and is dropped where `choose` gives none.
 */
export function mergeRuns(
  first: RunMap,
  second: RunMap,
  choose: (first: Author | undefined, second: Author | undefined) => Author | undefined,
): RunMap {
  if (first.length !== second.length)
    throw new RangeError(`texts of ${first.length} and ${second.length} are not the same`);
  const result = new RunMap();
  const [a, b] = [[...first], [...second]];
  let [i, j, takenA, takenB] = [0, 0, 0, 0];
  while (i < a.length || j < b.length) {
    const [runA, runB] = [a[i], b[j]];
    const cutA = takenA === 0 && runA?.length === 0;
    const cutB = takenB === 0 && runB?.length === 0;
    if (cutA || cutB) {
      const author = choose(cutA ? runA.author : undefined, cutB ? runB.author : undefined);
      if (author) result.append(0, author);
      if (cutA) i++;
      if (cutB) j++;
      continue;
    }
    if (!runA || !runB) break;
    const length = Math.min(runA.length - takenA, runB.length - takenB);
    result.append(length, choose(runA.author, runB.author) ?? runA.author);
    takenA += length;
    takenB += length;
    if (takenA === runA.length) [i, takenA] = [i + 1, 0];
    if (takenB === runB.length) [j, takenB] = [j + 1, 0];
  }
  return result;
}

/** `first`, and what `second` knows where `first` does not: somebody, or that it was noticed earlier. */
export function fillUnknown(first: RunMap, second: RunMap): RunMap {
  return mergeRuns(first, second, (a, b) => (a?.origin === 'unknown' && b ? betterKnown(a, b) : (a ?? b)));
}

/** Somebody, else the one that was noticed earlier; that it was pasted is known to the one who saw it. */
export function betterKnown(nobody: UnknownAuthor, other: Author): Author {
  if (other.origin !== 'unknown') return other;
  const isEarlier = other.at !== undefined && (nobody.at === undefined || other.at < nobody.at);
  return isEarlier && nobody.reason !== 'paste' ? other : nobody;
}
