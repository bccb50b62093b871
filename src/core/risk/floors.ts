import type { RiskRule } from './rules.ts';

/** The highest floor that each rule sets where a policy says nothing; why, is in docs/risk.md. */
export const defaultFloors: Readonly<Record<RiskRule, number>> = {
  'unseen-ai': 80,
  'unreviewed-ai': 50,
  'unknown-origin': 40,
  'sensitive-path': 60,
  'destructive-change': 80,
  'permission-widened': 80,
  'secret-added': 95,
  'dependency-added': 80,
  untested: 60,
  failing: 80,
  'scanner-finding': 95,
  'agent-action': 80,
  large: 60,
  'evidence-missing': 80,
  'assistant-not-allowed': 95,
};

/**
 * What a policy makes of a floor: its number takes the place of the rule's highest floor, and the lower ones of the rule go
 * with it in proportion.
 *
 * @param floor one that the rule sets by default
 */
export function scaledFloor(rule: RiskRule, floor: number, floors: Readonly<Record<RiskRule, number>>): number {
  return Math.min(100, Math.round((floor * floors[rule]) / defaultFloors[rule]));
}

/** Grows with a count from `first`, for one, to `last`, for a hundred and more. */
export function growing(first: number, last: number, count: number): number {
  return Math.round(first + (last - first) * Math.min(1, (count - 1) / 99));
}
