import assert from 'node:assert/strict';
import { type Author, unknown } from '../../src/core/author.ts';
import { carry } from '../../src/core/carry.ts';
import { classifyLines } from '../../src/core/lineClass.ts';
import { RunMap } from '../../src/core/runs.ts';
import { ai, formatter, person } from '../support/authors.ts';

/** Plays the steps one after the other on the text of HEAD, then classifies the lines of the last text that HEAD lacks. */
function classes(head: string, ...steps: [text: string, author: Author][]): string[] {
  let text = head;
  let runs = RunMap.of(head.length, unknown.firstSeen);
  for (const [next, author] of steps) {
    runs = carry(text, runs, next, author).runs;
    text = next;
  }
  const known = new Set(head.replace(/\n$/, '').split('\n'));
  const lines = text.replace(/\n$/, '').split('\n');
  const added = lines.flatMap((line, start) => (known.has(line) ? [] : [{ start, count: 1 }]));
  return classifyLines(text, runs, head, added).map((line) => `${line.class}${line.countsAsAi ? '+' : ''}`);
}

describe('line classes', () => {
  const a = ai();
  it('ai: every visible character that HEAD lacks is AI', () => {
    assert.deepEqual(classes('x\n', ['x\nlet a = 1;\n', a]), ['ai+']);
    assert.deepEqual(classes('let a = 1;\n', ['let a = 2;\n', a]), ['ai+']);
  });
  it('human: typed by a person', () => assert.deepEqual(classes('', ['one();\n', person]), ['human']));
  it('unknown: nobody reported it', () => assert.deepEqual(classes('', ['one();\n', unknown.disk]), ['unknown']));
  it('tool: the formatter wrote it', () => assert.deepEqual(classes('', ['one();\n', formatter]), ['tool']));
  it('mixed: AI with a person in it counts as AI from half on', () => {
    assert.deepEqual(classes('', ['call(alpha);\n', a], ['call(alpha, b);\n', person]), ['mixed+']);
    assert.deepEqual(classes('', ['call(b);\n', a], ['call(b, somethingMuchLonger);\n', person]), ['mixed']);
  });
  it('mixed: an AI line that a person only cut something out of', () => {
    assert.deepEqual(classes('', ['call(alpha, beta);\n', a], ['call(alpha);\n', person]), ['mixed+']);
    assert.deepEqual(classes('', ['call(alpha, beta); done();\n', a], ['call(alpha, beta);\n', person]), ['mixed+']);
  });
  it('unknown: a person and something nobody knows', () => {
    assert.deepEqual(classes('', ['call(alpha);\n', person], ['call(alpha, beta);\n', unknown.paste]), ['unknown']);
  });
  it('base: re-indented, wrapped and joined lines of HEAD', () => {
    assert.deepEqual(classes('go(one, two);\n', ['  go(one, two);\n', a]), ['base']);
    assert.deepEqual(classes('go(one, two);\n', ['go(one,\n  two);\n', a]), ['base', 'base']);
    assert.deepEqual(classes('go(one,\n  two);\n', ['go(one, two);\n', a]), ['base']);
  });
  it('whose cut it was, where something was taken out of a line of HEAD', () => {
    assert.deepEqual(classes('go(one, two);\n', ['go(two);\n', a]), ['ai+']);
    assert.deepEqual(classes('go(one, two);\n', ['go(two);\n', person]), ['human']);
    assert.deepEqual(classes('go(one, two);\n', ['go(two);\n', unknown.disk]), ['unknown']);
  });
  it('a blank line belongs to who made its line break', () => {
    assert.deepEqual(classes('x();\ny();\n', ['x();\n\ny();\n', a]), ['ai+']);
    assert.deepEqual(classes('x();\ny();\n', ['x();\n   \ny();\n', person]), ['human']);
  });
  it('a last line without a line break', () => assert.deepEqual(classes('x();\n', ['x();\nlast', a]), ['ai+']));
  it('an AI rewrite of a line that a person is typing', () => {
    assert.deepEqual(classes('', ['my own words\n', person], ['something else entirely\n', a]), ['ai+']);
  });
});
