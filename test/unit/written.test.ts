import assert from 'node:assert/strict';
import { applyWritten, type Written } from '../../src/core/written.ts';

describe('what an assistant says that it wrote', () => {
  const cases: [name: string, before: string, written: Written, after: string | undefined][] = [
    ['the whole content', 'x', { form: 'content', text: 'y' }, 'y'],
    [
      'the first of two like places',
      'a a',
      { form: 'replacements', replacements: [{ oldText: 'a', newText: '$&', all: false }] },
      '$& a',
    ],
    ['all of them', 'a a', { form: 'replacements', replacements: [{ oldText: 'a', newText: 'b', all: true }] }, 'b b'],
    [
      'a text that is not there',
      'a',
      { form: 'replacements', replacements: [{ oldText: 'b', newText: 'c', all: false }] },
      undefined,
    ],
    [
      'a hunk, its white space aside',
      'a\n  b\nc\n',
      { form: 'patch', hunks: [{ heading: '', oldLines: ['b'], newLines: ['  B'] }] },
      'a\n  B\nc\n',
    ],
    [
      'a hunk behind a heading',
      'x\nA\nx\n',
      { form: 'patch', hunks: [{ heading: 'A', oldLines: ['x'], newLines: ['y'] }] },
      'x\nA\ny\n',
    ],
    [
      'lines at the end',
      'a\r\n',
      { form: 'patch', hunks: [{ heading: '', oldLines: [], newLines: ['b'] }] },
      'a\r\nb\r\n',
    ],
    [
      'a hunk that does not fit',
      'a\n',
      { form: 'patch', hunks: [{ heading: '', oldLines: ['z'], newLines: ['y'] }] },
      undefined,
    ],
  ];
  for (const [name, before, written, after] of cases)
    it(name, () => assert.equal(applyWritten(before, written), after));
});
