/** Levels by score: low < 50 ≤ moderate < 80 ≤ high < 95 ≤ critical. */
export type RiskLevel = 'low' | 'moderate' | 'high' | 'critical';

export interface RiskFactor {
  readonly id: string;
  /** What it did to the score: `+12` points, or `floor 80`. */
  readonly effect: string;
  readonly detail: string;
  readonly where: readonly { readonly path: string; readonly line?: number }[];
}

export interface Risk {
  /** 0 to 100, whole. */
  readonly score: number;
  readonly level: RiskLevel;
  /** Set only once the score has been calibrated on this repository's history. */
  readonly probability: number | null;
  /** Among the repository's own changes; null until there is a history to compare with. */
  readonly percentile: number | null;
  /** The strongest first. */
  readonly factors: readonly RiskFactor[];
}
