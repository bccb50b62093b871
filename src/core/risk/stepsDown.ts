import type { Floor } from './assess.ts';
import type { Facts } from './facts.ts';
import type { RiskLevel, Step } from './risk.ts';
import type { RiskRule } from './rules.ts';

/** How a change is judged, for asking what would be if. */
interface Judge {
  floors(facts: Facts): readonly Floor[];
  score(floors: readonly Floor[]): number;
  level(score: number): RiskLevel;
}

/**
 * What would bring the level down: the strongest floor's remedy, then that of the strongest which is left, until the level is
 * low, no floor is above what the model says, or nothing answers the strongest. Each step is judged anew, so that one remedy
 * which answers several rules counts for all of them.
 */
export function stepsDown(facts: Facts, judge: Judge): Step[] {
  const steps: Step[] = [];
  const least = judge.score([]);
  let known = facts;
  let floors = judge.floors(known);
  for (let top = floors[0]; top && top.floor > least && judge.level(judge.score(floors)) !== 'low'; top = floors[0]) {
    const { remedy, resolve, rule } = top;
    if (!resolve) break;
    known = resolve(known);
    const left = judge.floors(known);
    const score = judge.score(left);
    // Its rule may have found something else besides.
    const rules = [...new Set([rule.id, ...answered(floors, left)])];
    steps.push({ action: remedy.action, by: remedy.by, rules, score, level: judge.level(score) });
    floors = left;
  }
  return steps;
}

function answered(before: readonly Floor[], after: readonly Floor[]): RiskRule[] {
  const left = new Set(after.map(({ rule }) => rule.id));
  return [...new Set(before.map(({ rule }) => rule.id))].filter((id) => !left.has(id));
}
