import assert from 'node:assert/strict';
import { describeFindings, SeedPool, SeedTotals } from './seedPool.ts';

const seeds = 20;
const steps = 500;

describe('the origin of every line, whatever is done to it', () => {
  const totals = new SeedTotals();
  let pool: SeedPool;
  let results: ReturnType<SeedPool['run']>[];
  before(() => {
    pool = new SeedPool(2);
    results = Array.from({ length: seeds }, (_, i) => pool.run({ seed: i + 1, steps }));
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
});
