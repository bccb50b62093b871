import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Finding } from './fuzzer.ts';
import type { PlanName } from './plans.ts';
import type { Fallback } from './truth.ts';

/** What one seed showed. */
export interface SeedResult {
  readonly plan: PlanName;
  readonly seed: number;
  readonly operations: Readonly<Record<string, number>>;
  readonly fallbacks: Readonly<Partial<Record<Fallback, number>>>;
  readonly findings: readonly Finding[];
  /** What was done, one line a step. */
  readonly log: readonly string[];
  /** Why it did not come to its end, if it did not. */
  readonly error?: string;
}

export interface SeedTask {
  readonly plan: PlanName;
  readonly seed: number;
  readonly steps: number;
}

/** Processes that run seeds, one at a time each: a seed waits for git half of its time. */
export class SeedPool {
  readonly #idle: ChildProcess[] = [];
  readonly #all: ChildProcess[];
  readonly #waiting: ((child: ChildProcess) => void)[] = [];

  constructor(size: number) {
    const program = path.join(__dirname, 'seedProcess.ts');
    this.#all = Array.from({ length: size }, () => fork(program, { execArgv: ['--import', 'tsx'] }));
    this.#idle.push(...this.#all);
  }

  async run(task: SeedTask): Promise<SeedResult> {
    const child = this.#idle.pop() ?? (await new Promise<ChildProcess>((resolve) => this.#waiting.push(resolve)));
    const listening = new AbortController();
    const { signal } = listening;
    const answered = Promise.race([once(child, 'message', { signal }), once(child, 'exit', { signal })]);
    child.send(task);
    const [answer] = await answered.finally(() => listening.abort());
    if (typeof answer !== 'object' || answer === null) throw new Error(`seed ${task.seed}: its process died`);
    const next = this.#waiting.shift();
    if (next) next(child);
    else this.#idle.push(child);
    return answer as SeedResult;
  }

  dispose(): void {
    for (const child of this.#all) child.kill();
  }
}

/** Sums that grow with each seed. */
export class SeedTotals {
  readonly operations = new Map<string, number>();
  readonly fallbacks = new Map<string, number>();

  add({ operations, fallbacks }: SeedResult): void {
    for (const [name, count] of Object.entries(operations)) add(this.operations, name, count);
    for (const [rule, count] of Object.entries(fallbacks)) add(this.fallbacks, rule, count);
  }

  /** `12,000 operations: agentStep 3,000, …` and the lines that each fallback was about. */
  describe(): string {
    const list = (counts: ReadonlyMap<string, number>): string =>
      [...counts]
        .sort((a, b) => b[1] - a[1])
        .map(([name, count]) => `${name} ${count}`)
        .join(', ');
    const total = [...this.operations.values()].reduce((sum, count) => sum + count, 0);
    return `${total} operations: ${list(this.operations)}\nlines of which something was forgotten, by rule: ${list(this.fallbacks) || 'none'}`;
  }
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

/** A finding as a person reads it, with the last steps before it. */
export function describeFindings({ plan, seed, findings, log, error }: SeedResult): string {
  const lines = findings
    .slice(0, 10)
    .map(({ step, kind, where, shown, line }) => `step ${step}: ${kind} at ${where}: shown as ${shown}: ${line}`);
  const problem = error === undefined ? [] : [error];
  return [
    `seed ${seed} (again: npm run fuzz -- --plan ${plan} --seed ${seed})`,
    ...problem,
    ...lines,
    ...log.slice(-20).map((step) => `  ${step}`),
  ].join('\n');
}
