import type { ValidationRun } from '../../validation/validation.ts';
import { type Facts, maxPlaces } from '../facts.ts';
import { mend, mendErrors } from '../remedies.ts';
import type { Found, Rule } from './rule.ts';

/** Tests, a build or a linter that failed on just what is there now: 80, and 60 for what is neither test nor build. */
export const failing: Rule = {
  id: 'failing',
  find({ validations }) {
    return validations.runs.filter(isFailing).map((run): Found => {
      const { tests } = run;
      const count = tests && tests.failed > 0 ? ` (${tests.failed} of ${tests.run} tests)` : '';
      const floor = run.kind === 'tests' || run.kind === 'build' ? 80 : 60;
      // By its kind: a command's words may hold paths of this machine, and the detail goes into the record.
      const what = run.kind === 'tests' ? 'tests' : run.kind === 'other' ? 'a program' : run.kind;
      return {
        floor,
        detail: `${what} failed on what is there now${count}`,
        where: (run.where ?? []).slice(0, maxPlaces),
        remedy: run.where ? mendErrors : mend(run.name),
        resolve: passed(run),
      };
    });
  },
};

/** Once this run has passed. */
function passed(run: ValidationRun): (facts: Facts) => Facts {
  return (facts) => {
    const { runs, scans } = facts.validations;
    const now = runs.map((each): ValidationRun => (each === run ? { ...run, outcome: 'passed' } : each));
    const missing = facts.missing.filter(({ kind, why }) => kind !== run.kind || why !== 'failed');
    return { ...facts, validations: { runs: now, scans }, missing };
  };
}

function isFailing({ outcome, freshness }: ValidationRun): boolean {
  return outcome === 'failed' && freshness === 'current';
}
