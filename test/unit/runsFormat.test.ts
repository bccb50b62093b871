import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Author, editKinds, unknownReasons } from '../../src/core/author.ts';
import { type Run, RunMap } from '../../src/core/runs.ts';
import { deserialiseRuns, serialiseRuns } from '../../src/core/runsFormat.ts';
import { ai, person } from '../support/authors.ts';

const evidence = fc.record(
  {
    evidence: fc.constantFrom('reported', 'observed', 'inferred', 'declared'),
    at: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T03:04:05.678Z'),
    rule: fc.string(),
  },
  { requiredKeys: ['evidence', 'at'] },
);

const anyAuthor: fc.Arbitrary<Author> = fc.oneof(
  fc.constant<Author>({ origin: 'base' }),
  fc.constantFrom(...unknownReasons).map((reason): Author => ({ origin: 'unknown', reason })),
  evidence.map((shown): Author => ({ origin: 'human', ...shown })),
  fc.tuple(fc.string(), evidence).map(([name, shown]): Author => ({ origin: 'tool', name, ...shown })),
  fc
    .tuple(
      fc.record(
        {
          tool: fc.string(),
          model: fc.string(),
          session: fc.string({ unit: 'binary' }),
          kind: fc.constantFrom(...editKinds),
          review: fc.constantFrom('unseen', 'seen', 'reviewed'),
        },
        { requiredKeys: ['tool', 'session', 'kind', 'review'] },
      ),
      evidence,
    )
    .map(([written, shown]): Author => ({ origin: 'ai', ...written, ...shown })),
);

/** Lengths of 0 are cuts; large ones take several digits. */
const anyRun: fc.Arbitrary<Run> = fc.record({
  length: fc.oneof(fc.constant(0), fc.nat({ max: 70 }), fc.nat({ max: 10_000_000 })),
  author: anyAuthor,
});

function refusal(line: string, length: number): string {
  const result = deserialiseRuns(line, length);
  assert.ok('refused' in result, 'taken, but no runs of that text');
  return result.refused;
}

describe('the stored form of runs', () => {
  it('gives back what was put in: authors of all kinds, cuts, reviews, rules', () => {
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 60 }), (list) => {
        const runs = RunMap.from(list);
        const line = serialiseRuns(runs);
        assert.ok(!/[\r\n]/.test(line), 'one line');
        const read = deserialiseRuns(line, runs.length);
        assert.ok('runs' in read, 'refused');
        assert.deepEqual([...read.runs], [...runs]);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps more runs than a chunk holds', () => {
    const runs = RunMap.from(
      Array.from({ length: 5_000 }, (_, i) => ({ length: i % 7, author: i % 2 === 0 ? ai() : person })),
    );
    const read = deserialiseRuns(serialiseRuns(runs), runs.length);
    assert.ok('runs' in read, 'refused');
    assert.deepEqual([...read.runs], [...runs]);
  });

  it('names an author once, however many objects stand for it', () => {
    const runs = RunMap.from(
      Array.from({ length: 100 }, (_, i) => ({ length: 1, author: i % 2 === 0 ? ai() : person })),
    );
    assert.equal(serialiseRuns(runs).split('"session"').length - 1, 1);
  });

  it('refuses in one line what does not fit the text', () => {
    const line = serialiseRuns(RunMap.of(5, person));
    assert.equal(refusal(line, 4), 'the runs are longer than the text of 4');
    assert.equal(refusal(line, 6), 'the runs end at 5 of 6');
    const broken = (runs: string): string => JSON.stringify({ version: 2, authors: [person], runs });
    assert.equal(refusal(broken('FB'), 5), 'there is no author 1');
    assert.equal(refusal(broken('F'), 5), 'no number at 1 of runs');
    assert.equal(refusal(broken('F!'), 5), 'no number at 1 of runs');
    assert.equal(refusal(broken('FÿA'), 5), 'no number at 1 of runs');
    assert.equal(refusal(broken(`${'/'.repeat(1_000)}A`), 5), 'no number at 8 of runs');
    assert.match(refusal(line.replace('"version":2', '"version":1'), 5), /version/);
    assert.match(refusal(line.replace('"human"', '"nobody"'), 5), /origin/);
    for (const other of ['', 'null', '[]', '{', '{"version":2}', '"x"', '{"version":2,"authors":{},"runs":[]}']) {
      assert.ok(!refusal(other, 5).includes('\n'), other);
    }
  });

  it('takes any input without falling over, and never makes runs of another length', () => {
    const line = serialiseRuns(
      RunMap.from(Array.from({ length: 20 }, (_, i) => ({ length: i, author: i % 2 === 0 ? ai() : person }))),
    );
    const damage = fc.record({ at: fc.nat({ max: line.length }), deleted: fc.nat({ max: 3 }), text: fc.string() });
    const damaged = fc
      .array(damage, { minLength: 1, maxLength: 3 })
      .map((pieces) =>
        pieces.reduce((all, { at, deleted, text }) => all.slice(0, at) + text + all.slice(at + deleted), line),
      );
    fc.assert(
      fc.property(fc.oneof(damaged, fc.string(), fc.json()), (input) => {
        const read = deserialiseRuns(input, 190);
        if ('runs' in read) assert.equal(read.runs.length, 190);
        else assert.ok(read.refused !== '' && !read.refused.includes('\n'));
      }),
      { numRuns: 1_000 },
    );
  });
});
