import assert from 'node:assert/strict';
import { alignRecords } from '../../src/core/alignRecords.ts';
import type { AddedLine } from '../../src/core/change.ts';
import { lineHash } from '../../src/core/digest.ts';
import { type ProvenanceRecord, sealRecord } from '../../src/core/record.ts';
import { assessRisk } from '../../src/core/risk/assess.ts';
import { ai, person } from '../support/authors.ts';

const byAi = { class: 'ai', countsAsAi: true, author: ai() } as const;
const byPerson = { class: 'human', countsAsAi: false, author: person } as const;
const part = { ...byPerson, isPart: true } as const;

type Known = Partial<AddedLine>;

function record(path: string, lines: readonly (readonly [text: string, known: Known])[]): ProvenanceRecord {
  const added = lines.map(([text, known], i): AddedLine => {
    return { number: i + 1, hash: lineHash(text), class: 'unknown', countsAsAi: false, ...known };
  });
  const files = [{ path, lines: added, deleted: 0 }];
  const sealed = sealRecord(files, { risk: assessRisk({ files }), time: '2026-01-01T00:00:00Z', program: 'p/1' });
  assert.ok(sealed);
  return sealed.record;
}

function aligned(path: string, texts: readonly string[], records: readonly ProvenanceRecord[]): string[] {
  const added = texts.map((text, i) => ({ number: i + 1, hash: lineHash(text) }));
  const [known] = alignRecords([{ path, added }], records);
  return added.map(({ number }) => known?.get(number)?.class ?? '-');
}

describe('aligning a change with records', () => {
  it('tells equal lines apart by their neighbours', () => {
    const made = record('a', [
      ['if (a) {', byAi],
      ['}', byAi],
      ['if (b) {', byPerson],
      ['}', byPerson],
    ]);
    assert.deepEqual(aligned('a', ['if (b) {', '}'], [made]), ['human', 'human']);
    assert.deepEqual(aligned('a', ['if (a) {', '}', 'new', '}'], [made]), ['ai', 'ai', '-', 'human']);
  });

  it('leaves a line that one record does not know to the others', () => {
    const silent = record('a', [
      ['one', {}],
      ['two', byPerson],
    ]);
    const older = record('a', [['one', byAi]]);
    assert.deepEqual(aligned('a', ['one', 'two'], [silent, older]), ['ai', 'human']);
    assert.deepEqual(aligned('a', ['one', 'two'], [silent]), ['unknown', 'human']);
  });

  it('finds a file under another name by its lines, and gives a record file to one file only', () => {
    const made = record('old', [
      ['one', byAi],
      ['two', byAi],
    ]);
    const added = ['one', 'two'].map((text, i) => ({ number: i + 1, hash: lineHash(text) }));
    const known = alignRecords(
      [
        { path: 'x', added: added.slice(0, 1) },
        { path: 'y', added },
      ],
      [made],
    );
    assert.deepEqual(
      known.map((lines) => lines.size),
      [0, 2],
    );
  });

  describe('where commits were joined', () => {
    const older = record('a', [
      ['first', byAi],
      ['call(alpha)', byAi],
      ['last', byAi],
    ]);

    it('does not take the change of a line for the whole line', () => {
      const later = record('a', [['call(alpha, beta)', part]]);
      assert.deepEqual(aligned('a', ['first', 'call(alpha, beta)', 'last'], [later, older]), ['ai', 'unknown', 'ai']);
    });

    it('knows a changed line where the rest of it cannot be from an earlier one', () => {
      const later = record('a', [['base(alpha, beta)', part]]);
      assert.deepEqual(aligned('a', ['base(alpha, beta)', 'first', 'call(alpha)', 'last'], [later, older]), [
        'human',
        'ai',
        'ai',
        'ai',
      ]);
    });

    it('does not take a line that was only indented anew for one of before', () => {
      const later = record('a', [
        ['  call(alpha)', { class: 'base' }],
        ['mine', byPerson],
      ]);
      assert.deepEqual(aligned('a', ['first', '  call(alpha)', 'mine', 'last'], [later, older]), [
        'ai',
        'unknown',
        'human',
        'ai',
      ]);
    });

    it('takes the last word of a line that was written as a whole', () => {
      const later = record('a', [['mine', byPerson]]);
      assert.deepEqual(aligned('a', ['first', 'mine', 'last'], [later, older]), ['ai', 'human', 'ai']);
    });
  });
});
