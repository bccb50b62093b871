import type { ValidationRun } from '../../validation/validation.ts';
import { mend } from '../remedies.ts';
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
      return { floor, detail: `${what} failed on what is there now${count}`, where: [], remedy: mend(run.name) };
    });
  },
  resolve: (facts) => {
    const { runs, scans } = facts.validations;
    const passed = runs.map((run): ValidationRun => (isFailing(run) ? { ...run, outcome: 'passed' } : run));
    return { ...facts, validations: { runs: passed, scans } };
  },
};

function isFailing({ outcome, freshness }: ValidationRun): boolean {
  return outcome === 'failed' && freshness === 'current';
}
