import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Author, unknown } from '../../src/core/author.ts';
import { carry } from '../../src/core/carry.ts';
import { changedPart, type LineStep, LineTrace, type Version } from '../../src/core/lineHistory.ts';
import { RunMap } from '../../src/core/runs.ts';
import { describeNewest, describeShares, describeStep, localTime } from '../../src/core/stepText.ts';
import { linesOf } from '../../src/core/text.ts';
import { ai, formatter, person } from '../support/authors.ts';

const minute = (n: number): string => `2026-01-01T00:${String(n).padStart(2, '0')}:00Z`;

/** One text after the other, a minute between them, each by an author; the first one was there before anybody looked. */
function versions(first: string, ...later: readonly (readonly [text: string, by: Author])[]): Version[] {
  const all: Version[] = [
    { text: first, runs: RunMap.of(first.length, unknown.firstSeen), at: minute(0), heldBefore: false },
  ];
  for (const [text, who] of later) {
    const at = minute(all.length);
    const by: Author = 'at' in who ? { ...who, at } : who;
    const last = all.at(-1) as Version;
    const earlier = all.find((version) => version.text === text);
    const runs = earlier?.runs ?? carry(last.text, last.runs, text, by).runs;
    all.push({ text, runs, at, by, heldBefore: earlier !== undefined });
  }
  return all;
}

/** The steps of a line of the last version. */
function trace(all: readonly Version[], line: number): LineStep[] {
  const [newest, ...older] = all.toReversed();
  const lineTrace = new LineTrace(newest as Version, line);
  for (const version of older) lineTrace.back(version);
  return lineTrace.finish();
}

/** `1 ai written`, `2 human changed "a" to "b"`: the minute, who, and what became of the line. */
function told(all: readonly Version[], line: number): string[] {
  return trace(all, line).map(({ at, by, change: { kind, ...more } }) => {
    const details = Object.values(more).map((value) => JSON.stringify(value));
    return [at === undefined ? '-' : new Date(at).getUTCMinutes(), by?.origin ?? '-', kind, ...details].join(' ');
  });
}

