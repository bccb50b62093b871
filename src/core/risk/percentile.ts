/**
 * The share of the reference that is below the value, in percent, 0 to 100; of equal ones half counts (the middle of their
 * ranks). 0 below all of them, 100 above all of them. @param reference at least one number, in any order
 */
export function percentileAmong(value: number, reference: readonly number[]): number {
  let below = 0;
  let equal = 0;
  for (const other of reference) {
    if (other < value) below++;
    else if (other === value) equal++;
  }
  return (100 * (below + equal / 2)) / reference.length;
}

/**
 * The same among what only its quantiles are known of, with straight lines between them: 0 below the first, 100 above the
 * last, and the middle of the quantiles that are equal to the value. @param quantiles ascending, the minimum first and the
 * maximum last, at the same distance from each other
 */
export function percentileByQuantiles(value: number, quantiles: readonly number[]): number {
  const below = quantiles.filter((quantile) => quantile < value).length;
  const equal = quantiles.filter((quantile) => quantile === value).length;
  if (below === quantiles.length) return 100;
  if (equal > 0) return percentOf(below + (equal - 1) / 2, quantiles);
  if (below === 0) return 0;
  const [from, to] = [quantiles[below - 1] as number, quantiles[below] as number];
  return percentOf(below - 1 + (value - from) / (to - from), quantiles);
}

function percentOf(position: number, quantiles: readonly number[]): number {
  return (100 * position) / (quantiles.length - 1);
}
