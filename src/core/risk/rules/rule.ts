import type { Place } from '../content.ts';
import type { Facts } from '../facts.ts';
import type { Remedy } from '../risk.ts';
import type { RiskRule } from '../rules.ts';

/** What a rule says of a change. */
export interface Found {
  /** The floor by default: a policy may scale it. */
  readonly floor: number;
  readonly detail: string;
  readonly where: readonly Place[];
  readonly remedy: Remedy;
  /** What is known of the change once the remedy has been applied; absent where none takes it back. */
  readonly resolve?: (facts: Facts) => Facts;
}

/** A rule that puts a floor under the score. */
export interface Rule {
  readonly id: RiskRule;
  find(facts: Facts): readonly Found[];
}

export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : several}`;
}
