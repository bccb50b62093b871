/** How well scores rank commits, the riskiest first. Each is 0 to 1. */
export interface Ranking {
  /** The probability that a faulty commit has a higher score than a good one; of equal ones half counts. */
  readonly auc: number;
  /** Average precision: the area under precision over recall. */
  readonly prAuc: number;
  /** The share of faulty commits that is among the riskiest 20 % of commits. */
  readonly recall20: number;
  /** The share of the riskiest 10 % that is faulty. */
  readonly precision10: number;
}

/** Commits of equal score share their places: what they count for is spread evenly over them. */
export function rankingOf(scores: Float64Array, faulty: Uint8Array): Ranking {
  const order = orderOf(scores);
  const ties = tiesOf(order, scores, faulty);
  const all = faulty.length;
  const positives = faulty.reduce((sum, label) => sum + label, 0);
  let precisionSum = 0;
  let [places, found] = [0, 0];
  for (const tie of ties) {
    const rate = tie.faulty / tie.size;
    for (let place = 1; place <= tie.size; place++) {
      precisionSum += (rate * (found + rate * place)) / (places + place);
    }
    places += tie.size;
    found += tie.faulty;
  }
  return {
    auc: aucOfSample(order, scores, faulty, new Uint32Array(all).fill(1)),
    prAuc: precisionSum / positives,
    recall20: foundAmong(ties, 0.2 * all) / positives,
    precision10: foundAmong(ties, 0.1 * all) / (0.1 * all),
  };
}

/** The area under the curve alone, of a part of commits, in which one may occur several times. @param order all, by score, the highest first */
export function aucOfSample(order: Uint32Array, scores: Float64Array, faulty: Uint8Array, counts: Uint32Array): number {
  let [goodBelow, pairs, positives, negatives] = [0, 0, 0, 0];
  let [tiedFaulty, tiedGood] = [0, 0];
  const close = (): void => {
    pairs += tiedFaulty * (goodBelow + tiedGood / 2);
    goodBelow += tiedGood;
    positives += tiedFaulty;
    negatives += tiedGood;
    [tiedFaulty, tiedGood] = [0, 0];
  };
  for (let place = order.length - 1; place >= 0; place--) {
    const index = order[place] as number;
    const count = counts[index] as number;
    if (faulty[index] === 1) tiedFaulty += count;
    else tiedGood += count;
    if (place === 0 || scores[index] !== scores[order[place - 1] as number]) close();
  }
  return pairs / (positives * negatives);
}

/** All commits by score, the highest first. */
export function orderOf(scores: Float64Array): Uint32Array {
  return Uint32Array.from(scores.keys()).sort((a, b) => (scores[b] as number) - (scores[a] as number));
}

interface Tie {
  readonly size: number;
  readonly faulty: number;
}

/** Commits of equal score together, the riskiest first. */
function tiesOf(order: Uint32Array, scores: Float64Array, faulty: Uint8Array): Tie[] {
  const ties: { size: number; faulty: number }[] = [];
  let last: number | undefined;
  for (const index of order) {
    if (scores[index] !== last) ties.push({ size: 0, faulty: 0 });
    last = scores[index];
    const tie = ties.at(-1) as { size: number; faulty: number };
    tie.size++;
    tie.faulty += faulty[index] as number;
  }
  return ties;
}

/** Faulty commits in the first places; of a tie that is cut, its share. */
function foundAmong(ties: readonly Tie[], places: number): number {
  let [left, found] = [places, 0];
  for (const { size, faulty } of ties) {
    if (left <= 0) break;
    found += faulty * Math.min(1, left / size);
    left -= size;
  }
  return found;
}
