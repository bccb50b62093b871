import { levelOf } from '../policy/judgements.ts';
import { builtInPolicy, type Policy } from '../policy/policy.ts';
import { countedFiles, type Facts, factsOf } from './facts.ts';
import { scaledFloor } from './floors.ts';
import type { Contribution, RiskInput } from './input.ts';
import type { Risk, RiskFactor } from './risk.ts';
import { allRules } from './rules/all.ts';
import type { Found, Rule } from './rules/rule.ts';
import { stepsDown } from './stepsDown.ts';

/**
 * Judges a change: the percentile of the model, raised by the strongest floor of a rule. Nothing but evidence lowers it, and
 * that a machine wrote a line raises nothing. An empty change has no risk.
 */
export function assessRisk(input: RiskInput): Risk {
  const { model, policy = builtInPolicy, without = [] } = input;
  if (countedFiles(input.files).length === 0) return { ...noRisk, without };
  const facts = factsOf(input, policy);
  const floors = floorsOf(facts, policy);
  const score = scoreOf(floors, model?.percentile);
  return {
    score,
    level: levelOf(score, policy.levels),
    probability: model?.probability ?? null,
    percentile: model?.percentile ?? null,
    basis: model?.basis ?? null,
    factors: [...floors.map(floorFactor), ...contributionsOf(model?.contributions ?? [])],
    toLower: stepsDown(facts, {
      floors: (changed) => floorsOf(changed, policy),
      score: (changed) => scoreOf(changed, model?.percentile),
      level: (value) => levelOf(value, policy.levels),
    }),
    without,
  };
}

const noRisk: Omit<Risk, 'without'> = {
  score: 0,
  level: 'low',
  probability: null,
  percentile: null,
  basis: null,
  factors: [],
  toLower: [],
};

/** What a rule found, with the floor that counts. */
export interface Floor extends Found {
  readonly rule: Rule;
}

/** All floors that a policy leaves, the strongest first. */
function floorsOf(facts: Facts, { floors }: Policy): Floor[] {
  return allRules
    .flatMap((rule) =>
      rule.find(facts).map((found) => ({ ...found, rule, floor: scaledFloor(rule.id, found.floor, floors) })),
    )
    .filter(({ floor }) => floor > 0)
    .sort((a, b) => b.floor - a.floor);
}

function scoreOf(floors: readonly Floor[], percentile = 0): number {
  return Math.max(Math.min(100, Math.round(percentile)), floors[0]?.floor ?? 0);
}

function floorFactor({ rule, floor, detail, where, remedy }: Floor): RiskFactor {
  return { id: rule.id, effect: `floor ${floor}`, detail, where, remedy };
}

/** A measure that moves the log-odds by less than this is not told. */
const leastContribution = 0.005;

function contributionsOf(contributions: readonly Contribution[]): RiskFactor[] {
  return contributions
    .filter(({ logOdds }) => Math.abs(logOdds) >= leastContribution)
    .sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds))
    .map(({ id, logOdds, detail }) => ({ id, effect: logOddsText(logOdds), detail, where: [] }));
}

/** `+0.42`, `−0.10`. */
function logOddsText(logOdds: number): string {
  return `${logOdds < 0 ? '−' : '+'}${Math.abs(logOdds).toFixed(2)}`;
}
