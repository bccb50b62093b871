import { logitOf, type ModelVariant, probabilityOf, type StepTable, stepIndex } from '../../src/core/risk/additive.ts';
import { type Measure, measureOf, measures } from '../../src/core/risk/measures.ts';
import { fitSteps, type Samples, type Settings } from './boosting.ts';
import { type LabelledCommit, projectsOf } from './dataset.ts';

/** Chosen by `npm run train -- --select`, on commits that the evaluation does not test with. */
export const settings: Settings = { bins: 64, rounds: 400, learningRate: 0.05, shrinkage: 10 };

/** More of these never makes a change less risky. */
const rising: readonly Measure[] = ['lines-added', 'files', 'directories', 'file-lines'];

const history: readonly Measure[] = ['age', 'changes-per-line', 'people-per-change'];
const without = (...missing: readonly Measure[]): Measure[] => measures.filter((measure) => !missing.includes(measure));

/** The measures of each variant that ships: what may be missing is the history, the size of the files, and the purpose. */
export const variantMeasures = {
  'all known': measures,
  'purpose unknown': without('fix'),
  'history unknown': without(...history),
  'history and purpose unknown': without(...history, 'fix'),
  'history and size of files unknown': without(...history, 'file-lines'),
  'history, size of files and purpose unknown': without(...history, 'file-lines', 'fix'),
} as const satisfies Readonly<Record<string, readonly Measure[]>>;

/** A model of these measures. Rounded as it ships, so what is evaluated is what ships. */
export function fitVariant(
  commits: readonly LabelledCommit[],
  chosen: readonly Measure[],
  how: Settings = settings,
): ModelVariant {
  const samples = samplesOf(commits, chosen);
  const steps = fitSteps(
    samples,
    chosen.map((measure) => rising.includes(measure)),
    how,
  );
  const tables = steps.map(({ thresholds, values }, index): StepTable => {
    const column = samples.columns[index] as Float64Array;
    const mean = weightedMean(column, samples.weights, (value) => values[stepIndex(thresholds, value)] as number);
    const centred = Array.from(values, (value) => rounded(value - mean, 4));
    return { measure: chosen[index] as Measure, ...merged(thresholds, centred) };
  });
  const free: ModelVariant = { intercept: 0, tables, quantiles: [] };
  const logits = Float64Array.from(commits, ({ features }) => logitOf(free, features));
  const intercept = interceptFor(logits, samples);
  const shifted = logits.map((logit) => logit + intercept);
  return { ...free, intercept, quantiles: quantilesOf(shifted, samples.weights) };
}

/** Each project weighs the same, and has base rates of its own: how many of its commits were found wanting, in each period. */
function samplesOf(commits: readonly LabelledCommit[], chosen: readonly Measure[]): Samples {
  const sizes = new Map<string, number>();
  const groups = new Map<string, number>();
  for (const { project, period } of commits) {
    sizes.set(project, (sizes.get(project) ?? 0) + 1);
    const group = `${project} ${period}`;
    if (!groups.has(group)) groups.set(group, groups.size);
  }
  const share = commits.length / projectsOf(commits).length;
  return {
    columns: chosen.map((measure) => Float64Array.from(commits, ({ features }) => known(measureOf(measure, features)))),
    labels: Uint8Array.from(commits, ({ bug }) => Number(bug)),
    weights: Float64Array.from(commits, ({ project }) => share / (sizes.get(project) as number)),
    groups: Uint32Array.from(commits, ({ project, period }) => groups.get(`${project} ${period}`) as number),
  };
}

function known(value: number | undefined): number {
  if (value === undefined) throw new Error('A commit of the training set lacks a feature.');
  return value;
}

/** Neighbours of the same value are one step. */
function merged(thresholds: readonly number[], values: readonly number[]): Pick<StepTable, 'thresholds' | 'values'> {
  const kept = values.map((value, index) => index === 0 || value !== values[index - 1]);
  return {
    thresholds: thresholds.filter((_, index) => kept[index + 1]),
    values: values.filter((_, index) => kept[index]),
  };
}

/** With which the mean probability is the share of commits that had to be mended, each project weighing the same. */
function interceptFor(logits: Float64Array, { labels, weights }: Samples): number {
  const share = weightedMean(labels, weights, (label) => label);
  let [low, high] = [-20, 20];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (weightedMean(logits, weights, (logit) => probabilityOf(logit + middle)) < share) low = middle;
    else high = middle;
  }
  return rounded(low, 4);
}

function quantilesOf(logits: Float64Array, weights: Float64Array): number[] {
  const order = Array.from(logits.keys()).sort((a, b) => (logits[a] as number) - (logits[b] as number));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const quantiles: number[] = [];
  let before = 0;
  for (const index of order) {
    before += weights[index] as number;
    while (quantiles.length < 100 && before > (quantiles.length * total) / 100) {
      quantiles.push(rounded(logits[index] as number, 4));
    }
  }
  return [...quantiles, rounded(logits[order.at(-1) as number] as number, 4)];
}

function weightedMean(
  numbers: Float64Array | Uint8Array,
  weights: Float64Array,
  of: (number: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < numbers.length; i++) {
    sum += (weights[i] as number) * of(numbers[i] as number);
    total += weights[i] as number;
  }
  return sum / total;
}

function rounded(number: number, digits: number): number {
  return Number(number.toFixed(digits));
}
