import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Cost } from '../../src/core/align.ts';
import { type Author, unknown } from '../../src/core/author.ts';
import { carry } from '../../src/core/carry.ts';
import { type Run, RunMap } from '../../src/core/runs.ts';
import { Random } from '../fuzz/random.ts';
import { ai, formatter, person } from '../support/authors.ts';

const letters: Record<string, Author> = { a: ai(), h: person, t: formatter, u: unknown.disk };

/** `authors` has one letter a character of `text`. */
function attributed(text: string, authors: string): RunMap {
  assert.equal(authors.length, text.length, 'one letter a character');
  return RunMap.from([...authors].map((letter): Run => ({ length: 1, author: letters[letter] as Author })));
}

/** One letter a character; `|` for a cut, with the letter of who made it. */
function letterMap(runs: RunMap): string {
  const letterOf = (author: Author): string => author.origin[0] as string;
  return [...runs]
    .map(({ length, author }) => (length ? letterOf(author).repeat(length) : `|${letterOf(author)}`))
    .join('');
}

function carried(oldText: string, authors: string, newText: string, author: Author): string {
  return letterMap(carry(oldText, attributed(oldText, authors), newText, author).runs);
}

describe('carry', () => {
  const table: [name: string, before: string, authors: string, after: string, author: Author, expected: string][] = [
    ['no change', 'ab c\n', 'hhhhh', 'ab c\n', ai(), 'hhhhh'],
    ['a line put in between', 'one\ntwo\n', 'hhhhhhhh', 'one\nnew\ntwo\n', ai(), 'hhhhaaaahhhh'],
    ['a line taken out', 'one\ntwo\nsix\n', 'hhhhaaaahhhh', 'one\nsix\n', person, 'hhhhhhhh'],
    ['one word changed', 'let x = old;\n', 'hhhhhhhhhhhhh', 'let x = new;\n', ai(), 'hhhhhhhhaaahh'],
    ['a line rewritten', 'let x = old;\n', 'hhhhhhhhhhhhh', 'print();\n', ai(), 'aaaaaaaaa'],
    ['two like lines, the second changed', 'f(1)\nf(1)\n', 'hhhhhhhhhh', 'f(1)\nf(2)\n', ai(), 'hhhhhhhahh'],
    ['re-indented', 'if (a)\nb();\n', 'hhhhhhhaaaaa', 'if (a)\n    b();\n', formatter, 'hhhhhhhaaaaaaaaa'],
    [
      'wrapped',
      'call(one, two);\n',
      'aaaaaaaaaaaaaaaa',
      'call(\n  one,\n  two);\n',
      formatter,
      'aaaaataaaaaataaaaaaaa',
    ],
    ['joined', 'aaa(\n  bbb)\n', 'aaaaaaaaaaaa', 'aaa(bbb)\n', formatter, 'aaaaaaaaa'],
    ['LF to CRLF', 'ab\ncd\n', 'aaahhh', 'ab\r\ncd\r\n', unknown.disk, 'aaaahhhh'],
    ['CRLF to LF with a change', 'ab\r\ncd\r\n', 'aaaahhhh', 'ab\ncd\nef\n', person, 'aaahhhhhh'],
    ['no final newline, then one', 'ab', 'aa', 'ab\n', person, 'aah'],
    ['a cut within a line', 'f(one, two)\n', 'aaaaaaaaaaaa', 'f(one)\n', person, 'aaaaa|haa'],
    ['a cut at the end', 'one two three\n', 'aaaaaaaaaaaaaa', 'one two\n', person, 'aaaaaaa|ha'],
    ['a cut at the start', 'one two three\n', 'aaaaaaaaaaaaaa', 'two three\n', person, '|haaaaaaaaaa'],
    ['a line commented out', 'doIt();\n', 'aaaaaaaa', '// doIt();\n', person, 'hhhaaaaaaaa'],
    [
      'a word changed below a new line like it',
      "const a = f(x, 'one');\n",
      'hhhhhhhhhhhhhhhhhhhhhhh',
      "const b = f(y, 'two');\nconst a = f(zz, 'one');\n",
      ai(),
      'aaaaaaaaaaaaaaaaaaaaaaahhhhhhhhhhhhaahhhhhhhhhh',
    ],
    [
      'wrapped around new lines',
      'f(x, two);\n',
      'aaaaaaaaaaa',
      'f(\n  g(y);\n  h(\n  z);\n  x, two);\n',
      person,
      'aahhhhhhhhhhhhhhhhhhhhaaaaaaaaaaa',
    ],
    [
      'a paragraph filled anew',
      'The quick brown fox\njumps over it.\n',
      'aaaaaaaaaaaaaaaaaaaahhhhhhhhhhhhhhh',
      'The quick brown\nfox jumps over\nit.\n',
      formatter,
      'aaaaaaaaaaaaaaataaaahhhhhhhhhhthhhh',
    ],
    [
      'lines joined over one taken out',
      'f(one,\n  x,\n  two);\n',
      'aaaaaaaaaaaaaaaaaaaa',
      'f(one, two);\n',
      person,
      'aaaaaaa|haaaaaa',
    ],
    ['from nothing', '', '', 'ab\n', ai(), 'aaa'],
    ['to nothing', 'ab\n', 'hhh', '', ai(), ''],
    ['surrogate pairs', 'a 😀 b\n', 'hhhhhhh', 'a 😀 c 😀\n', ai(), 'hhhhhaaaaa'],
  ];
  for (const [name, before, authors, after, author, expected] of table) {
    it(name, () => assert.equal(carried(before, authors, after, author), expected));
  }

  it('keeps a cut in a line that others change: at its end, before white space, at the end of the text', () => {
    const cutAt = (text: string, offset: number): RunMap =>
      RunMap.from([
        { length: offset, author: ai() },
        { length: 0, author: person },
        ...(offset < text.length ? [{ length: text.length - offset, author: ai() }] : []),
      ]);
    const change = (text: string, offset: number, after: string): string =>
      letterMap(carry(text, cutAt(text, offset), after, formatter).runs);
    assert.equal(change('f(one)\n', 6, 'go(one)\n'), 'ttaaaaa|ha');
    assert.equal(change('f(one) + two\n', 6, 'go(one) + two\n'), 'ttaaaaa|haaaaaaa');
    assert.equal(change('one\nf(two)', 10, 'one\ngo(two)'), 'aaaattaaaaa|h');
    assert.equal(change('one\nf(two)', 10, 'one\nnew\nf(two)'), 'aaaattttaaaaaa|h');
  });

  it('keeps the origin of a block of three lines that moved', () => {
    const block = 'const a = 1;\nconst b = 2;\nconst c = 3;\n';
    const other = 'first();\nsecond();\nthird();\nfourth();\n';
    const runs = RunMap.from([
      { length: block.length, author: ai() },
      { length: other.length, author: person },
    ]);
    const result = carry(block + other, runs, other + block, unknown.disk);
    assert.equal(letterMap(result.runs), 'h'.repeat(other.length) + 'a'.repeat(block.length));
  });

  it('never gives text that stands unchanged to the one who changed other lines', () => {
    const line = fc.integer({ min: 0, max: 30 }).map((n) => `line ${n}\n`);
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 30 }),
        fc.array(line, { maxLength: 30 }),
        fc.array(line),
        (head, tail, middle) => {
          const before = [...head, ...tail].join('');
          const after = [...head, ...middle, ...tail].join('');
          const { runs } = carry(before, RunMap.of(before.length, person), after, ai());
          assert.equal(runs.length, after.length);
          const kept = [...runs].reduce((sum, run) => sum + (run.author.origin === 'human' ? run.length : 0), 0);
          assert.ok(kept >= before.length, `${kept} of ${before.length} kept`);
        },
      ),
    );
  });

  it('covers the new text exactly, whatever the two texts are', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b1', ' ', '\n', '\r\n', '(', '}', 'é', '😀', '\t') });
    fc.assert(
      fc.property(text, text, (before, after) => {
        assert.equal(carry(before, RunMap.of(before.length, person), after, ai()).runs.length, after.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('looks into a large minified line', () => {
    const before = `${'var a=1,b=2;'.repeat(100_000)}\n`;
    const after = `first();${before.replace('a=1', 'a=7').trim()}last();\n`;
    const cost = new Cost();
    const { runs, precision } = carry(before, RunMap.of(before.length, person), after, ai(), cost);
    assert.equal(precision, 'token');
    assert.equal(letterMap(runs).replaceAll(/h+/g, 'h'), `${'a'.repeat(8)}hah${'a'.repeat(7)}h`);
    assert.ok(cost.spent < 10 * before.length, `${cost.spent} elements looked at`);
  });

  it('says that it was coarse where the cost limit was met, and still keeps the ends', () => {
    const random = new Random(1);
    const words = (): string => Array.from({ length: 3_000 }, () => random.pick(['one', 'two', 'three'])).join(' ');
    const before = `begin(${words()})end\n`;
    const after = `begin(${words()})end\n`;
    const cost = new Cost(20_000);
    const { runs, precision } = carry(before, RunMap.of(before.length, person), after, ai(), cost);
    assert.equal(precision, 'line');
    assert.equal(runs.length, after.length);
    assert.ok(cost.spent < 1_000_000, `${cost.spent} elements looked at`);
    assert.equal(carry(before, RunMap.of(before.length, person), after, ai()).precision, 'line');
  });

  it('has a bound on its cost for many small moves among new lines', () => {
    const old = Array.from({ length: 4_000 }, (_, i) => `const name${i} = call(value${i});`);
    const fresh = old.map((_, i) => `let other${i} = ${i};`);
    const before = old.join('\n');
    const after = old
      .toReversed()
      .flatMap((line, i) => [line, fresh[i] as string])
      .join('\n');
    const cost = new Cost(1_000_000);
    const { runs } = carry(before, RunMap.of(before.length, person), after, ai(), cost);
    assert.equal(runs.length, after.length);
    assert.ok(cost.spent < 2_000_000, `${cost.spent} elements looked at`);
  });
});
