import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { align } from '../../src/core/align.ts';
import { type Author, unknown } from '../../src/core/author.ts';
import { carry } from '../../src/core/carry.ts';
import { type ClassifiedLine, classifyLines, type LineClass, type LineRange } from '../../src/core/lineClass.ts';
import { RunMap } from '../../src/core/runs.ts';
import { lineAt, linesOf } from '../../src/core/text.ts';
import { AttributedDocument, type Follow } from '../../src/extension/capture/attributedDocument.ts';
import type { TextChange } from '../../src/extension/capture/changeCause.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { ai, formatter, person } from '../support/authors.ts';

/** What the tables call the four who change a text. */
const authors: Readonly<Record<string, Author>> = {
  assistant: ai(),
  person,
  tool: formatter,
  nobody: unknown.disk,
};
/** Whose a line of a class is; a base line is nobody's. */
const byClass: Readonly<Record<Exclude<LineClass, 'base'>, Author['origin']>> = {
  ai: 'ai',
  mixed: 'ai',
  human: 'human',
  tool: 'tool',
  unknown: 'unknown',
};

/** A line of a cell: its text without the line feed, and the author or class named behind it. */
interface Line {
  readonly text: string;
  readonly label: string;
}

type Row = readonly string[];

/** Takes a text from before over meanwhile to after; gives the authors of the last two. */
type Way = (...texts: Line[][]) => [RunMap, RunMap] | Promise<[RunMap, RunMap]>;

const page = readFileSync(path.join(__dirname, '../../docs/origins.md'), 'utf8');

/** The rows of the table below a heading, without its head. */
function tableBelow(heading: string): Row[] {
  const section = page.split('\n## ').find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) => line.split('|').slice(1, -1).map(trimmed));
}

const trimmed = (cell: string): string => cell.trim();

function linesIn(cell: string): Line[] {
  if (cell === '(nothing)') return [];
  return cell.split('<br>').map((line) => {
    const [, code, label] = /^(`[^`]+`|\(blank\)) (\S+)$/.exec(line) ?? [];
    assert.ok(code !== undefined && label !== undefined, `a text and a name in ${JSON.stringify(line)}`);
    const text = code === '(blank)' ? '' : code.slice(1, -1).replaceAll('␍', '\r').replaceAll('[BOM]', '\ufeff');
    return { text, label };
  });
}

const textOf = (lines: readonly Line[]): string => lines.map(({ text }) => `${text}\n`).join('');

function runsOf(lines: readonly Line[]): RunMap {
  const origins = Object.values(authors);
  return RunMap.from(
    lines.map(({ text, label }) => {
      const author = origins.find(({ origin }) => origin === label);
      assert.ok(author, `an origin: ${label}`);
      return { length: text.length + 1, author };
    }),
  );
}

/** `ai`, or `mixed+` where a mixed line counts as AI. The line's author must be the one that its class speaks of. */
function label(line: ClassifiedLine): string {
  if (line.class === 'base') assert.equal(line.author, undefined);
  else assert.equal(line.author?.origin, byClass[line.class]);
  if (line.class !== 'mixed') assert.equal(line.countsAsAi, line.class === 'ai');
  return line.class === 'mixed' && line.countsAsAi ? 'mixed+' : line.class;
}

/** The lines of `text` that `head` does not have just so, line ends among them: what git counts as added. */
function addedTo(head: string, text: string): LineRange[] {
  const [before, after] = [linesOf(head), linesOf(text)].map((lines) =>
    Array.from({ length: lines.count }, (_, i) => lineAt(lines, i)),
  ) as [string[], string[]];
  const kept = new Set(
    align(before, after).matches.flatMap(({ b, length }) => Array.from({ length }, (_, i) => b + i)),
  );
  return after.flatMap((_, start) => (kept.has(start) ? [] : [{ start, count: 1 }]));
}

/** A name for each line: its class where the change against `head` has it, else `–`. */
function labels(text: string, runs: RunMap, head: string): string[] {
  const names = Array.from({ length: linesOf(text).count }, () => '–');
  const added = addedTo(head, text);
  for (const [i, line] of classifyLines(text, runs, head, added).entries()) {
    names[(added[i] as LineRange).start] = label(line);
  }
  return names;
}

/** The one replacement that makes `after` of `before`. */
function replacement(before: string, after: string): TextChange[] {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [{ offset: start, deleted: before.length - start - end, text: after.slice(start, after.length - end) }];
}

describe('origins, as docs/origins.md has them', () => {
  for (const [operation = '', by = '', before = '', after = '', inHead = ''] of tableBelow('An edit')) {
    it(`${operation}, by ${by}`, () => {
      const author = authors[by];
      assert.ok(author, `somebody: ${by}`);
      const [old, fresh] = [linesIn(before), linesIn(after)];
      const text = textOf(fresh);
      const { runs } = carry(textOf(old), runsOf(old), text, author);
      assert.deepEqual(
        labels(text, runs, ''),
        fresh.map((line) => line.label),
      );
      assert.deepEqual(labels(text, runs, textOf(old)), inHead.split('<br>'));
    });
  }

  /** There and back in an open document. */
  const inEditor =
    (there: Follow, back: Follow): Way =>
    (before = [], meanwhile = [], after = []) => {
      const document = new AttributedDocument(textOf(before), runsOf(before));
      document.apply(replacement(document.text, textOf(meanwhile)), there);
      const between = document.runs.clone();
      document.apply(replacement(document.text, textOf(after)), back);
      return [between, document.runs];
    };
  const ways: Readonly<Record<string, Way>> = {
    editor: inEditor({ how: 'carry', author: person }, { how: 'undo', author: unknown.editor }),
    clipboard: inEditor({ how: 'cut', author: person }, { how: 'paste', author: unknown.paste }),
    async disk(before = [], meanwhile = [], after = []) {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-origins-'));
      try {
        const ledger = new Ledger(folder);
        await ledger.observe('a', textOf(before), { how: 'edited', runs: runsOf(before) });
        // A file that is gone is not observed.
        if (meanwhile.length > 0) {
          await ledger.observe('a', textOf(meanwhile), { how: 'changed', since: textOf(before), author: person });
        }
        const between = await ledger.attribute('a', textOf(meanwhile));
        return [between, await ledger.attribute('a', textOf(after))];
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
  for (const [operation = '', how = '', ...cells] of tableBelow('Text that goes and comes back')) {
    it(`${operation} (${how})`, async () => {
      const [before = [], meanwhile = [], after = []] = cells.slice(0, 3).map(linesIn);
      const way = ways[how];
      assert.ok(way, `a way: ${how}`);
      const [between, last] = await way(before, meanwhile, after);
      for (const [lines, runs] of [
        [meanwhile, between],
        [after, last],
      ] as const) {
        assert.deepEqual(
          labels(textOf(lines), runs, ''),
          lines.map((line) => line.label),
        );
      }
    });
  }

  it('has the operations that people ask about', () => {
    const operations = ['An edit', 'Text that goes and comes back'].flatMap(tableBelow).map(([name]) => name);
    for (const wanted of [
      ...['Reformat', 'Re-indent', 'Wrap', 'Join lines', 'Comment out', 'Rename a symbol', 'Move a block'],
      ...['Copy a block', 'Sort lines', "Merge an AI line and a person's", 'Encode as CRLF', 'Undo', 'Cut and paste'],
    ]) {
      assert.ok(operations.includes(wanted), wanted);
    }
  });
});
