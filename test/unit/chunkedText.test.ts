import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ChunkedText } from '../../src/core/chunkedText.ts';

describe('a text in chunks', () => {
  // Surrogate pairs may be cut like anything else.
  const anyText = fc.string({ unit: 'binary', maxLength: 40 });
  const edit = fc.record({ at: fc.nat(), deleted: fc.nat({ max: 50 }), inserted: anyText });

  it('is the same as a string, whatever is done to it', () => {
    fc.assert(
      fc.property(anyText, fc.array(edit, { maxLength: 20 }), fc.nat(), fc.nat(), (start, edits, a, b) => {
        let text = start;
        const chunked = new ChunkedText(start, 5);
        for (const { at, deleted, inserted } of edits) {
          const offset = at % (text.length + 1);
          const count = deleted % (text.length - offset + 1);
          chunked.replace(offset, count, inserted);
          text = text.slice(0, offset) + inserted + text.slice(offset + count);
          const [from, to] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y) as [number, number];
          assert.equal(chunked.length, text.length);
          assert.equal(chunked.slice(from, to), text.slice(from, to));
          assert.equal(chunked.charCodeAt(from), text.charCodeAt(from));
        }
        assert.equal(chunked.toString(), text);
      }),
    );
  });

  it('refuses what is outside', () => {
    for (const [offset, deleted] of [
      [-1, 0],
      [0, 4],
      [4, 0],
      [1, -1],
    ] as const) {
      assert.throws(() => new ChunkedText('abc').replace(offset, deleted, ''), RangeError);
    }
  });
});
