import assert from 'node:assert/strict';
import { type Author, unknown } from '../../src/core/author.ts';
import { adoptMovedBlocks, hasNewBlock, losesBlock } from '../../src/core/movedBlocks.ts';
import { RunMap } from '../../src/core/runs.ts';
import { ai, person } from '../support/authors.ts';

const block = 'function area(width, height) {\n  return width * height;\n}\n';
const fresh = unknown.disk;
const isNew = (author: Author): boolean => author === fresh;

/** Who wrote each line of `text` after the sources' lines were given back. */
function adopt(text: string, sources: { text: string; now: string; author?: Author }[], runs?: RunMap): string[] {
  const adopted = adoptMovedBlocks(
    text,
    runs ?? RunMap.of(text.length, fresh),
    isNew,
    sources.map((source) => ({ ...source, runs: RunMap.of(source.text.length, source.author ?? ai()) })),
  );
  assert.equal(adopted.length, text.length);
  let offset = 0;
  return text.split(/(?<=\n)/).map((line) => {
    const origins = adopted.slice(offset, offset + line.length).map(({ author }) => author.origin);
    offset += line.length;
    return [...new Set(origins)].join('+');
  });
}

describe('a moved block', () => {
  const rows: {
    name: string;
    text: string;
    sources: { text: string; now: string; author?: Author }[];
    expected: string[];
  }[] = [
    {
      name: 'has its authors back where the other text has lost it',
      text: `first();\n${block}last();\n`,
      sources: [{ text: `a();\n${block}b();\n`, now: 'a();\nb();\n' }],
      expected: ['unknown', 'ai', 'ai', 'ai', 'unknown'],
    },
    {
      name: 'has them back from a file that is gone',
      text: block,
      sources: [{ text: block, now: '' }],
      expected: ['ai', 'ai', 'ai'],
    },
    {
      name: 'is told by its lines, not by their indentation or line ends',
      text: block.replace(/^/gm, '\t').replace(/\n/g, '\r\n').slice(0, -1),
      sources: [{ text: block, now: '' }],
      expected: ['ai', 'ai', 'ai'],
    },
    {
      name: 'is none where the other text still has it: a copy',
      text: block,
      sources: [{ text: block, now: `more();\n${block}` }],
      expected: ['unknown', 'unknown', 'unknown'],
    },
    {
      name: 'is none below three lines',
      text: 'const area = width * height;\nconst volume = area * depth;\n',
      sources: [{ text: 'const area = width * height;\nconst volume = area * depth;\n', now: '' }],
      expected: ['unknown', 'unknown'],
    },
    {
      name: 'is none where its lines say nothing',
      text: '    }\n  }\n}\n',
      sources: [{ text: '    }\n  }\n}\n', now: '' }],
      expected: ['unknown', 'unknown', 'unknown'],
    },
    {
      name: 'is still one where a part of it went another way before',
      text: `zero();\n${block}`,
      sources: [{ text: `zero();\nelsewhere(1);\nelsewhere(2);\n${block}last();\n`, now: 'last();\n' }],
      expected: ['ai', 'ai', 'ai', 'ai'],
    },
    {
      name: 'is given back once',
      text: block + block,
      sources: [{ text: block, now: '' }],
      expected: ['ai', 'ai', 'ai', 'unknown', 'unknown', 'unknown'],
    },
    {
      name: 'comes from the first source that has it, the rest from the next',
      text: block + block,
      sources: [
        { text: block, now: '' },
        { text: block, now: '', author: person },
      ],
      expected: ['ai', 'ai', 'ai', 'human', 'human', 'human'],
    },
  ];
  for (const { name, text, sources, expected } of rows) {
    it(name, () => assert.deepEqual(adopt(text, sources), expected));
  }

  it('keeps what is known of the lines around it, and of its own', () => {
    const runs = RunMap.of(9, person);
    runs.append(block.length, fresh);
    assert.deepEqual(adopt(`first();\n${block}`, [{ text: block, now: '' }], runs), ['human', 'ai', 'ai', 'ai']);
    const known = RunMap.of(block.length, person);
    assert.deepEqual(adopt(block, [{ text: block, now: '' }], known), ['human', 'human', 'human']);
  });

  it('is looked for only where there can be one', () => {
    assert.equal(hasNewBlock(block, RunMap.of(block.length, fresh), isNew), true);
    assert.equal(hasNewBlock(block, RunMap.of(block.length, person), isNew), false);
    assert.equal(hasNewBlock('a();\n', RunMap.of(5, fresh), isNew), false);
    assert.equal(losesBlock(block, ''), true);
    assert.equal(losesBlock(block, `  more();\n${block}`), false);
  });
});
