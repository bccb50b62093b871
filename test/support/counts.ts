import { readFileSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** How a suite ended. What did not pass is kept by its full name. */
export interface Counts {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

export const noCounts: Counts = { passed: 0, failed: [], skipped: [] };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: [...a.failed, ...b.failed],
    skipped: [...a.skipped, ...b.skipped],
  };
}

/** Follows a mocha run; what it gives back is complete when the run ends. A hook that fails counts as a failed test. */
export function countTests(runner: Mocha.Runner): () => Counts {
  let passed = 0;
  const failed: string[] = [];
  const skipped: string[] = [];
  const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING } = Mocha.Runner.constants;
  runner.on(EVENT_TEST_PASS, () => {
    passed += 1;
  });
  runner.on(EVENT_TEST_FAIL, (test) => failed.push(test.fullTitle()));
  runner.on(EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
  return () => ({ passed, failed, skipped });
}

/** Names the file that a suite's process leaves its counts in, for the one that has started it. */
export const countsVariable = 'COUNTERSIGN_COUNTS';

/** Leaves the counts for the process that asked for them, if one did. */
export function leaveCounts(counts: Counts): void {
  const file = process.env[countsVariable];
  if (file) writeFileSync(file, JSON.stringify(counts));
}

/** The counts that a suite's process has left. Throws where it has left none: it did not come to its end. */
export function takeCounts(file: string): Counts {
  const counts: Counts = JSON.parse(readFileSync(file, 'utf8'));
  return counts;
}
