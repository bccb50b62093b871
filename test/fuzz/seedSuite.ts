import assert from 'node:assert/strict';
import type { PlanName } from './plans.ts';
import { describeFindings, SeedPool, SeedTotals } from './seedPool.ts';

/** So many seeds of a plan run with every `npm test`. */
const seeds = 20;

/** Tests the first seeds of a plan, so many steps each. */
export function testSeeds(plan: PlanName, steps: number): void {
  const totals = new SeedTotals();
  let pool: SeedPool;
  let results: ReturnType<SeedPool['run']>[];
  before(() => {
    pool = new SeedPool(2);
    results = Array.from({ length: seeds }, (_, i) => pool.run({ plan, seed: i + 1, steps }));
    // Each is awaited by a test of its own.
    for (const result of results) result.catch(() => undefined);
  });
  after(() => {
    pool.dispose();
    process.stdout.write(`${totals.describe()}\n`);
  });

  for (let seed = 1; seed <= seeds; seed++) {
    it(`seed ${seed}: shows no line as somebody's who did not write it, and loses none`, async () => {
      const result = await results[seed - 1];
      assert.ok(result);
      totals.add(result);
      assert.ok(result.findings.length === 0 && result.error === undefined, describeFindings(result));
      const count = Object.values(result.operations).reduce((sum, operations) => sum + operations, 0);
      assert.equal(count, steps);
    }).timeout(300_000);
  }
}
