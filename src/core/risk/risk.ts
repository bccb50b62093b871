import type { Place } from './content.ts';
import type { RiskRule } from './rules.ts';

/** By default low < 50 ≤ moderate < 80 ≤ high < 95 ≤ critical. */
export const riskLevels = ['low', 'moderate', 'high', 'critical'] as const;
export type RiskLevel = (typeof riskLevels)[number];

/** What to do about something that raises the risk. */
export interface Remedy {
  /** `look`: it has been done, and nothing takes it back. */
  readonly id:
    | 'review'
    | 'origin'
    | 'test'
    | 'run-again'
    | 'mend'
    | 'scan-again'
    | 'take-out'
    | 'split'
    | 'evidence'
    | 'look';
  /** `person`: only a person's word counts, an assistant cannot give it. */
  readonly by: 'person' | 'anyone';
  /** What to do, in the imperative. */
  readonly action: string;
}

export interface RiskFactor {
  /** A rule (`unseen-ai`), or what the model measures (`lines-added`). */
  readonly id: string;
  /** What it did to the score: `floor 80` for a rule; for the model log-odds over the average change, `+0.42`. */
  readonly effect: string;
  readonly detail: string;
  /** Where to look first: a hint, not a listing. */
  readonly where: readonly Place[];
  readonly remedy?: Remedy;
}

/** One thing to be done, and what the score is then, once all before it is done as well. */
export interface Step {
  readonly action: string;
  readonly by: Remedy['by'];
  /** The rules that it answers. */
  readonly rules: readonly RiskRule[];
  readonly score: number;
  readonly level: RiskLevel;
}

/** What the change was compared with: this repository's last commits, or the changes that the model was trained on. */
export type RiskBasis = { readonly kind: 'repository'; readonly commits: number } | { readonly kind: 'training-set' };

/** Something that the score had to do without, and why. */
export interface Without {
  readonly what: string;
  readonly why: string;
}

export interface Risk {
  /** 0 to 100, whole: the percentile, raised by the strongest floor. */
  readonly score: number;
  readonly level: RiskLevel;
  /** That the change has to be mended later; set only once the score has been calibrated on this repository's history. */
  readonly probability: number | null;
  /** Of the changes it is compared with, those that are less risky by the model, in percent; null where none was asked. */
  readonly percentile: number | null;
  readonly basis: RiskBasis | null;
  /** Floors first, then what the model counted; each the strongest first. */
  readonly factors: readonly RiskFactor[];
  /** What would bring the level down, the strongest first. */
  readonly toLower: readonly Step[];
  readonly without: readonly Without[];
}

/** Whether a factor is a rule's, not a measure of the model's. */
export function isFloor({ effect }: Pick<RiskFactor, 'effect'>): boolean {
  return effect.startsWith('floor ');
}
