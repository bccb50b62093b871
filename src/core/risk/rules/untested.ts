import type { Validations } from '../../validation/validation.ts';
import type { Facts } from '../facts.ts';
import { growing } from '../floors.ts';
import { runAgain, test } from '../remedies.ts';
import { plural, type Rule } from './rule.ts';

/** Code that no test goes with, and on which none has passed: 30, growing to 60 at a hundred added lines. */
export const untested: Rule = {
  id: 'untested',
  find({ code: { count, where }, hasTest, validations }) {
    if (count === 0 || hasTest || isTested(validations)) return [];
    const stale = validations.runs.find((run) => run.kind === 'tests' && run.outcome === 'passed');
    const since = stale
      ? ', and tests passed only before the last change'
      : ', and no run of tests is known to have passed';
    const detail = `${plural(count, 'line')} of code added, no test changed with ${count === 1 ? 'it' : 'them'}${since}`;
    const remedy = stale ? runAgain(stale.name) : test;
    return [{ floor: growing(30, 60, count), detail, where, remedy, resolve: tested }];
  },
};

/** Whether tests passed on what is there now. */
function isTested({ runs }: Validations): boolean {
  return runs.some(
    ({ kind, outcome, freshness }) => kind === 'tests' && outcome === 'passed' && freshness === 'current',
  );
}

/** Once the tests have been run, and passed, on what is there now. */
export function tested(facts: Facts): Facts {
  const { runs, scans } = facts.validations;
  const others = runs.filter(({ kind }) => kind !== 'tests');
  const passed = { kind: 'tests', name: 'tests', outcome: 'passed', at: '', freshness: 'current' } as const;
  const missing = facts.missing.filter(({ kind }) => kind !== 'tests');
  return { ...facts, validations: { runs: [...others, passed], scans }, missing };
}
