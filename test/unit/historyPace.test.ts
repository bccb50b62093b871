import assert from 'node:assert/strict';
import { waitOf } from '../../src/extension/history/pace.ts';

describe('when history is read in the background', () => {
  const start = Date.parse('2026-01-01T10:00:00Z');
  const seconds = (count: number): number => start + count * 1_000;

  it('is never while there is nothing new', () => {
    assert.equal(waitOf({ dueSince: undefined, readAt: undefined, typedAt: 0 }, start), undefined);
    assert.equal(waitOf({ dueSince: undefined, readAt: start, typedAt: start }, seconds(7_200)), undefined);
  });

  it('is some seconds after a repository was opened', () => {
    assert.equal(waitOf({ dueSince: start, readAt: undefined, typedAt: 0 }, start), 5_000);
    assert.equal(waitOf({ dueSince: start, readAt: undefined, typedAt: 0 }, seconds(60)), 0);
  });

  it('is not while somebody types', () => {
    for (const typed of [0, 10, 100]) {
      const pace = { dueSince: start, readAt: undefined, typedAt: seconds(typed) };
      assert.equal(waitOf(pace, seconds(typed + 1)), 4_000);
      assert.equal(waitOf(pace, seconds(typed + 5)), 0);
    }
  });

  it('is not for every move of HEAD', () => {
    const readAt = start;
    const waits = [60, 120, 180].map((moved) => waitOf({ dueSince: seconds(60), readAt, typedAt: 0 }, seconds(moved)));
    assert.deepEqual(waits, [540_000, 480_000, 420_000]);
    assert.equal(waitOf({ dueSince: seconds(60), readAt, typedAt: 0 }, seconds(600)), 0);
  });
});
