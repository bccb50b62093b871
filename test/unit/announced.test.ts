import assert from 'node:assert/strict';
import { announcedIn } from '../../src/core/announced.ts';
import type { Written } from '../../src/core/written.ts';

const before = 'first line of the file;\nsecond line of it;\n';
const replace = (...pairs: [string, string][]): Written => ({
  form: 'replacements',
  replacements: pairs.map(([oldText, newText]) => ({ oldText, newText, all: false })),
});
const content = (text: string): Written => ({ form: 'content', text });
const added = 'const total = sum(items);\n';

const cases: readonly [title: string, now: string, written: Written, found: string | undefined][] = [
  ['the whole text', `${before}${added}`, content(`${before}${added}`), `${before}${added}`],
  ['a short text, exactly', `${before}}\n`, content(`${before}}\n`), `${before}}\n`],
  ['nothing, where the file is as it was', before, content(`${before}${added}`), undefined],
  ['nothing, where it would change nothing', `${before}x\n`, content(before), undefined],
  [
    'the whole, though others have gone on',
    `mine();\n${before}${added}more();\n`,
    content(before + added),
    before + added,
  ],
  ['nothing of a part of a line', `${before}const total = 0;\n`, content(before + added), undefined],
  ['nothing that is too short to tell', `${before}}\nmore();\n`, content(`${before}}\n`), undefined],
  [
    'nothing, where only a cut was announced and others wrote',
    'other();\n',
    replace(['second line of it;\n', '']),
    undefined,
  ],
  ['a cut, exactly', 'first line of the file;\n', replace(['second line of it;\n', '']), 'first line of the file;\n'],
  [
    'the first replacement of two',
    before.replace('first', 'changed'),
    replace(['first', 'changed'], ['second', 'other']),
    before.replace('first', 'changed'),
  ],
  ['nothing, where it does not fit', `${before}more();\n`, replace(['third', 'fourth']), undefined],
  [
    'the first hunk of two',
    `${added}${before}`,
    {
      form: 'patch',
      hunks: [
        { heading: '', oldLines: ['first line of the file;'], newLines: [added.trim(), 'first line of the file;'] },
        { heading: '', oldLines: ['is not there'], newLines: [] },
      ],
    },
    `${added}${before}`,
  ],
];

describe('what was announced and nobody says that it was done', () => {
  for (const [title, now, written, found] of cases) {
    it(`finds ${title}`, () => assert.equal(announcedIn(now, before, written), found));
  }
});
