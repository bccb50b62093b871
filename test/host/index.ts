import { format } from 'node:util';
import Mocha from 'mocha';
import { countTests } from '../support/counts.ts';
import { bridge } from './bridge/client.ts';

/** The entry point that the extension host calls: runs the session's files with mocha and tells the runner how it went. */
export async function run(): Promise<void> {
  const { files, grep, color } = await bridge.session();
  const mocha = new Mocha({
    color,
    reporter: 'spec',
    forbidOnly: true,
    // The start of the extensions and the first paint of an editor are part of what a test may wait for.
    timeout: 60_000,
    slow: 3_000,
    ...(grep === undefined ? {} : { grep }),
  });
  let printed = Promise.resolve();
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => {
    printed = printed.then(() => bridge.print(`${format(...parts)}\n`));
  };
  keepScreenshots(mocha.suite);
  for (const file of files) mocha.addFile(file);
  const counts = await new Promise<ReturnType<typeof countTests>>((resolve) => {
    const runner = mocha.run(() => resolve(counted));
    const counted = countTests(runner);
  });
  await printed;
  await bridge.finish(counts());
}

/**
 * What was on the screen when a test failed often says why. The hook for it is the first of each suite: the suite's own
 * clear away what there is to see.
 */
function keepScreenshots(suite: Mocha.Suite): void {
  suite.on(Mocha.Suite.constants.EVENT_SUITE_ADD_SUITE, (child) => {
    child.afterEach(async function keepScreenshot() {
      const test = this.currentTest;
      if (test?.state === 'failed' && test.parent === child) await bridge.screenshot(`failed-${test.fullTitle()}`);
    });
    keepScreenshots(child);
  });
}
