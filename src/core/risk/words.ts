import type { Risk } from './risk.ts';

/** `high 84/100`. */
export function scoreWords({ level, score }: Pick<Risk, 'level' | 'score'>): string {
  return `${level} ${score}/100`;
}

/**
 * What the model makes of the change: `in the riskiest 12 % of this repository's changes`, and how many such changes are
 * mended later where that was calibrated; `undefined` where the model was not asked.
 */
export function comparisonWords(risk: Pick<Risk, 'percentile' | 'basis' | 'probability'>): string | undefined {
  const rank = rankWords(risk);
  if (rank === undefined || risk.probability === null) return rank;
  return `${rank}; about ${Math.round(100 * risk.probability)} % of such changes are mended later here`;
}

function rankWords({ percentile, basis }: Pick<Risk, 'percentile' | 'basis'>): string | undefined {
  if (percentile === null || basis === null) return undefined;
  const among = basis.kind === 'repository' ? "this repository's changes" : 'the changes that the model was trained on';
  // Nothing is among the riskiest 0 %; and of what is less risky than most, the other end is what says something.
  if (percentile >= 50) return `in the riskiest ${Math.max(1, Math.ceil(100 - percentile))} % of ${among}`;
  return `riskier than ${Math.floor(percentile)} % of ${among}`;
}
