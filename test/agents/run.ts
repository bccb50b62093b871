import { availableParallelism } from 'node:os';
import path from 'node:path';
import { runScript } from '../../scripts/lifetime.ts';
import { root } from '../../scripts/paths.ts';
import { runInherited } from '../../scripts/processes.ts';
import { testFiles } from '../../scripts/testFiles.ts';
import { selectionVariable, selectPrograms } from './selection.ts';

/** `npm run test:agents [-- NAME...]`: the suites of this folder, or what they have of the named assistants alone. */
runScript(async (lifetime) => {
  process.chdir(root);
  const names = process.argv.slice(2);
  const all = await testFiles(path.join(root, 'test/agents'));
  const ofPrograms = (file: string): boolean => /[\\/]real[\\/]|replay/.test(file);
  const mocha = ['node_modules/mocha/bin/mocha.js', '--require', 'tsx/cjs', '--forbid-only', '--timeout', '60000'];
  const jobs = ['--parallel', '--jobs', String(availableParallelism())];
  const files = names.length === 0 ? all : all.filter(ofPrograms);
  const env = { ...process.env, [selectionVariable]: selectPrograms(names).join(' ') };
  const code = await runInherited(lifetime, process.execPath, [...mocha, ...jobs, ...files], env);
  process.exitCode = Math.min(code, 255);
});
