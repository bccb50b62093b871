import type { Actions } from '../actions.ts';
import type { FileChange } from '../change.ts';
import type { Policy } from '../policy/policy.ts';
import type { Validations } from '../validation/validation.ts';
import type { Finding } from './content.ts';
import type { RiskBasis, Without } from './risk.ts';

/** One measure of the model: how much it adds to the log-odds over what it adds for the average change. */
export interface Contribution {
  /** `lines-added`. */
  readonly id: string;
  readonly logOdds: number;
  /** `412 lines added`. */
  readonly detail: string;
}

/** What the model says of the change. */
export interface ModelAnswer {
  /** 0 to 100: the share of changes that are less risky. */
  readonly percentile: number;
  readonly basis: RiskBasis;
  readonly contributions: readonly Contribution[];
  readonly probability: number | null;
}

/** A path that the change touches in an area where a mistake costs more. */
export interface SensitivePath {
  readonly path: string;
  /** `payments`, `CI`. */
  readonly area: string;
}

/** All that the score is made of: plain data, gathered beforehand. */
export interface RiskInput {
  readonly files: readonly FileChange[];
  readonly actions?: readonly Actions[];
  readonly findings?: readonly Finding[];
  readonly validations?: Validations;
  readonly model?: ModelAnswer;
  readonly sensitive?: readonly SensitivePath[];
  /** Without it what is built in holds. */
  readonly policy?: Policy;
  readonly without?: readonly Without[];
}
