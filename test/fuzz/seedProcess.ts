import { fuzz } from './fuzzer.ts';
import type { SeedResult, SeedTask } from './seedPool.ts';

// Runs the seeds that its parent names, and sends back what they showed.

async function run({ plan, seed, steps }: SeedTask): Promise<SeedResult> {
  const { operations, fallbacks, ...result } = await fuzz(plan, seed, steps);
  return {
    plan,
    seed,
    operations: Object.fromEntries(operations),
    fallbacks: Object.fromEntries(fallbacks),
    ...result,
  };
}

process.on('message', (task: SeedTask) => {
  run(task).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
