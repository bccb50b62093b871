import { fuzz } from './fuzzer.ts';
import type { SeedResult, SeedTask } from './seedPool.ts';

// Runs the seeds that its parent names, and sends back what they showed.

async function run({ seed, steps }: SeedTask): Promise<SeedResult> {
  try {
    const { operations, fallbacks, findings, log } = await fuzz(seed, steps);
    return {
      seed,
      operations: Object.fromEntries(operations),
      fallbacks: Object.fromEntries(fallbacks),
      findings,
      log,
    };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, operations: {}, fallbacks: {}, findings: [], log: [], error: message };
  }
}

process.on('message', (task: SeedTask) => {
  run(task).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
