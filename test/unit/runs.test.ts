import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Author, unknown } from '../../src/core/author.ts';
import { type Run, RunCursor, RunMap } from '../../src/core/runs.ts';
import { ai, formatter, person } from '../support/authors.ts';

const authors: readonly Author[] = [ai(), ai('s-2'), person, formatter, unknown.disk];

/** One author a character: slow and plainly right. */
function characters(runs: Iterable<Run>): Author[] {
  return [...runs].flatMap(({ length, author }) => Array<Author>(length).fill(author));
}

const anyRun = fc.record({ length: fc.integer({ min: 1, max: 9 }), author: fc.constantFrom(...authors) });
const anyEdit = fc.record({
  at: fc.nat({ max: 1_000 }),
  deleted: fc.nat({ max: 40 }),
  inserted: fc.array(anyRun, { maxLength: 4 }),
});

describe('RunMap', () => {
  it('gives each character the author that a list of characters gives, whatever is edited', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 1_500 }), fc.array(anyEdit, { maxLength: 40 }), (start, edits) => {
        const runs = RunMap.from(start);
        let model = characters(start);
        for (const edit of edits) {
          const offset = Math.min(edit.at, model.length);
          const deleted = Math.min(edit.deleted, model.length - offset);
          runs.replace(offset, deleted, edit.inserted);
          model = [...model.slice(0, offset), ...characters(edit.inserted), ...model.slice(offset + deleted)];
        }
        assert.equal(runs.length, model.length);
        assert.deepEqual(characters(runs), model);
        const [from, to] = [Math.floor(model.length / 3), Math.ceil(model.length / 2)];
        assert.deepEqual(characters(runs.slice(from, to)), model.slice(from, to));
        assert.deepEqual(characters(new RunCursor(runs).read(from, to)), model.slice(from, to));
      }),
      { numRuns: 150 },
    );
  });

  it('keeps neighbours by one author as one run', () => {
    const runs = RunMap.of(3, person);
    runs.replace(3, 0, [{ length: 2, author: { ...person } }]);
    assert.equal(runs.size, 1);
    assert.equal(runs.length, 5);
  });

  it('keeps a cut at its place until the text around it goes', () => {
    const runs = RunMap.from([
      { length: 3, author: ai() },
      { length: 0, author: person },
      { length: 3, author: ai() },
    ]);
    runs.replace(0, 0, [{ length: 2, author: formatter }]);
    assert.deepEqual(
      [...runs].map(({ length, author }) => [length, author.origin]),
      [
        [2, 'tool'],
        [3, 'ai'],
        [0, 'human'],
        [3, 'ai'],
      ],
    );
    runs.replace(4, 2, []);
    assert.deepEqual(
      [...runs].map(({ length, author }) => [length, author.origin]),
      [
        [2, 'tool'],
        [4, 'ai'],
      ],
    );
  });

  it('reads the cuts from the start of a range up to its end', () => {
    const runs = RunMap.from([
      { length: 2, author: ai() },
      { length: 0, author: person },
      { length: 2, author: ai() },
    ]);
    const cuts = (from: number, to: number): number =>
      new RunCursor(runs).read(from, to).filter((run) => run.length === 0).length;
    assert.deepEqual([cuts(0, 2), cuts(0, 3), cuts(2, 4), cuts(3, 4)], [0, 1, 1, 0]);
    runs.append(0, formatter);
    assert.deepEqual([cuts(0, 3), cuts(2, 4), cuts(3, 4)], [1, 2, 1], 'at the end of the text there is no next range');
  });

  it('refuses an edit outside the text', () => {
    assert.throws(() => RunMap.of(3, person).replace(2, 2, []), RangeError);
  });
});
