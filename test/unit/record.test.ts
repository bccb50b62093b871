import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson } from '../../src/core/canonicalJson.ts';
import type { AddedLine, FileChange } from '../../src/core/change.ts';
import { lineHash, sha256 } from '../../src/core/digest.ts';
import { isRecordOf, openRecord, recordedLines, recordedWhole, sealRecord } from '../../src/core/record.ts';
import { assessRisk } from '../../src/core/risk/assess.ts';
import { assistantName, claimedDigests, formatTrailer, mentionedDigests, trailersOf } from '../../src/core/trailers.ts';
import { ai, person } from '../support/authors.ts';

function line(number: number, more: Partial<AddedLine>): AddedLine {
  return { number, hash: lineHash(`line ${number}`), class: 'unknown', countsAsAi: false, ...more };
}

const byAi = { class: 'ai', countsAsAi: true, author: ai() } as const;
const files: readonly FileChange[] = [
  {
    path: 'src/a.ts',
    deleted: 2,
    lines: [line(1, byAi), line(2, byAi), line(4, { class: 'human', author: person }), line(5, {})],
  },
  {
    path: 'src/b.ts',
    oldPath: 'src/old.ts',
    deleted: 0,
    lines: [line(1, { class: 'mixed', countsAsAi: false, author: ai('s-2') })],
  },
  { path: 'image.png', deleted: 0, lines: [], unattributed: 'binary' },
];
const facts = { risk: assessRisk({ files }), time: '2026-01-01T00:00:00Z', program: 'countersign/0.0.0' };

describe('a record', () => {
  const sealed = sealRecord(files, facts);
  assert.ok(sealed);
  const bytes = Buffer.from(sealed.bytes);

  it('is canonical, named by the digest of its bytes, and read back as it was', () => {
    assert.equal(sealed.bytes, `${canonicalJson(JSON.parse(sealed.bytes))}\n`);
    assert.equal(sealed.digest, sha256(bytes));
    const record = openRecord(bytes, sealed.digest);
    assert.ok(typeof record !== 'string');
    const [first, second] = record.files;
    assert.ok(first && second);
    assert.deepEqual(
      recordedLines(record, first).map((known) => `${known.class} ${known.author?.origin}`),
      ['ai ai', 'ai ai', 'human human', 'unknown undefined'],
    );
    assert.deepEqual(
      recordedLines(record, second).map((known) => known.countsAsAi),
      [false],
    );
    assert.ok(isRecordOf(record, files));
    assert.ok(!isRecordOf(record, files.slice(1)));
  });

  it('holds no session, no line number and no place', () => {
    for (const word of ['s-1', 's-2', '"where"', '"number"', '"line"']) assert.ok(!sealed.bytes.includes(word), word);
  });

  it('is refused when a byte was changed, when it is no record, and when its counts do not cover its lines', () => {
    assert.equal(openRecord(Buffer.from(sealed.bytes.replace('human', 'tool')), sealed.digest), 'digest-mismatch');
    for (const wrong of ['nonsense', '{}', sealed.bytes.replace('"count":2', '"count":3')]) {
      assert.equal(openRecord(Buffer.from(wrong), sha256(wrong)), 'malformed');
    }
  });

  it('is not made where nothing is known', () => {
    const unknownOnly: FileChange[] = [{ path: 'a', deleted: 0, lines: [line(1, {}), line(2, { class: 'base' })] }];
    assert.equal(sealRecord(unknownOnly, facts), undefined);
    assert.equal(sealRecord([], facts), undefined);
  });

  it('keeps files that are listed apart out of its totals, and says why', () => {
    const locked: FileChange = { path: 'yarn.lock', deleted: 0, apart: 'lock', lines: [line(1, byAi), line(2, byAi)] };
    const withLock = sealRecord([...files, locked], facts);
    assert.ok(withLock);
    assert.deepEqual(withLock.totals, sealed.totals);
    assert.deepEqual(recordedWhole([withLock.record], 'yarn.lock', 2), { apart: 'lock' });
    assert.deepEqual(recordedWhole([sealed.record], 'src/a.ts', 4), {});
    assert.deepEqual(recordedWhole([], 'go.sum', 1), { apart: 'lock' });
    assert.ok(sealRecord([locked], facts));
  });

  it('keeps counts in the place of lines above its limits, of unknown and long files first', () => {
    const file = (path: string, count: number, more: Partial<AddedLine>): FileChange => ({
      path,
      deleted: 0,
      lines: Array.from({ length: count }, (_, i) => line(i + 1, more)),
    });
    const change = [file('u', 3, {}), file('long', 9, byAi), file('b', 4, byAi), file('c', 5, byAi), file('d', 1, {})];
    const limited = sealRecord(change, facts, { fileLines: 8, lines: 10, files: 4 });
    assert.ok(limited);
    assert.deepEqual(
      limited.record.files.map(({ path, lines, counts }) => [path, lines.length, counts?.added, counts?.ai]),
      [
        ['u', 0, 3, 0],
        ['long', 0, 9, 9],
        ['b', 4, undefined, undefined],
        ['c', 5, undefined, undefined],
      ],
    );
    assert.deepEqual([limited.record.rest?.files, limited.record.rest?.counts.unknown], [1, 1]);
    assert.deepEqual([limited.totals.added, limited.totals.ai], [22, 18]);
    const opened = openRecord(Buffer.from(limited.bytes), limited.digest);
    assert.ok(typeof opened !== 'string' && isRecordOf(opened, change));
    assert.equal(recordedWhole([opened], 'long', 9).counts?.countsAsAi, 9);
    assert.deepEqual(recordedWhole([opened], 'long', 8), {});
  });

  it('never has more lines than the limit, covers the whole change, and has each line once', () => {
    const counts = fc.array(fc.tuple(fc.nat(12), fc.boolean()), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(counts, fc.nat(20), fc.integer({ min: 1, max: 12 }), (sizes, lines, most) => {
        const change = sizes.map(
          ([count, known], i): FileChange => ({
            path: `${i}`,
            deleted: 0,
            lines: Array.from({ length: count }, (_, n) => line(n + 1, known ? byAi : {})),
          }),
        );
        const limited = sealRecord(change, facts, { fileLines: 8, lines, files: most });
        if (!limited) return;
        const { files: listed, rest } = limited.record;
        assert.ok(listed.length <= most);
        assert.ok(listed.reduce((sum, file) => sum + file.lines.length, 0) <= lines);
        const added = listed.reduce((sum, file) => sum + (file.counts?.added ?? file.lines.length), 0);
        assert.equal(added + (rest?.counts.added ?? 0), limited.totals.added);
        assert.ok(isRecordOf(limited.record, change));
      }),
    );
  });

  it('has the same bytes for values in another order', () => {
    assert.equal(canonicalJson({ b: [1, { d: null, c: 'é' }], a: undefined }), '{"b":[1,{"c":"é","d":null}]}');
  });
});

