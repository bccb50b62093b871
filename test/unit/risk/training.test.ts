import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitSteps, type Samples, type Settings } from '../../../scripts/train/boosting.ts';
import { aucOfSample, orderOf, rankingOf } from '../../../scripts/train/metrics.ts';

const settings: Settings = { bins: 16, rounds: 60, learningRate: 0.05, shrinkage: 1 };

function samples(
  rows: readonly { readonly value: number; readonly label: boolean; readonly group?: number }[],
): Samples {
  return {
    columns: [Float64Array.from(rows, ({ value }) => value)],
    labels: Uint8Array.from(rows, ({ label }) => Number(label)),
    weights: new Float64Array(rows.length).fill(1),
    groups: Uint32Array.from(rows, ({ group }) => group ?? 0),
  };
}

const row = fc.record({ value: fc.nat({ max: 30 }), label: fc.boolean(), group: fc.nat({ max: 2 }) });
const scored = fc
  .array(fc.record({ score: fc.nat({ max: 12 }), faulty: fc.boolean() }), { minLength: 2, maxLength: 60 })
  .filter((rows) => rows.some(({ faulty }) => faulty) && rows.some(({ faulty }) => !faulty));

describe('training', () => {
  it('finds the step that is there', () => {
    const rows = Array.from({ length: 800 }, (_, index) => ({
      value: index % 40,
      label: index % 40 >= 25 && index % 8 > 0,
    }));
    const [steps] = fitSteps(samples(rows), [false], settings);
    assert.ok(steps);
    const at = (value: number): number => steps.values[steps.thresholds.filter((one) => one <= value).length] as number;
    assert.ok(at(39) - at(10) > 2, `${at(10)} to ${at(39)}`);
    assert.ok(Math.abs(at(2) - at(20)) < 0.2);
  });

  it('makes what must rise rise, whatever the labels say', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 20, maxLength: 120 }), (rows) => {
        const [steps] = fitSteps(samples(rows), [true], settings);
        const values = [...(steps?.values ?? [])];
        assert.ok(values.every((value, index) => index === 0 || value >= (values[index - 1] as number) - 1e-12));
      }),
      { numRuns: 50 },
    );
  });

  it("does not take a group's base rate for what its changes are like", () => {
    // Within each group the value says nothing; the groups differ in both.
    const rows = Array.from({ length: 1000 }, (_, index) => {
      const group = index % 2;
      return {
        value: group * 10 + (Math.floor(index / 2) % 5),
        label: Math.floor(index / 10) % 10 < 2 + 6 * group,
        group,
      };
    });
    const [steps] = fitSteps(samples(rows), [false], settings);
    assert.ok(steps && Math.max(...steps.values) - Math.min(...steps.values) < 0.05);
  });

  it('counts the area under the curve as pairs are counted', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        let [pairs, right] = [0, 0];
        for (const bad of rows.filter(({ faulty }) => faulty)) {
          for (const good of rows.filter(({ faulty }) => !faulty)) {
            pairs++;
            right += bad.score > good.score ? 1 : bad.score === good.score ? 0.5 : 0;
          }
        }
        assert.ok(Math.abs(figures(rows).auc - right / pairs) < 1e-12);
      }),
    );
  });

  it('counts a commit that was drawn twice as two', () => {
    fc.assert(
      fc.property(scored, fc.infiniteStream(fc.nat({ max: 3 })), (rows, stream) => {
        const counts = Uint32Array.from(rows, () => 1 + (stream.next().value as number));
        const drawn = rows.flatMap((one, index) => Array.from({ length: counts[index] as number }, () => one));
        const scores = Float64Array.from(rows, ({ score }) => score);
        const faulty = Uint8Array.from(rows, (one) => Number(one.faulty));
        assert.ok(Math.abs(aucOfSample(orderOf(scores), scores, faulty, counts) - figures(drawn).auc) < 1e-12);
      }),
    );
  });

  it('ranks by place, equal scores sharing theirs', () => {
    const rows = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((score) => ({ score, faulty: [9, 7, 1].includes(score) }));
    const { prAuc, recall20, precision10 } = figures(rows);
    assert.ok(Math.abs(prAuc - (1 + 2 / 3 + 3 / 9) / 3) < 1e-12);
    assert.ok(Math.abs(recall20 - 1 / 3) < 1e-12);
    assert.equal(precision10, 1);
    const equal = figures(rows.map(({ faulty }) => ({ score: 1, faulty })));
    assert.ok(Math.abs(equal.recall20 - 0.2) < 1e-12 && Math.abs(equal.precision10 - 0.3) < 1e-12);
  });
});

function figures(rows: readonly { readonly score: number; readonly faulty: boolean }[]): ReturnType<typeof rankingOf> {
  return rankingOf(
    Float64Array.from(rows, ({ score }) => score),
    Uint8Array.from(rows, ({ faulty }) => Number(faulty)),
  );
}
