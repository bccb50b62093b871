import path from 'node:path';
import Mocha from 'mocha';
import { selectAssistants, selectionVariable } from './selection.ts';

/**
 * `npm run test:agents [-- NAME...]`: the suites of this folder, or those of the named assistants alone. Ends with the
 * number of failures as its exit code.
 */
async function main(names: readonly string[]): Promise<void> {
  const suites = [
    'real.test.ts',
    'replay.test.ts',
    ...(names.length === 0 ? ['mockModel.test.ts', 'badInput.test.ts'] : []),
  ];
  process.env[selectionVariable] = selectAssistants(names).join(' ');
  const mocha = new Mocha({ reporter: 'spec' });
  for (const suite of suites) mocha.addFile(path.join(__dirname, suite));
  await mocha.loadFilesAsync();
  mocha.run((failures) => {
    process.exitCode = Math.min(failures, 255);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
