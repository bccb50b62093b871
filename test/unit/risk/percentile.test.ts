import assert from 'node:assert/strict';
import fc from 'fast-check';
import { percentileAmong, percentileByQuantiles } from '../../../src/core/risk/percentile.ts';

const numbers = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 });
const hundredths = Array.from({ length: 101 }, (_, index) => index);

describe('the percentile of a change', () => {
  it('is the share of the others that are below it; of equal ones half counts', () => {
    assert.equal(percentileAmong(3, [1, 2, 3, 4]), 62.5);
    assert.equal(percentileAmong(3, [4, 1, 2, 5]), 50);
    assert.equal(percentileAmong(7, [7, 7, 7]), 50);
    assert.equal(percentileAmong(0, [1, 2]), 0);
    assert.equal(percentileAmong(9, [1, 2]), 100);
  });

  it('is within its bounds, and rises with the value', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: -25, max: 25 }), fc.nat({ max: 10 }), (reference, value, more) => {
        const [lower, higher] = [percentileAmong(value, reference), percentileAmong(value + more, reference)];
        assert.ok(lower >= 0 && higher <= 100 && lower <= higher);
      }),
    );
  });

  it('lies between the quantiles where only these are known', () => {
    assert.equal(percentileByQuantiles(37, hundredths), 37);
    assert.equal(percentileByQuantiles(37.25, hundredths), 37.25);
    assert.equal(percentileByQuantiles(-1, hundredths), 0);
    assert.equal(percentileByQuantiles(101, hundredths), 100);
  });

  it('is in the middle of the quantiles that are equal to it', () => {
    const quantiles = hundredths.map((index) => (index >= 20 && index <= 40 ? 20 : index));
    assert.equal(percentileByQuantiles(20, quantiles), 30);
    assert.equal(percentileByQuantiles(0, hundredths.fill(0, 0, 11)), 5);
  });

  it('rises with the value among quantiles, too', () => {
    const quantiles = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 101, maxLength: 101 });
    const value = fc.double({ min: -5, max: 35, noNaN: true });
    fc.assert(
      fc.property(quantiles, value, value, (unsorted, one, other) => {
        const sorted = unsorted.toSorted((a, b) => a - b);
        const lower = percentileByQuantiles(Math.min(one, other), sorted);
        const higher = percentileByQuantiles(Math.max(one, other), sorted);
        assert.ok(lower >= 0 && higher <= 100 && lower <= higher);
      }),
    );
  });
});
