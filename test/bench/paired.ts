import type { Figure } from './figure.ts';

/** Something whose time is taken; what it gives back is kept from being optimised away. */
export type Work = () => unknown;

export interface Ratio extends Pick<Figure, 'name' | 'limit'> {
  readonly subject: Work;
  readonly reference: Work;
  /** What the two are, for the remark: `RunMap.replace` and `TextDocument.update`. */
  readonly subjectName: string;
  readonly referenceName: string;
  /** Runs of each that count, taken in turn. */
  readonly pairs?: number;
  /** Runs of each before, which do not: the engine compiles what is hot. */
  readonly warmUp?: number;
}

/**
 * The median of `subject`'s times over the median of `reference`'s, run in turn so that both meet the same machine. The
 * noise is what `reference` measures against itself, every other run against those between, and the spread of the pairs.
 */
export function measureRatio(ratio: Ratio): Figure {
  const { name, limit, subject, reference, pairs = 21, warmUp = 3 } = ratio;
  for (let i = 0; i < warmUp; i++) {
    time(subject);
    time(reference);
  }
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < pairs; i++) {
    // Who is first changes, too: what one leaves to the garbage collector the other may pay.
    if (i % 2 === 0) ours.push(time(subject));
    theirs.push(time(reference));
    if (i % 2 === 1) ours.push(time(subject));
  }
  const spread = ours.map((value, i) => value / (theirs[i] as number)).sort((a, b) => a - b);
  const self = median(theirs.filter((_, i) => i % 4 < 2)) / median(theirs.filter((_, i) => i % 4 >= 2));
  return {
    name,
    value: median(ours) / median(theirs),
    unit: 'x',
    ...(limit !== undefined && { limit }),
    noise: `pairs ${spread[0]?.toFixed(2)} to ${spread.at(-1)?.toFixed(2)}, reference to itself ${self.toFixed(2)}`,
    remark: `${ratio.subjectName} ${milliseconds(median(ours))}, ${ratio.referenceName} ${milliseconds(median(theirs))}`,
  };
}

/** The median of the ratios of values to those that were measured beside them. */
export function ratioOfPairs(
  name: string,
  values: readonly number[],
  to: readonly number[],
  unit: string,
  limit?: number,
): Figure {
  const ratios = values.map((value, i) => value / (to[i] as number)).sort((a, b) => a - b);
  const noise = `${ratios[0]?.toFixed(2)}–${ratios.at(-1)?.toFixed(2)} over ${ratios.length} pairs`;
  const pair = (of: (all: readonly number[]) => number): string =>
    `${of(values).toFixed(1)} ${unit} against ${of(to).toFixed(1)} ${unit}`;
  const remark = `${pair(median)}; least ${pair((all) => Math.min(...all))}`;
  return { name, value: median(ratios), unit: 'x', ...(limit !== undefined && { limit }), noise, remark };
}

/** Fastest and median time of `work` in ms, and their spread. */
export function measureTime(
  work: Work,
  { runs = 7, warmUp = 2 } = {},
): { fastest: number; median: number; noise: string } {
  for (let i = 0; i < warmUp; i++) time(work);
  const times = Array.from({ length: runs }, () => time(work)).sort((a, b) => a - b);
  return {
    fastest: times[0] as number,
    median: median(times),
    noise: `${milliseconds(times[0] as number)} to ${milliseconds(times.at(-1) as number)}`,
  };
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

export function milliseconds(value: number): string {
  return `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} ms`;
}

let kept: unknown;

/** How long something takes, in ms. */
export function time(work: Work): number {
  const start = performance.now();
  kept = work();
  return performance.now() - start;
}

/** The last result, read by nobody: so the engine cannot prove that it is not needed. */
export function lastResult(): unknown {
  return kept;
}
