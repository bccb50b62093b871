import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { nodeRuntime } from '../../../scripts/nodeRuntime.ts';
import { fetchPackage } from '../../../scripts/npmPackage.ts';
import { execute } from '../../../scripts/processes.ts';
import { type Finished, runProgram } from '../../support/program.ts';
import type { Project } from '../../support/project.ts';
import { type MockModel, type ModelRequest, type Step, startMockModel } from './mockModel.ts';
import type { Program } from './program.ts';

/** A program and the arguments that come before all others. */
export type CommandLine = readonly [command: string, ...args: string[]];

/** Fetches the pinned package unless the cache has it; gives back the command that starts it. */
export async function fetchAssistant({ package: name, version, entry }: Program): Promise<CommandLine> {
  const node = await nodeRuntime();
  const commandLine = (packageDir: string): CommandLine => {
    const file = path.join(packageDir, entry);
    return /\.[cm]?js$/.test(file) ? [node, file] : [file];
  };
  const packageDir = await fetchPackage(name, version, async (dir) => {
    // The program proper may be an optional dependency, which npm leaves out in silence when it cannot have it.
    const [command, ...args] = commandLine(dir);
    await execute(command, [...args, '--version'], { env: { PATH: process.env['PATH'], HOME: dir } });
  });
  return commandLine(packageDir);
}

/** Why a package could not be fetched, where it is for want of a registry and so no fault of the project's. */
export function unreachable(error: unknown): string | undefined {
  const codes =
    /\b(EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ERR_SOCKET_TIMEOUT|ETIMEDOUT)\b/;
  return error instanceof Error ? codes.exec(error.message)?.[0] : undefined;
}

/** Runs that take longer have come to a stop; programs that go on run 3 to 20 s. */
const timeoutMs = 120_000;

/**
 * Runs one assistant, headless, through the scripted steps. Resolves with what its model was asked when it has ended
 * well and used up the script; anything else is an error with its own words. The project's HOME holds the hooks.
 */
export async function runAssistant(
  program: Program,
  { dir, home, env }: Project,
  prompt: string,
  steps: readonly Step[],
): Promise<readonly ModelRequest[]> {
  const [command, ...args] = await fetchAssistant(program);
  const model = await startMockModel(steps);
  try {
    const run = { prompt, model: program.model, modelUrl: model.url, home, projectDir: dir };
    for (const [name, text] of Object.entries(program.settings?.(run) ?? {})) {
      const file = path.join(home, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const finished = await runProgram(command, [...args, ...program.args(run)], {
      cwd: dir,
      env: { ...env, ...program.env(run) },
      timeoutMs,
    });
    check(program, steps, model, finished);
    return model.requests;
  } finally {
    await model.close();
  }
}

function check({ title }: Program, steps: readonly Step[], model: MockModel, finished: Finished): void {
  const words = `${finished.stdout}\n${finished.stderr}`;
  assert.deepEqual(model.failures, [], `the mock model failed: ${words}`);
  assert.ok(!finished.timedOut, `${title} did not end in time: ${words}`);
  assert.equal(finished.code, 0, `${title} failed: ${words}`);
  const used = model.requests.flatMap(({ step }) => step ?? []).sort((a, b) => a - b);
  assert.deepEqual(used, [...steps.keys()], `${title} did not go through the script: ${words}`);
}
