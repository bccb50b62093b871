import assert from 'node:assert/strict';
import { claimsWithoutRecord, contradictions, readClaims, sharedLines } from '../../src/core/claims.ts';
import type { ProvenanceRecord } from '../../src/core/record.ts';
import type { Trailer } from '../../src/core/trailers.ts';

const digest = 'a'.repeat(64);

function block(...lines: readonly string[]): Trailer[] {
  return lines.map((line) => ({ key: line.slice(0, line.indexOf(':')), value: line.slice(line.indexOf(':') + 1) }));
}

function record(totals: ProvenanceRecord['totals'], more: Partial<ProvenanceRecord> = {}): ProvenanceRecord {
  return {
    schema: 'countersign/record/1',
    change: digest,
    files: [],
    authors: [],
    totals,
    risk: { score: 30, level: 'medium' },
    time: '2026-11-22T00:00:00.000Z',
    program: 'countersign/0.1.0',
    ...more,
  };
}

const file = (path: string, ...lines: readonly string[]): ProvenanceRecord['files'][number] => ({
  path,
  lines: [...lines],
  runs: [{ count: lines.length, class: 'ai', author: 0 }],
});

describe('claims', () => {
  it('are read whatever the case of their keys', () => {
    const claims = readClaims(
      block('provenance: x', `PROVENANCE:  sha256:${digest} `, 'Ai-lines: 1/2 added, 0 reviewed'),
    );
    assert.deepEqual(claims.digests, [digest]);
    assert.deepEqual(claims.unreadable, []);
    assert.deepEqual(claims.lines[0]?.counts, { countsAsAi: 1, added: 2, reviewed: 0, unknown: 0 });
  });

  it('may name digests that are none', () => {
    const wrong = ['sha256:abc', `SHA256:${digest}`, `sha256:${digest}0`, 'sha256'];
    assert.deepEqual(readClaims(block(...wrong.map((value) => `Provenance: ${value}`))).unreadable, wrong);
  });

  it('have numbers only in their own form', () => {
    const counts = (value: string): unknown => readClaims(block(`AI-Lines: ${value}`)).lines[0]?.counts;
    assert.deepEqual(counts('3/9 added, 2 reviewed, 1 unknown, 4 other'), {
      countsAsAi: 3,
      added: 9,
      reviewed: 2,
      unknown: 1,
    });
    for (const value of ['', '3', '3/9', '-3/9 added', '3/9 added, many reviewed', '3 / 9 added', 'x 3/9 added']) {
      assert.equal(counts(value), undefined, value);
    }
  });

  it('without a digest are none that anything bears out', () => {
    assert.deepEqual(
      claimsWithoutRecord(readClaims(block('AI-Lines: 1/2 added, 0 reviewed', 'Change-Risk: low 1/100'))),
      ['AI-Lines: 1/2 added, 0 reviewed'],
    );
    assert.deepEqual(claimsWithoutRecord(readClaims(block('AI-Lines: 12'))), []);
    assert.deepEqual(
      claimsWithoutRecord(readClaims(block('AI-Lines: 1/2 added, 0 reviewed', `Provenance: sha256:${digest}`))),
      [],
    );
  });

  it('agree with a record that says the same', () => {
    const authors = [
      { tool: 'my-agent', model: 'm-1', session: 's', kind: 'chat' as const },
      { tool: 'my-agent', model: 'm-1', session: 't', kind: 'agent_action' as const },
    ];
    const files = [{ ...file('a', '1'), runs: [{ count: 1, class: 'ai' as const, author: 1 }] }];
    const claims = readClaims(
      block('Assisted-by: my-agent (m-1)', 'AI-Lines: 1/4 added, 1 reviewed', 'Change-Risk: medium 30/100 (untested)'),
    );
    const totals = { ai: 1, mixed: 0, countsAsAi: 1, added: 4, reviewed: 1, unknown: 0 };
    assert.deepEqual(contradictions(claims, record(totals, { authors, files })), []);
    assert.deepEqual(contradictions(readClaims([]), record({ added: 4, human: 4 })), []);
  });

  it('that say less than the record fall short of it', () => {
    const authors = [{ tool: 'my-agent', session: 's', kind: 'chat' as const }];
    const totals = { ai: 1, countsAsAi: 1, added: 1, reviewed: 0 };
    assert.deepEqual(contradictions(readClaims([]), record(totals, { authors, files: [file('a', '1')] })), [
      'AI-Lines is not there, its record has 1/1 added, 0 reviewed, 0 unknown',
      'no trailer names my-agent, its record does',
    ]);
  });

  it('name an assistant in any style, or as it names itself', () => {
    const authors = [{ tool: 'claude', model: 'opus', session: 's', kind: 'chat' as const }];
    const named = (line: string): boolean =>
      contradictions(
        readClaims(block(line, 'AI-Lines: 1/1 added, 0 reviewed')),
        record({ ai: 1, countsAsAi: 1, added: 1 }, { authors, files: [file('a', '1')] }),
      ).length === 0;
    for (const line of [
      'Assisted-by: Claude Code (opus)',
      'assisted-BY: LLM',
      'Assisted-by: Claude:opus',
      'Assisted-by: claude-code/opus',
      'Generated-by: Claude Code (opus)',
      'Assisted-By: Claude Code (opus)',
      'Co-authored-by: Claude Code (opus) <noreply@anthropic.com>',
      'Co-authored-by: Claude <noreply@anthropic.com>',
      'Assisted-by: Claude Code',
    ]) {
      assert.ok(named(line), line);
    }
    for (const line of [
      'Assisted-by: Claude Code (haiku)',
      'Assisted-by: Codex (opus)',
      'Assisted-by: Jane Doe',
      'Co-authored-by: Claude <claude@example.com>',
      'Reviewed-by: Claude Code (opus)',
    ]) {
      assert.ok(!named(line), line);
    }
  });

  it("have no numbers in the kernel's style, and name nobody for files that are listed apart", () => {
    const authors = [{ tool: 'my-agent', session: 's', kind: 'chat' as const }];
    const totals = { ai: 1, countsAsAi: 1, added: 1 };
    assert.deepEqual(
      contradictions(readClaims(block('Assisted-by: LLM')), record(totals, { authors, files: [file('a', '1')] })),
      [],
    );
    const lockFile = { ...file('package-lock.json', '1'), apart: 'lock' as const };
    assert.deepEqual(contradictions(readClaims([]), record({}, { authors, files: [lockFile] })), []);
  });

  it('count a risk by level and score', () => {
    const risk = (value: string): number =>
      contradictions(readClaims(block(`Change-Risk: ${value}`)), record({})).length;
    assert.equal(risk('medium 30/100'), 0);
    assert.equal(risk('medium 30/1000'), 1);
    assert.equal(risk('low 30/100 (medium 30/100)'), 1);
  });
});

describe('the lines that a change shares with a record', () => {
  it('count as often as they are in both', () => {
    const known = record({}, { files: [file('a', 'x', 'y'), file('b', 'x')] });
    assert.equal(sharedLines(['x', 'x', 'x', 'z'], known), 2);
    assert.equal(sharedLines([], known), 0);
    assert.equal(sharedLines(['y', 'x'], known), 2);
  });
});
