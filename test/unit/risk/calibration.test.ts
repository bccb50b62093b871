import assert from 'node:assert/strict';
import {
  areaUnderCurve,
  calibrate,
  evaluate,
  leastCommits,
  leastRisky,
  type Outcome,
  probabilityOf,
  whyNot,
} from '../../../src/core/risk/calibration.ts';
import { Random } from '../../fuzz/random.ts';

/** Commits whose chance of being risky is what this calibration says of their logit. */
function outcomes(count: number, slope: number, intercept: number, seed = 1): Outcome[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => {
    const logit = 6 * random.next() - 3;
    const isRisky = random.next() < probabilityOf({ slope, intercept }, logit);
    return { logit, linesAdded: random.below(100), isRisky };
  });
}

describe('calibration', () => {
  it('the area under the curve is the share of pairs in the right order, ties by half', () => {
    assert.equal(areaUnderCurve([1, 2, 3, 4], [false, false, true, true]), 1);
    assert.equal(areaUnderCurve([4, 3, 2, 1], [false, false, true, true]), 0);
    assert.equal(areaUnderCurve([1, 3, 2, 4], [false, false, true, true]), 0.75);
    assert.equal(areaUnderCurve([5, 5, 5], [false, true, true]), 0.5);
    assert.equal(areaUnderCurve([1, 2], [true, true]), 0.5);
    const random = new Random(3);
    const scores = Array.from({ length: 60 }, () => random.below(12));
    const labels = scores.map(() => random.below(3) === 0);
    let [wins, pairs] = [0, 0];
    for (const [i, a] of scores.entries()) {
      for (const [k, b] of scores.entries()) {
        if (!labels[i] || labels[k]) continue;
        pairs++;
        wins += a > b ? 1 : a === b ? 0.5 : 0;
      }
    }
    assert.ok(Math.abs(areaUnderCurve(scores, labels) - wins / pairs) < 1e-12);
  });

  it('finds the slope and the intercept that the outcomes were made with', () => {
    const found = calibrate(outcomes(20_000, 0.8, -1.2));
    assert.ok(found);
    assert.ok(Math.abs(found.slope - 0.8) < 0.06, `slope ${found.slope}`);
    assert.ok(Math.abs(found.intercept + 1.2) < 0.06, `intercept ${found.intercept}`);
  });

  it('its probabilities sum up to the number of risky commits', () => {
    const all = outcomes(2_000, 1, -0.5, 7);
    const found = calibrate(all);
    assert.ok(found);
    const sum = all.reduce((total, { logit }) => total + probabilityOf(found, logit), 0);
    assert.ok(Math.abs(sum - all.filter(({ isRisky }) => isRisky).length) < 2);
  });

  it('gives none where the riskiest are the least mended', () => {
    assert.equal(calibrate(outcomes(2_000, -1, 0)), undefined);
  });

  it('separates perfectly without going out of bounds', () => {
    const found = calibrate(outcomes(300, 1, 0).map((outcome) => ({ ...outcome, isRisky: outcome.logit > 0 })));
    assert.ok(found && Number.isFinite(found.slope) && probabilityOf(found, 3) < 1);
  });

  it('tells how much better than lines alone, and says why it is not to be trusted', () => {
    const good = evaluate(outcomes(1_000, 1, -1));
    assert.ok(good.model.auc > 0.7 && good.lowerBound > 0.65 && good.lowerBound < good.model.auc);
    assert.ok(Math.abs(good.linesAdded.auc - 0.5) < 0.06);
    assert.ok(good.model.recall > 0.3);
    assert.equal(whyNot(good), undefined);
    assert.deepEqual(evaluate(outcomes(1_000, 1, -1)), good, 'the same at every run');
    assert.match(whyNot(evaluate(outcomes(leastCommits - 1, 1, 0))) ?? '', /199 commits/);
    assert.match(whyNot(evaluate(outcomes(400, 0.2, -6))) ?? '', new RegExp(`at least ${leastRisky} are needed`));
    const same = outcomes(400, 1, 0).map((outcome) => ({ ...outcome, logit: 2 }));
    assert.match(whyNot(evaluate(same)) ?? '', /chance/);
    assert.match(whyNot(evaluate(outcomes(400, 0, 0))) ?? '', /chance/);
    assert.match(whyNot(evaluate(outcomes(400, 0, 8))) ?? '', /tells none apart/);
  });
});