describe('the history of a line', () => {
  const a = ai();
  const old = 'first();\nsecond();\nthird();\n';

  it('begins where the line was written', () => {
    assert.deepEqual(told(versions(old, [`${old}sum(items);\n`, a]), 4), ['1 ai written']);
    assert.deepEqual(told(versions('', ['sum(items);\n', person]), 1), ['1 human written']);
  });

  it('begins with what was there when somebody first looked', () => {
    assert.deepEqual(told(versions(old), 2), ['0 unknown written']);
    assert.deepEqual(told(versions(old, [old.replace('second()', 'second(1)'), a]), 2), [
      '0 unknown written',
      '1 ai changed "" "1"',
    ]);
  });

  it('follows the line past what is put in above it and below, which is no step', () => {
    const all = versions(
      old,
      ['first();\nsum(items) * 1;\nsecond();\nthird();\n', a],
      ['new();\nfirst();\nsum(items) * 1;\nsecond();\nlast();\n', person],
      ['new();\nfirst();\nsum(items) * 2;\nsecond();\nlast();\n', person],
    );
    assert.deepEqual(told(all, 3), ['1 ai written', '3 human changed "1" "2"']);
  });

  it('begins anew where next to nothing is left of the line', () => {
    assert.deepEqual(told(versions(old, ['first();\nlet x = 1;\nthird();\n', a]), 2), ['1 ai written']);
  });

  it('tells a move, and white space that changed', () => {
    const all = versions(
      old,
      [`${old}sum(items);\n`, a],
      [`sum(items);\n${old}`, unknown.disk],
      [`  sum(items);\n${old}`, formatter],
    );
    assert.deepEqual(told(all, 1), ['1 ai written', '2 unknown moved 4', '3 tool respaced']);
  });

  it('says nothing of another line end', () => {
    assert.deepEqual(told(versions('', ['sum();\n', a], ['sum();\r\n', unknown.disk]), 1), ['1 ai written']);
  });

  it('follows all the lines that were joined to one', () => {
    const all = versions('', ['go(one,\n', a], ['go(one,\n  two);\n', person], ['go(one, two);\n', formatter]);
    assert.deepEqual(told(all, 1), ['1 ai written', '2 human written', '3 tool joined [1,2]']);
  });

  it('tells a line that was split, and what was put into its parts', () => {
    const all = versions('', ['go(one, two);\n', a], ['go(\n  one,\n  two,\n);\n', formatter]);
    assert.deepEqual(told(all, 2), ['1 ai written', '2 tool split 1']);
    assert.deepEqual(told(all, 3), ['1 ai written', '2 tool split 1', '2 tool changed "" ","']);
  });

  it('tells what was only taken out', () => {
    const all = versions('', ['go(one, two);\n', a], ['go(one);\n', person]);
    assert.deepEqual(told(all, 1), ['1 ai written', '2 human changed ", two" ""']);
    const twice = versions('', ['go(one, two, three, four);\n', a], ['go(two, four);\n', person]);
    assert.deepEqual(told(twice, 1), ['1 ai written', '2 human changed "one, two, three" "two"']);
  });

  it('tells who is known for a text that somebody had looked at before', () => {
    const [seen, claimed] = ['x();\n', 'x();\ny();\n'];
    const all: Version[] = [
      { text: seen, runs: RunMap.of(seen.length, unknown.disk), at: minute(1), by: unknown.disk, heldBefore: false },
      {
        text: claimed,
        runs: RunMap.of(claimed.length, ai('s', { at: minute(2) })),
        at: minute(2),
        by: ai('s', { at: minute(2) }),
        heldBefore: false,
      },
    ];
    assert.deepEqual(told(all, 1), ['1 unknown written', '2 ai claimed']);
    assert.deepEqual(told(all, 2), ['2 ai written']);
  });

  it('passes over what lies between two appearances of the same text', () => {
    const all = versions('', ['sum();\n', a], ['sum(1);\n', person], ['', unknown.disk], ['sum();\n', unknown.disk]);
    assert.deepEqual(told(all, 1), ['1 ai written', '4 - restored']);
    const first: [string, Author] = ['sum();\n', a];
    const second: [string, Author] = ['sum(1);\n', person];
    const again = versions('', first, second, first, second, first, second);
    assert.deepEqual(told(again, 1), ['1 ai written', '2 human changed "" "1"', '6 - restored'], 'told once');
    const other = versions(old, [`${old}sum();\n`, a], [old, unknown.disk], [`${old}sum();\n`, unknown.disk]);
    assert.deepEqual(told(other, 2), ['0 unknown written']);
  });

  it('tells AI text that was put in again from text that was written now', () => {
    const author = ai('s', { at: minute(1) });
    const runs = RunMap.from([
      { length: 4, author: unknown.firstSeen },
      { length: 7, author },
    ]);
    const all: Version[] = [
      { text: 'x();', runs: RunMap.of(4, unknown.firstSeen), at: minute(5), heldBefore: false },
      { text: 'x();\nsum()\n', runs, at: minute(6), heldBefore: false },
    ];
    assert.deepEqual(told(all, 2), ['1 ai written', '6 ai returned']);
  });

  it('gives a burst of typing that began earlier the time at which it was seen', () => {
    const early: Author = { ...person, at: minute(0) };
    const runs = RunMap.from([
      { length: 4, author: a },
      { length: 1, author: early },
      { length: 3, author: a },
    ]);
    const all: Version[] = [
      { text: 'sum();\n', runs: RunMap.of(7, a), at: minute(2), heldBefore: false },
      { text: 'sum(1);\n', runs, at: minute(3), heldBefore: false },
    ];
    assert.equal(told(all, 1).at(-1), '3 human changed "" "1"');
  });

  it('has no time for a text that nobody has taken note of', () => {
    const [version] = versions('x();\n');
    const newest: Version = { text: 'x(1);\n', runs: RunMap.of(6, unknown.disk), by: unknown.disk, heldBefore: false };
    assert.deepEqual(told([version as Version, newest], 1).at(-1), '- unknown changed "" "1"');
  });

  it('says whose a blank line is', () => {
    assert.deepEqual(told(versions('x();\ny();\n', ['x();\n\ny();\n', a]), 2), ['1 ai written']);
  });

  it('needs nothing older once the beginning is found', () => {
    const [first, second] = versions('', ['x();\n', a]) as [Version, Version];
    const lineTrace = new LineTrace(second, 1);
    assert.equal(lineTrace.done, false);
    lineTrace.back(first);
    assert.equal(lineTrace.done, true);
  });

  it('ends with somebody who wrote it for each line of any texts', () => {
    const line = fc.constantFrom('first();\n', 'second(1, 2);\n', '  second(1);\n', '\n', '}\n', 'third = 3;\r\n', 'x');
    const text = fc.array(line, { maxLength: 6 }).map((lines) => lines.join(''));
    const author = fc.constantFrom<Author>(a, person, formatter, unknown.disk);
    fc.assert(
      fc.property(text, fc.array(fc.tuple(text, author), { maxLength: 5 }), (first, later) => {
        const all = versions(first, ...later);
        for (let i = 1; i <= linesOf(all.at(-1)?.text ?? '').count; i++) {
          const kinds = trace(all, i).map(({ change }) => change.kind);
          assert.ok(kinds.includes('written'), JSON.stringify(kinds));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what changed in a line', () => {
  const table: [before: string, after: string, removed: string, added: string][] = [
    ['sum(items) * 1;', 'sum(items) * 2;', '1', '2'],
    ['go(one);', 'go(one, two);', '', ', two'],
    ['  go(one, two);', 'go(two);', 'one,', ''],
    ['a a', 'a a a', '', 'a'],
    ['const Name = 1;', 'const Names = 1;', 'Name', 'Names'],
    ['', 'x', '', 'x'],
  ];
  for (const [before, after, removed, added] of table) {
    it(`${before} → ${after}`, () => assert.deepEqual(changedPart(before, after), { removed, added }));
  }
});

describe('a step in words', () => {
  it('names who, what shows it and what was done', () => {
    const by = ai('1a2b3c4d5e6f');
    assert.equal(
      describeStep({ by, change: { kind: 'written' } }),
      'Claude Code (claude-opus-4-5), session 1a2b3c4d…, reported: wrote the line',
    );
    assert.equal(
      describeStep({ by: { ...person, evidence: 'inferred', rule: 'keystroke' }, change: { kind: 'moved', from: 3 } }),
      'a person, inferred (keystroke): moved it from line 3',
    );
    assert.equal(
      describeStep({ by: unknown.disk, change: { kind: 'changed', removed: 'a', added: 'b' } }),
      'nobody known (changed on disk, and nobody reported it): changed "a" to "b"',
    );
    assert.equal(describeStep({ change: { kind: 'joined', from: [1, 2] } }), 'in the editor: joined lines 1 and 2');
  });

  it('shows nothing that a terminal or a reader could take for something else', () => {
    const by = ai('s\u001b[31m', { tool: 'evil\u202e\n## title' });
    const text = describeStep({ by, change: { kind: 'changed', removed: '\u001b[2J\u0007', added: 'x'.repeat(500) } });
    assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
    assert.ok(text.length < 200, text);
  });

  it('leaves out the oldest of many steps, and says so', () => {
    const steps = [1, 2, 3, 4].map((from): LineStep => ({ at: minute(from), change: { kind: 'moved', from } }));
    const lines = describeNewest({ steps, isCut: true }, 2);
    assert.deepEqual(lines.slice(0, 2), ['some earlier steps are no longer known', '2 earlier steps']);
    assert.ok(lines[3]?.startsWith(localTime(minute(4))));
    assert.equal(describeNewest({ steps, isCut: false }, 5).length, 4);
  });

  it('counts the characters that a class is made of', () => {
    const shares = new Map<Author, number>([
      [ai('s-1'), 20],
      [ai('s-2'), 1],
      [person, 3],
      [{ origin: 'base' }, 5],
    ]);
    assert.equal(
      describeShares(shares, { class: 'mixed', author: ai(), countsAsAi: true }),
      '21 characters by Claude Code (claude-opus-4-5), 3 by a person, 5 that HEAD has, too → mixed, counts as AI',
    );
    assert.equal(
      describeShares(new Map(), { class: 'human', author: person, countsAsAi: false }),
      'a blank line → human',
    );
  });
});
