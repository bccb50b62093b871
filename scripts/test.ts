import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { addCounts, type Counts, countsVariable, noCounts, takeCounts } from '../test/support/counts.ts';
import { type Lifetime, runScript } from './lifetime.ts';
import { root } from './paths.ts';
import { runInherited } from './processes.ts';
import { testFiles } from './testFiles.ts';
import { temporaryFolder } from './vscode-host/isolation.ts';

// npm test [-- STAGE...] [-- OPTION...]: all stages in their order, or the named ones; options such as -g PATTERN go to
// the suites. Ends with a line that sums them all up, each check counted as one test.

/** Arguments for Node: a program and its own. */
type Command = readonly string[];

/** A stage is a check, which passes or fails as a whole, or a suite of tests. */
interface Stage {
  readonly name: string;
  readonly kind: 'check' | 'suite';
  readonly command: (options: readonly string[]) => Promise<Command> | Command;
}

const stages: readonly Stage[] = [
  {
    name: 'lint',
    kind: 'check',
    command: () => ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  },
  { name: 'types', kind: 'check', command: () => ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'build', kind: 'check', command: () => ['esbuild.mjs'] },
  { name: 'model', kind: 'check', command: () => ['--import', 'tsx', 'scripts/train.ts', '--check'] },
  ...['unit', 'fuzz', 'git', 'agents'].map(
    (name): Stage => ({ name, kind: 'suite', command: (options) => mochaCommand(name, options) }),
  ),
  { name: 'host', kind: 'suite', command: (options) => ['--import', 'tsx', 'test/host/run.ts', ...options] },
];

async function mochaCommand(suite: string, options: readonly string[]): Promise<Command> {
  // The hook of `--import` is for what the sources import late, that of `--require` for the suites themselves.
  const mocha = [
    '--import',
    'tsx',
    'node_modules/mocha/bin/mocha.js',
    '--require',
    'tsx/cjs',
    '--reporter',
    'test/support/reporter.ts',
  ];
  const files = await testFiles(path.join(root, 'test', suite));
  // Tests of git and of assistants wait for those most of the time, each in a repository of its own: files run side by side.
  const sideBySide = ['git', 'agents'].includes(suite) ? ['--parallel', '--jobs', String(availableParallelism())] : [];
  return [...mocha, '--forbid-only', '--timeout', '60000', ...sideBySide, ...options, ...files];
}

runScript(async (lifetime) => {
  process.chdir(root);
  const { chosen, options } = parse(process.argv.slice(2));
  const folder = await temporaryFolder(lifetime, 'test');
  let counts = noCounts;
  for (const stage of chosen) {
    process.stdout.write(`\n=== ${stage.name} ===\n`);
    counts = addCounts(counts, await run(lifetime, stage, options, path.join(folder, `${stage.name}.json`)));
  }
  summarise(counts);
  if (counts.failed.length > 0) process.exitCode = 1;
});

/** Names of stages come first; what follows them is for the suites. */
function parse(args: readonly string[]): { chosen: readonly Stage[]; options: readonly string[] } {
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const names = first < 0 ? args : args.slice(0, first);
  const unknown = names.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    throw new Error(`There is no stage ${unknown}: there are ${stages.map(({ name }) => name).join(', ')}.`);
  }
  return {
    chosen: stages.filter(({ name }) => names.length === 0 || names.includes(name)),
    options: first < 0 ? [] : args.slice(first),
  };
}

async function run(
  lifetime: Lifetime,
  { name, kind, command }: Stage,
  options: readonly string[],
  countsFile: string,
): Promise<Counts> {
  const args = await command(options);
  const env = { ...process.env, [countsVariable]: countsFile };
  const code = await runInherited(lifetime, process.execPath, args, env);
  if (kind === 'check') return code === 0 ? { ...noCounts, passed: 1 } : failure(name);
  // A suite that crashed, or had nothing to run, has shown nothing: that is no success.
  if (!existsSync(countsFile)) return failure(`${name}: it did not come to its end (exit code ${code})`);
  const counts = takeCounts(countsFile);
  const { passed, failed, skipped } = counts;
  if (passed + failed.length + skipped.length === 0) return failure(`${name}: it ran no tests`);
  const named = {
    passed,
    failed: failed.map((title) => `${name}: ${title}`),
    skipped: skipped.map((title) => `${name}: ${title}`),
  };
  return code !== 0 && failed.length === 0 ? addCounts(named, failure(`${name}: exit code ${code}`)) : named;
}

function failure(title: string): Counts {
  return { ...noCounts, failed: [title] };
}

function summarise({ passed, failed, skipped }: Counts): void {
  const list = (title: string, names: readonly string[]): string =>
    names.length === 0 ? '' : `${title}:\n${names.map((name) => `  ${name}\n`).join('')}`;
  const totals = [`${passed} passed`, `${failed.length} failed`];
  if (skipped.length > 0) totals.push(`${skipped.length} skipped`);
  process.stdout.write(`\n${list('Skipped', skipped)}${list('Failed', failed)}${totals.join(', ')}\n`);
}
