import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unknown } from '../../src/core/author.ts';
import { carry } from '../../src/core/carry.ts';
import { classifyLines } from '../../src/core/lineClass.ts';
import { RunMap } from '../../src/core/runs.ts';
import { SymbolTable } from '../../src/core/symbols.ts';
import { decodeText, lineContent, linesOf } from '../../src/core/text.ts';
import { Tokens } from '../../src/core/tokens.ts';
import { ai, person } from '../support/authors.ts';

function tokens(text: string): string[] {
  const lines = linesOf(text);
  const found = new Tokens();
  found.fill(lines, 0, lines.count, new SymbolTable());
  return Array.from({ length: found.count }, (_, i) => text.slice(found.starts[i], found.ends[i]));
}

/** The text that is the assistant's after it changed a person's text. */
function written(before: string, after: string): string[] {
  let position = 0;
  const pieces: string[] = [];
  for (const { length, author } of carry(before, RunMap.of(before.length, person), after, ai()).runs) {
    if (author.origin === 'ai' && length > 0) pieces.push(after.slice(position, position + length));
    position += length;
  }
  return pieces;
}

/** The classes of all lines, after an assistant changed what HEAD has. */
function classes(head: string, after: string): string[] {
  const { runs } = carry(head, RunMap.of(head.length, unknown.firstSeen), after, ai());
  return classifyLines(after, runs, head, [{ start: 0, count: linesOf(after).count }]).map((line) => line.class);
}

describe('text of all kinds', () => {
  it('makes tokens of words, white space, line breaks and single characters', () => {
    assert.deepEqual(tokens('let $a_1 = (b);\n'), ['let', ' ', '$a_1', ' ', '=', ' ', '(', 'b', ')', ';', '\n']);
    assert.deepEqual(tokens('größe\u00a0Ж9 漢字'), ['größe', '\u00a0', 'Ж9', ' ', '漢字']);
  });

  it('keeps a surrogate pair together', () => {
    assert.deepEqual(tokens('😀😁𝒳y'), ['😀', '😁', '𝒳y']);
    // Both have the same first half.
    assert.deepEqual(written('mood = 😀;\n', 'mood = 😁;\n'), ['😁']);
  });

  it('keeps a character together with its combining marks', () => {
    assert.deepEqual(tokens('cafe\u0301 (\u0301\u0302) \u0301x'), [
      'cafe\u0301',
      ' ',
      '(\u0301\u0302',
      ')',
      ' \u0301',
      'x',
    ]);
    assert.deepEqual(tokens('👍🏽❤\ufe0f'), ['👍', '🏽', '❤\ufe0f']);
    assert.deepEqual(written('f(cafe\u0301, one)\n', 'f(cafe\u0302, one)\n'), ['cafe\u0302']);
    assert.deepEqual(written('f(one, \u2192) + two\n', 'f(one, \u2192\u0338) + two\n'), ['\u2192\u0338']);
  });

  it('ends no run within a character, whatever is changed', () => {
    const unit = fc.constantFrom(
      'a',
      '(',
      ' ',
      '\n',
      '\r\n',
      '😀',
      '😁',
      '𝒳',
      'e\u0301',
      '(\u0301',
      ' \u0301',
      '❤\ufe0f',
    );
    const text = fc.string({ unit, maxLength: 20 });
    fc.assert(
      fc.property(text, text, text, text, (start, end, old, fresh) => {
        const after = start + fresh + end;
        let position = 0;
        for (const { length } of carry(
          `${start}${old}${end}`,
          RunMap.of(`${start}${old}${end}`.length, person),
          after,
          ai(),
        ).runs) {
          position += length;
          if (position === after.length) continue;
          const split = /^[\ud800-\udbff][\udc00-\udfff]/.test(after.slice(position - 1, position + 1));
          const torn = /^[^\n]\p{M}/u.test(after.slice(position - 1, position + 1));
          assert.ok(!split && !torn, `${JSON.stringify(after)} at ${position}`);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes LF and CRLF for the same, and has a change of line ends change nothing', () => {
    assert.equal(linesOf('a\r\nb\nc').count, 3);
    assert.equal(lineContent(linesOf('a\r\nb\nc'), 0), 'a');
    assert.deepEqual(written('a\r\n\r\nb\r\n', 'a\n\nb\n'), []);
    assert.deepEqual(written('a\n\nb\n', 'a\r\n\r\nb\r\n'), []);
    assert.deepEqual(classes('a\nb\n', 'a\r\nb\r\n'), ['base', 'base']);
  });

  it('takes a lone CR for white space within a line, as git does', () => {
    assert.equal(linesOf('a\rb\n').count, 1);
    assert.deepEqual(tokens('a \r b\r\r\n'), ['a', ' \r ', 'b', '\r', '\r\n']);
    assert.deepEqual(written('one\rtwo;\n', 'one\rsix;\n'), ['six']);
  });

  it('takes a byte order mark for white space', () => {
    assert.equal(decodeText(Buffer.from('\ufeffa\n')), '\ufeffa\n');
    assert.deepEqual(written('one();\n', '\ufeffone();\n'), []);
    assert.deepEqual(classes('one();\n', '\ufeffone();\n'), ['base']);
    assert.deepEqual(classes('\ufeffone();\n', 'one();\n'), ['base']);
  });

  it('has no line behind the last line break, and takes a last line without one for a line', () => {
    assert.equal(linesOf('').count, 0);
    assert.equal(linesOf('a\n').count, 1);
    assert.equal(linesOf('a\nb').count, 2);
    assert.deepEqual(written('a\nb', 'a\nb\n'), ['\n']);
    assert.deepEqual(classes('a\nb', 'a\nb\n'), ['base', 'base']);
    assert.deepEqual(classes('a\nb\n', 'a\nb'), ['base', 'base']);
  });

  it('reads UTF-8 and nothing else: other bytes, and a NUL byte, are binary', () => {
    assert.equal(decodeText(Buffer.from('grün 😀\r\n')), 'grün 😀\r\n');
    assert.equal(decodeText(Buffer.from('')), '');
    const binary = {
      'a NUL byte': Buffer.from('a\0b\n'),
      'Latin-1': Buffer.from('grün\n', 'latin1'),
      'UTF-16': Buffer.from('\ufeffab\n', 'utf16le'),
      'half a character': Buffer.from('grün').subarray(0, 3),
      'a longer form than need be': Buffer.from([0xc1, 0x81]),
      'half a surrogate pair': Buffer.from([0xed, 0xa0, 0x80]),
    };
    for (const [name, bytes] of Object.entries(binary)) assert.equal(decodeText(bytes), undefined, name);
  });

  it('takes a NUL and half a surrogate pair, which an editor may hold, for ordinary characters', () => {
    assert.deepEqual(tokens('a\0\ud83d b'), ['a', '\0', '\ud83d', ' ', 'b']);
    assert.deepEqual(written('one\0two\ud83d\n', 'one\0six\ud83d\n'), ['six']);
  });
});
