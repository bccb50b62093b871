import { crash } from '../test/fuzz/crash.ts';
import { type PlanName, planNames } from '../test/fuzz/plans.ts';
import { Random } from '../test/fuzz/random.ts';
import { describeFindings, SeedPool, SeedTotals } from '../test/fuzz/seedPool.ts';
import { runScript } from './lifetime.ts';
import { root } from './paths.ts';

// npm run fuzz -- [--plan edits|history] [--minutes N] [--seed S [--steps N]] [--kills N]: new random seeds until the time
// is over, one seed, or so many killed writers. Ends with exit code 1 where something was wrong or lost.

const processes = 2;
const seconds = 1_000;

runScript(async (lifetime) => {
  process.chdir(root);
  const options = parse(process.argv.slice(2));
  if (options.kills !== undefined) {
    const result = await crash(new Random(options.seed ?? Date.now()), options.kills);
    const { kills, acknowledged, unfinished, findings } = result;
    say(`${kills} writers killed: ${acknowledged} operations acknowledged, ${unfinished} lines unfinished`);
    for (const finding of findings) say(finding);
    if (findings.length > 0) process.exitCode = 1;
    return;
  }
  const plan = options.plan ?? 'edits';
  const pool = new SeedPool(processes);
  await lifetime.defer(() => pool.dispose());
  const totals = new SeedTotals();
  let [seeds, failed] = [0, 0];
  const run = async (seed: number): Promise<void> => {
    const result = await pool.run({ plan, seed, steps: options.steps ?? 500 });
    totals.add(result);
    seeds++;
    if (result.findings.length === 0 && result.error === undefined) return;
    failed++;
    say(describeFindings(result));
  };
  if (options.seed !== undefined) {
    await run(options.seed);
  } else {
    const end = Date.now() + (options.minutes ?? 1) * 60 * seconds;
    // A seed names what it does, whenever it is run: the first one only has to be another each time.
    let next = Date.now() % 1_000_000_000;
    const keepOn = async (): Promise<void> => {
      while (Date.now() < end) await run(next++);
    };
    await Promise.all(Array.from({ length: processes }, keepOn));
  }
  say(`${seeds} seeds, ${failed} with findings; ${totals.describe()}`);
  if (failed > 0) process.exitCode = 1;
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

type Options = Partial<Record<'minutes' | 'seed' | 'steps' | 'kills', number>> & { plan?: PlanName };

function parse(args: readonly string[]): Options {
  const options: Options = {};
  for (let i = 0; i < args.length; i += 2) {
    const [option, value] = args.slice(i, i + 2);
    const name = /^--(minutes|seed|steps|kills)$/.exec(option as string)?.[1] as 'minutes' | 'seed' | undefined;
    const plan = option === '--plan' ? planNames.find((each) => each === value) : undefined;
    if (plan) options.plan = plan;
    else if (name !== undefined && value !== undefined && Number(value) >= 0) options[name] = Number(value);
    else {
      throw new Error(
        `${option} ${value ?? ''}: there are --plan ${planNames.join('|')}, --minutes N, --seed S, --steps N and --kills N.`,
      );
    }
  }
  return options;
}
