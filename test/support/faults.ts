import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readIfThere } from '../../src/ledger/files.ts';
import { type Finished, runProgram } from './program.ts';
import type { Files } from './project.ts';
import { Scenario } from './scenario.ts';

const preload = path.join(__dirname, 'faults.cjs');

/** What goes wrong in a hook. */
export interface Fault {
  /** The hook; `every` for all that run. */
  readonly event: string;
  /**
   * `kill`: the process dies by SIGKILL before the step. `full`, `read-only`: the call fails with the error of the file
   * system, and a git that is started cannot write a file. `run`: `command` runs before the step.
   */
  readonly kind?: 'kill' | 'full' | 'read-only' | 'run';
  /** The step, 1-based. */
  readonly step?: number;
  /** Whether the steps after it go wrong, too: all of them, or those up to `last`. */
  readonly onward?: boolean;
  readonly last?: number;
  /** For `sh`. */
  readonly command?: string;
  /** By how much the hook's clock is wrong, in ms. */
  readonly clock?: number;
}

/** A scenario whose hooks can be made to fail, by a runtime that loads `faults.cjs` into them; nothing of ours knows. */
export class FaultyScenario {
  private constructor(readonly scenario: Scenario) {}

  static async create(files: Files): Promise<FaultyScenario> {
    const scenario = await Scenario.create(files);
    const runtime = path.join(scenario.project.home, 'node');
    await writeFile(runtime, `#!/bin/sh\nexec '${process.execPath}' --require '${preload}' "$@"\n`, { mode: 0o755 });
    const faulty = new FaultyScenario(scenario);
    await faulty.changeLauncher((text) => text.replaceAll(process.execPath, runtime));
    return faulty;
  }

  /** Rewrites the launcher that the hooks call. */
  async changeLauncher(edit: (text: string) => string): Promise<void> {
    const file = this.launcher;
    const before = await readFile(file, 'utf8');
    const after = edit(before);
    assert.notEqual(after, before, 'the launcher is not as it was thought to be');
    await writeFile(file, after);
  }

  get launcher(): string {
    return path.join(this.scenario.project.home, '.countersign/bin/countersign');
  }

  get gitDir(): string {
    return this.scenario.gitDir;
  }

  /** Runs git with a fault in its hooks; whatever becomes of it. */
  async git(fault: Fault, ...args: readonly string[]): Promise<FaultyRun> {
    const { project, cwd } = this.scenario;
    const steps = path.join(project.root, 'steps');
    await rm(steps, { force: true });
    const { step = 1 } = fault;
    const env = {
      FAULT_EVENT: fault.event,
      FAULT_KIND: fault.kind ?? '',
      FAULT_STEP: `${step}-${fault.onward ? (fault.last ?? 0) : step}`,
      FAULT_STEPS: steps,
      FAULT_COMMAND: fault.command ?? '',
      FAULT_CLOCK: fault.clock === undefined ? '' : String(fault.clock),
    };
    const finished = await runProgram('git', args, { cwd, env: { ...project.env, ...env } });
    const taken = (readIfThere(steps) ?? '').split('\n').filter((name) => name !== '');
    return { ...finished, taken, hit: taken.length >= step };
  }

  dispose(): Promise<void> {
    return this.scenario.dispose();
  }
}

export interface FaultyRun extends Finished {
  /** The steps that the hook took, by name. */
  readonly taken: readonly string[];
  /** Whether the step that was to go wrong was reached. */
  readonly hit: boolean;
}
