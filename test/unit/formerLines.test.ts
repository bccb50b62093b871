import assert from 'node:assert/strict';
import { unknown } from '../../src/core/author.ts';
import { carry } from '../../src/core/carry.ts';
import { fillFromFormer } from '../../src/core/formerLines.ts';
import { classifyLines } from '../../src/core/lineClass.ts';
import { RunMap } from '../../src/core/runs.ts';
import { linesOf } from '../../src/core/text.ts';
import { ai, person } from '../support/authors.ts';

const by = (text: string, author: Parameters<typeof RunMap.of>[1]) => ({ text, runs: RunMap.of(text.length, author) });

/** The class of each line of `text`, known from the last text and filled from the ones before it. */
function classes(text: string, last: ReturnType<typeof by>, ...formers: ReturnType<typeof by>[]): string[] {
  const runs = carry(last.text, last.runs, text, unknown.disk).runs;
  const filled = fillFromFormer(text, runs, formers);
  return classifyLines(text, filled, '', [{ start: 0, count: linesOf(text).count }]).map((line) => line.class);
}

describe('a text that is older than the last one of its path', () => {
  const written = 'const total = compute(first, second);\n}\n';

  it('has the authors of the lines that were changed since', () => {
    const last = by('const sum = compute(first, third);\n}\n', person);
    assert.deepEqual(classes(written, last), ['unknown', 'human']);
    assert.deepEqual(classes(written, last, by(written, ai())), ['ai', 'human']);
  });

  it('has them from the youngest text that has the line as a whole', () => {
    const last = by('', person);
    assert.deepEqual(classes(written, last, by(written, person), by(written, ai())), ['human', 'human']);
    assert.deepEqual(classes(written, last, by('const total = 1;\n', person), by(written, ai())), ['ai', 'ai']);
  });

  it('has none for a short line that stands alone, which anybody may have written', () => {
    const last = by('', person);
    assert.deepEqual(classes('}\n', last, by(written, ai())), ['unknown']);
    assert.deepEqual(classes('something entirely different();\n}\n', last, by(written, ai())), ['unknown', 'unknown']);
  });

  it('keeps what is known from the last text', () => {
    assert.deepEqual(classes(written, by(written, person), by(written, ai())), ['human', 'human']);
  });

  it('has none for a part of a line', () => {
    const last = by('', person);
    assert.deepEqual(classes('const total = compute(first);\n', last, by(written, ai())), ['unknown']);
  });
});
