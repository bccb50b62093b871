import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commonEnds } from '../../src/core/commonEnds.ts';
import { linesOf } from '../../src/core/text.ts';

describe('the common ends of two texts', () => {
  const lines = fc.array(fc.constantFrom('a\n', 'b\n', 'ab\n', '\n', 'x'.repeat(5_000)), { maxLength: 12 });
  const text = lines.map((parts) => parts.join(''));

  it('are the same whole lines in both, and never overlap', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const { head, tail } = commonEnds(a, b);
        assert.equal(a.slice(0, head), b.slice(0, head));
        assert.equal(a.slice(a.length - tail), b.slice(b.length - tail));
        assert.ok(head + tail <= Math.min(a.length, b.length));
        for (const one of [a, b]) {
          const { starts } = linesOf(one);
          assert.ok(starts.includes(head), 'the head ends with a line');
          assert.ok(starts.includes(one.length - tail), 'the tail begins with a line');
        }
      }),
    );
  });

  it('are as long as can be', () => {
    const table: [a: string, b: string, head: number, tail: number][] = [
      ['a\nb\nc\n', 'a\nx\nc\n', 2, 2],
      ['a\nc\n', 'a\nb\nc\n', 2, 2],
      ['a\na\n', 'a\na\na\n', 4, 0],
      ['ab\n', 'xb\n', 0, 0],
      ['a\nb', 'a\nb\n', 2, 0],
      ['', 'a\n', 0, 0],
      ['a\n', 'b\na\n', 0, 2],
      ['same', 'same', 4, 0],
    ];
    for (const [a, b, head, tail] of table) assert.deepEqual(commonEnds(a, b), { head, tail }, JSON.stringify([a, b]));
  });
});
