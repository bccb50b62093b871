import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Ledger } from '../../src/ledger/ledger.ts';
import { Model } from './model.ts';
import { Random } from './random.ts';

const seeds = 20;
const operations = 500;

describe('the ledger, whatever is done to a file', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-fuzz-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (let seed = 1; seed <= seeds; seed++) {
    it(`seed ${seed}: never shows a line as somebody's who did not write it, and loses none`, async () => {
      const model = new Model(new Ledger(path.join(folder, `${seed}`)), new Random(seed), 'src/file.ts');
      for (let step = 1; step <= operations; step++) {
        const operation = await model.step();
        assert.deepEqual(await model.check(step, operation), [], `seed ${seed}, step ${step}`);
      }
    }).timeout(60_000);
  }
});
