import type { Features } from './features.ts';
import { type Measure, measureOf } from './measures.ts';

/**
 * Adds `values[n]` to the log-odds, `n` being the number of thresholds that the measure has reached. Centred: over the
 * training set the values are 0 on average, so that a value says how the change differs from the average one.
 */
export interface StepTable {
  readonly measure: Measure;
  /** Ascending. */
  readonly thresholds: readonly number[];
  /** Log-odds; one more than thresholds. */
  readonly values: readonly number[];
}

/** The model for changes of which a certain part of the features is known. */
export interface ModelVariant {
  readonly intercept: number;
  readonly tables: readonly StepTable[];
  /** The logits of the training set: its minimum, each hundredth, its maximum; 101 numbers, ascending. */
  readonly quantiles: readonly number[];
}

/** What one measure adds to the logit of a change. */
export interface MeasureContribution {
  readonly measure: Measure;
  readonly value: number;
  /** Compared with the average change of the training set. */
  readonly logOdds: number;
}

/** Whether all that the variant asks for is known. */
export function isApplicable({ tables }: ModelVariant, features: Features): boolean {
  return tables.every(({ measure }) => measureOf(measure, features) !== undefined);
}

/** What each measure adds, in the order of the tables. @throws Error where the variant is not applicable */
export function contributionsOf({ tables }: ModelVariant, features: Features): MeasureContribution[] {
  return tables.map((table) => {
    const value = measureOf(table.measure, features);
    if (value === undefined)
      throw new Error(`The change has no ${table.measure}, for which the variant of the model asks.`);
    return { measure: table.measure, value, logOdds: stepOf(table, value) };
  });
}

/**
 * The log-odds that the change has to be mended later, at the training set's share of such changes: the intercept and the
 * contributions, added in their order. A number to rank by, not one to be believed as it stands.
 */
export function logitOf(variant: ModelVariant, features: Features): number {
  return contributionsOf(variant, features).reduce((sum, { logOdds }) => sum + logOdds, variant.intercept);
}

/** The probability that belongs to a logit. */
export function probabilityOf(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** What a table adds for a value. Whatever is below all thresholds, a negative number and NaN too, is on the lowest step. */
function stepOf({ thresholds, values }: StepTable, value: number): number {
  return values[stepIndex(thresholds, value)] as number;
}

/** How many of the ascending thresholds the value has reached; none for NaN. */
export function stepIndex(thresholds: readonly number[], value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value >= (thresholds[middle] as number)) low = middle + 1;
    else high = middle;
  }
  return low;
}
