import { contributionsOf, isApplicable, logitOf } from './additive.ts';
import { type Calibration, probabilityOf } from './calibration.ts';
import type { Features } from './features.ts';
import type { ModelAnswer } from './input.ts';
import { describeMeasure } from './measures.ts';
import { variantFor, variants } from './model.ts';
import { percentileAmong, percentileByQuantiles } from './percentile.ts';

/** With fewer changes to compare with, the training set takes their place. */
export const leastReference = 50;

/**
 * What the model says of a change: its rank among the repository's own last changes, or those of the training set, and what
 * makes it up. All are measured by what is known of this change: a reference of which less is known does not count.
 *
 * @param calibrations one for each variant, in the order of `variants`, where the repository's own fixes gave some: only then
 *   is there a probability
 */
export function modelAnswer(
  features: Features,
  reference: readonly Features[],
  calibrations: readonly (Calibration | null)[] = [],
): ModelAnswer {
  const variant = variantFor(features);
  const logit = logitOf(variant, features);
  const others = reference.filter((other) => isApplicable(variant, other)).map((other) => logitOf(variant, other));
  const calibration = calibrations[variants.indexOf(variant)];
  const own = others.length >= leastReference;
  return {
    percentile: own ? percentileAmong(logit, others) : percentileByQuantiles(logit, variant.quantiles),
    basis: own ? { kind: 'repository', commits: others.length } : { kind: 'training-set' },
    contributions: contributionsOf(variant, features).map(({ measure, value, logOdds }) => ({
      id: measure,
      logOdds,
      detail: describeMeasure(measure, value),
    })),
    probability: calibration ? probabilityOf(calibration, logit) : null,
  };
}