describe('trailers', () => {
  it('are on one line each, at most 100 columns, whatever tools and models are called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        (tool, model) => {
          const changed: FileChange[] = [
            { path: 'a', deleted: 0, lines: [line(1, { ...byAi, author: ai('s', { tool, model }) })] },
          ];
          const sealed = sealRecord(changed, facts);
          assert.ok(sealed);
          for (const trailer of trailersOf(changed, sealed, facts.risk)) {
            assert.match(formatTrailer(trailer), /^[A-Za-z-]+: [^\p{Cc}\p{Zl}\p{Zp}]*$/u);
            assert.ok([...formatTrailer(trailer)].length <= 100);
          }
        },
      ),
    );
  });

  it('name a tool as it names itself, even by a word that objects have', () => {
    for (const tool of ['toString', 'constructor', '__proto__'])
      assert.equal(assistantName(tool, 'm-1'), `${tool} (m-1)`);
  });

  it('count only what they say', () => {
    const sealed = sealRecord(files, facts);
    assert.ok(sealed);
    const values = trailersOf(files, sealed, facts.risk).map(formatTrailer);
    assert.equal(values[0], 'Assisted-by: Claude Code (claude-opus-4-5)');
    assert.equal(values[1], 'AI-Lines: 2/5 added, 0 reviewed, 1 unknown');
    assert.equal(values.at(-1), `Provenance: sha256:${sealed.digest}`);
  });

  it('leave out assistants where no line is AI', () => {
    const human: FileChange[] = [{ path: 'a', deleted: 0, lines: [line(1, { class: 'human', author: person })] }];
    const sealed = sealRecord(human, facts);
    assert.ok(sealed);
    assert.deepEqual(
      trailersOf(human, sealed, assessRisk({ files: human })).map(({ key }) => key),
      ['Change-Risk', 'Provenance'],
    );
  });

  it('claim a digest only in their exact form', () => {
    const digest = 'ab'.repeat(32);
    assert.deepEqual(claimedDigests([`sha256:${digest}`, 'sha256:short', `md5:${digest}`, '']), [digest]);
    const body = `Squash\n\n    Provenance: sha256:${digest}\n\nSee Provenance: sha256:${'cd'.repeat(32)} in prose`;
    assert.deepEqual(mentionedDigests(body), [digest]);
  });
});
