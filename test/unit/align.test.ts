import assert from 'node:assert/strict';
import { diffArrays } from 'diff';
import fc from 'fast-check';
import { Aligner, align, Cost, type Match } from '../../src/core/align.ts';
import { Random } from '../fuzz/random.ts';

function matched(matches: readonly Match[]): number {
  return matches.reduce((sum, { length }) => sum + length, 0);
}

/** That the matches are what they say: equal elements, in order, none twice. */
function check(a: readonly string[], b: readonly string[], matches: readonly Match[]): void {
  let [nextA, nextB] = [0, 0];
  for (const [i, match] of matches.entries()) {
    assert.ok(match.a >= nextA && match.b >= nextB && match.length > 0, 'in order');
    assert.ok(i === 0 || match.a > nextA || match.b > nextB, 'one match in one piece');
    assert.deepEqual(a.slice(match.a, match.a + match.length), b.slice(match.b, match.b + match.length));
    [nextA, nextB] = [match.a + match.length, match.b + match.length];
  }
}

const elements = (kinds: number, maxLength: number) => fc.array(fc.nat({ max: kinds - 1 }).map(String), { maxLength });

describe('align', () => {
  it('matches equal elements in order, whatever the sequences are', () => {
    const sequence = fc.oneof(elements(2, 60), elements(8, 60), elements(100, 60));
    fc.assert(
      fc.property(sequence, sequence, (a, b) => {
        const { matches, incomplete } = align(a, b);
        check(a, b, matches);
        assert.equal(incomplete, false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('matches as much as Myers where no element is unique', () => {
    const doubled = elements(4, 30).map((list) => [...list, '0', '0', '1', '1', '2', '2', '3', '3']);
    fc.assert(
      fc.property(doubled, doubled, (a, b) => {
        const most = diffArrays(a, b).reduce((sum, part) => sum + (part.added || part.removed ? 0 : part.count), 0);
        // Nothing is unique, and the ends differ: nothing but Myers has a say.
        assert.equal(matched(align(['9', ...a, '8'], ['7', ...b, '6']).matches), most);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps a duplicate in its place by its neighbours', () => {
    const { matches } = align(['f', '}', 'g', '}'], ['f', '}', 'h', '}', 'g', '}']);
    assert.deepEqual(matches, [
      { a: 0, b: 0, length: 2 },
      { a: 2, b: 4, length: 2 },
    ]);
  });

  it('has a bound on its cost, and says where it met it', () => {
    const random = new Random(1);
    const twoKinds = (): Int32Array => Int32Array.from({ length: 20_000 }, () => random.below(2));
    const cost = new Cost();
    const [a, b] = [twoKinds(), twoKinds()];
    const { matches, incomplete } = new Aligner(cost).align(a, b, 2);
    check([...a].map(String), [...b].map(String), matches);
    assert.equal(incomplete, true);
    assert.ok(matched(matches) > 14_000, `${matched(matches)} matched`);
    assert.ok(cost.spent < 20_000_000, `${cost.spent} elements looked at`);

    const small = new Cost(100_000);
    const bounded = new Aligner(small).align(a, b, 2);
    check([...a].map(String), [...b].map(String), bounded.matches);
    assert.ok(bounded.incomplete && small.spent < 1_000_000, `${small.spent} elements looked at`);
  });

  it('stays near linear on what is slow for Myers', () => {
    const size = 20_000;
    const range = Array.from({ length: size }, (_, i) => i);
    const random = new Random(2);
    const shuffled = range
      .map((symbol) => ({ symbol, key: random.next() }))
      .sort((x, y) => x.key - y.key)
      .map(({ symbol }) => symbol);
    const nested = range.map((i) => (i % 2 === 0 ? i : size - i));
    for (const [name, a, b] of [
      ['shuffled', range, shuffled],
      ['reversed', range, range.toReversed()],
      ['nested', nested, nested.toReversed()],
      ['nothing in common', range, range.map((i) => i + size)],
      ['in turn', range.map((i) => i % 2), range.map((i) => (i + 1) % 2)],
      ['one against many', range, range.map(() => 0)],
    ] as const) {
      const cost = new Cost();
      new Aligner(cost).align(Int32Array.from(a), Int32Array.from(b), 2 * size);
      assert.ok(cost.spent < 400 * size, `${name}: ${cost.spent} elements looked at`);
    }
  });
});
