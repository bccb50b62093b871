import Mocha from 'mocha';
import { countTests, leaveCounts } from './counts.ts';

/** Mocha's own "spec" report, which also leaves the counts for the process that sums them up over all suites. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const counts = countTests(runner);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => leaveCounts(counts()));
  }
}

// Mocha takes what a reporter's module exports for the class itself.
export = CountingReporter;
