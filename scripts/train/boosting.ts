import { stepIndex } from '../../src/core/risk/additive.ts';

/** Commits as numbers: a column a measure. */
export interface Samples {
  readonly columns: readonly Float64Array[];
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
  /** The group that a sample belongs to, from 0 on: each has a base rate of its own, which says nothing of a change. */
  readonly groups: Uint32Array;
}

export interface Settings {
  /** Quantile bins of a measure, at most 256. */
  readonly bins: number;
  readonly rounds: number;
  /** The part of a split that is added. All measures are added at once: with more than a part for each it would diverge. */
  readonly learningRate: number;
  /** Added to the curvature of a side of a split: the larger, the less do few samples say. */
  readonly shrinkage: number;
}

/** The steps of one measure. */
export interface Steps {
  readonly thresholds: readonly number[];
  readonly values: Float64Array;
}

/**
 * Fits an additive model of step functions by Newton boosting with stumps: each round gives each measure the one split that
 * fits the residuals best, and a small part of all of them is added at once. A rising measure takes only splits that rise, so its sum rises, too.
 * Deterministic.
 */
export function fitSteps(samples: Samples, rising: readonly boolean[], settings: Settings): Steps[] {
  const { labels, weights } = samples;
  const binned = samples.columns.map((column) => {
    const thresholds = quantileThresholds(column, weights, settings.bins);
    const bins = Uint8Array.from(column, (value) => stepIndex(thresholds, value));
    return { thresholds, bins, values: new Float64Array(thresholds.length + 1) };
  });
  const scores = new Float64Array(labels.length);
  const bases = baseRates(samples);
  const gradients = new Float64Array(labels.length);
  const curvatures = new Float64Array(labels.length);

  for (let round = 0; round < settings.rounds; round++) {
    derive(samples, scores, bases, gradients, curvatures);
    const steps = binned.map(({ bins, values }, measure) => {
      const gradient = new Float64Array(values.length);
      const curvature = new Float64Array(values.length);
      for (let i = 0; i < bins.length; i++) {
        const bin = bins[i] as number;
        gradient[bin] = (gradient[bin] as number) + (gradients[i] as number);
        curvature[bin] = (curvature[bin] as number) + (curvatures[i] as number);
      }
      return bestSplit(gradient, curvature, rising[measure] === true, settings.shrinkage);
    });
    for (const [measure, split] of steps.entries()) {
      if (split === undefined) continue;
      const { bins, values } = binned[measure] as (typeof binned)[number];
      const below = settings.learningRate * split.below;
      const above = settings.learningRate * split.above;
      for (let bin = 0; bin < values.length; bin++) {
        values[bin] = (values[bin] as number) + (bin <= split.last ? below : above);
      }
      for (let i = 0; i < bins.length; i++) {
        scores[i] = (scores[i] as number) + ((bins[i] as number) <= split.last ? below : above);
      }
    }
  }
  return binned.map(({ thresholds, values }) => ({ thresholds, values }));
}

/** The log-odds of each group, to begin with. */
function baseRates({ labels, groups }: Samples): Float64Array {
  const counts: { all: number; positive: number }[] = [];
  for (const [index, group] of groups.entries()) {
    counts[group] ??= { all: 0, positive: 0 };
    counts[group].all++;
    counts[group].positive += labels[index] as number;
  }
  return Float64Array.from(counts, ({ all, positive }) => Math.log((positive + 1) / (all - positive + 1)));
}

/** Gradient and curvature of the weighted log-likelihood at each sample; the groups' base rates go one Newton step on. */
function derive(
  { labels, weights, groups }: Samples,
  scores: Float64Array,
  bases: Float64Array,
  gradients: Float64Array,
  curvatures: Float64Array,
): void {
  const gradient = new Float64Array(bases.length);
  const curvature = new Float64Array(bases.length);
  for (let i = 0; i < labels.length; i++) {
    const group = groups[i] as number;
    const weight = weights[i] as number;
    const probability = 1 / (1 + Math.exp(-(scores[i] as number) - (bases[group] as number)));
    gradients[i] = weight * ((labels[i] as number) - probability);
    curvatures[i] = weight * probability * (1 - probability);
    gradient[group] = (gradient[group] as number) + (gradients[i] as number);
    curvature[group] = (curvature[group] as number) + (curvatures[i] as number);
  }
  for (let group = 0; group < bases.length; group++) {
    const slope = gradient[group] as number;
    bases[group] = (bases[group] as number) + slope / ((curvature[group] as number) + 1e-9);
  }
}

interface Split {
  /** The last bin that is below. */
  readonly last: number;
  /** Newton steps of the two sides. */
  readonly below: number;
  readonly above: number;
}

function bestSplit(
  gradient: Float64Array,
  curvature: Float64Array,
  mustRise: boolean,
  shrinkage: number,
): Split | undefined {
  const total = { gradient: sum(gradient), curvature: sum(curvature) };
  let best: Split | undefined;
  let bestGain = 0;
  let gradientBelow = 0;
  let curvatureBelow = 0;
  for (let last = 0; last < gradient.length - 1; last++) {
    gradientBelow += gradient[last] as number;
    curvatureBelow += curvature[last] as number;
    const gradientAbove = total.gradient - gradientBelow;
    const below = gradientBelow / (curvatureBelow + shrinkage);
    const above = gradientAbove / (total.curvature - curvatureBelow + shrinkage);
    if (mustRise && below > above) continue;
    const gain = gradientBelow * below + gradientAbove * above;
    if (gain > bestGain) {
      bestGain = gain;
      best = { last, below, above };
    }
  }
  return best;
}

/**
 * Thresholds that part a column into bins of about the same weight, ascending: each is a value of the column, shortened to
 * four digits, and begins a bin.
 */
function quantileThresholds(column: Float64Array, weights: Float64Array, bins: number): number[] {
  const order = Uint32Array.from(column.keys()).sort((a, b) => (column[a] as number) - (column[b] as number));
  const step = sum(weights) / bins;
  const thresholds: number[] = [];
  let weightBefore = 0;
  let next = step;
  let previous = column[order[0] as number] as number;
  for (const index of order) {
    const value = column[index] as number;
    if (value > previous && weightBefore >= next) {
      const threshold = Number(value.toPrecision(4));
      if (threshold > (thresholds.at(-1) ?? Number.NEGATIVE_INFINITY)) thresholds.push(threshold);
      next = (Math.floor(weightBefore / step) + 1) * step;
    }
    previous = value;
    weightBefore += weights[index] as number;
  }
  return thresholds;
}

function sum(numbers: Float64Array): number {
  return numbers.reduce((total, number) => total + number, 0);
}
