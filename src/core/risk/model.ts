import { isApplicable, type ModelVariant } from './additive.ts';
import type { Features } from './features.ts';
import shipped from './model.json' with { type: 'json' };

/** The shipped variants; those that ask for the most come first. Made by `npm run train`. */
export const variants: readonly ModelVariant[] = (shipped as { readonly variants: readonly ModelVariant[] }).variants;

/** The variant that makes the most of what is known of a change; there is one for whatever is missing. */
export function variantFor(features: Features): ModelVariant {
  const found = variants.find((variant) => isApplicable(variant, features));
  if (found === undefined) throw new Error('The model has no variant for changes of which only the sizes are known.');
  return found;
}
