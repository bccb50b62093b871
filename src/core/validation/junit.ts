import type { Report } from './report.ts';
import { XmlReader } from './xmlReader.ts';

export const junitRoots: readonly string[] = ['testsuites', 'testsuite'];

/**
 * Reads JUnit XML, as far as the many programs that write it agree: each `testcase` is a test; it failed where a `failure` or an
 * `error` stands in it, and was skipped where `skipped` does. One that passed at last, after failures (`flakyFailure`), passed.
 */
export class JunitReader {
  #run = 0;
  #failed = 0;
  #skipped = 0;
  #state: 'passed' | 'failed' | 'skipped' = 'passed';
  readonly reader = new XmlReader({
    begin: (name) => {
      if (name === 'testcase') this.#state = 'passed';
    },
    end: ({ name }, path) => {
      if (path.at(-1) === 'testcase') this.#note(name);
      else if (name === 'testcase') this.#count();
      // A suite that broke outside its tests, which some say so.
      else if (path.at(-1) === 'testsuite' && name === 'error') this.#failed++;
    },
  });

  #note(name: string): void {
    if (name === 'failure' || name === 'error') this.#state = 'failed';
    else if (name === 'skipped' && this.#state === 'passed') this.#state = 'skipped';
  }

  #count(): void {
    if (this.#state === 'skipped') this.#skipped++;
    else this.#run++;
    if (this.#state === 'failed') this.#failed++;
  }

  report(): Report {
    const tests = { run: this.#run, failed: this.#failed, skipped: this.#skipped };
    return { format: 'junit', scans: [], tests };
  }
}
