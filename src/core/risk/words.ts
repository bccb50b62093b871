import type { Risk } from './risk.ts';

/** `high 84/100`. */
export function scoreWords({ level, score }: Pick<Risk, 'level' | 'score'>): string {
  return `${level} ${score}/100`;
}

/**
 * What the model makes of the change: `in the riskiest 12 % of this repository's changes`; `undefined` where it was not
 * asked.
 */
export function comparisonWords({ percentile, basis }: Pick<Risk, 'percentile' | 'basis'>): string | undefined {
  if (percentile === null || basis === null) return undefined;
  const among = basis.kind === 'repository' ? "this repository's changes" : 'the changes that the model was trained on';
  // Nothing is among the riskiest 0 %; and of what is less risky than most, the other end is what says something.
  if (percentile >= 50) return `in the riskiest ${Math.max(1, Math.ceil(100 - percentile))} % of ${among}`;
  return `riskier than ${Math.floor(percentile)} % of ${among}`;
}
