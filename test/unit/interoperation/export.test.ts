import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AddedLine, FileChange } from '../../../src/core/change.ts';
import { lineHash, sha256 } from '../../../src/core/digest.ts';
import { agentTraceOf, modelId, type TracedCommit, uuidOf } from '../../../src/core/interoperation/agentTrace.ts';
import { provenancePredicateType, type StatedCommit, statementOf } from '../../../src/core/interoperation/inToto.ts';
import { ai, formatter, person } from '../../support/authors.ts';
import { assertAgentTrace, assertStatement } from '../../support/schemas.ts';

const commit = 'ab'.repeat(20);
const digest = 'cd'.repeat(32);

function line(number: number, more: Partial<AddedLine> = {}): AddedLine {
  return { number, hash: lineHash(`line ${number}`), class: 'unknown', countsAsAi: false, ...more };
}

function byAi(session: string, model?: string): Partial<AddedLine> {
  const { model: _, ...author } = ai(session);
  return { class: 'ai', countsAsAi: true, author: { ...author, ...(model !== undefined && { model }) } };
}

function traced(...files: FileChange[]): TracedCommit {
  return { commit, files, records: [digest], time: '2026-01-01T00:00:00.000Z' };
}

const files: readonly FileChange[] = [
  {
    path: 'src/a.ts',
    deleted: 1,
    lines: [
      line(1, byAi('s-1', 'claude-opus-4-5')),
      line(2, byAi('s-1', 'claude-opus-4-5')),
      line(3, byAi('s-2', 'claude-opus-4-5')),
      line(4, { class: 'mixed', countsAsAi: true, author: ai('s-1') }),
      line(6, { class: 'human', author: person }),
      line(7, { class: 'tool', author: formatter }),
      line(8),
      line(9, byAi('s-1', 'claude-opus-4-5')),
      line(10, byAi('s-1', 'house-model')),
      line(11, byAi('s-1')),
    ],
  },
  { path: 'unknown.ts', deleted: 0, lines: [line(1)] },
];

describe('an Agent Trace record', () => {
  const trace = agentTraceOf(traced(...files), '1.2.3');
  assert.ok(trace);

  it('follows the schema, and names the commit that its lines are of', () => {
    assertAgentTrace(trace);
    assert.equal(trace.version, '0.1.0');
    assert.deepEqual(trace.vcs, { type: 'git', revision: commit });
    assert.deepEqual(trace.metadata, { 'com.github.countersign': { records: [`sha256:${digest}`] } });
  });

  it('has a conversation for each session and contributor, and no range for what is not known', () => {
    const [file, ...others] = trace.files;
    assert.deepEqual(others, []);
    const summary = file?.conversations.map(({ contributor, ranges }) => [
      contributor.type,
      contributor.model_id,
      ...ranges.map(({ start_line, end_line }) => `${start_line}-${end_line}`),
    ]);
    assert.deepEqual(summary, [
      ['ai', 'anthropic/claude-opus-4-5', '1-2', '9-9'],
      ['ai', 'anthropic/claude-opus-4-5', '3-3'],
      ['mixed', 'anthropic/claude-opus-4-5', '4-4'],
      ['human', undefined, '6-6'],
      ['ai', undefined, '10-11'],
    ]);
  });

  it('hashes a range by the text of its lines alone', () => {
    const hashes = [1, 2].map((number) => sha256(`line ${number}`).slice(0, 12));
    const range = trace.files[0]?.conversations[0]?.ranges[0];
    assert.equal(range?.content_hash, `countersign-1:${sha256(hashes.join('\n')).slice(0, 16)}`);
  });

  it('is the same twice, and another for another commit or record', () => {
    assert.deepEqual(agentTraceOf(traced(...files), '1.2.3'), trace);
    const other = agentTraceOf({ ...traced(...files), records: ['ef'.repeat(32)] }, '1.2.3');
    assert.notEqual(other?.id, trace.id);
  });

  it('names no session and no person', () => {
    for (const word of ['s-1', 's-2']) assert.ok(!JSON.stringify(trace).includes(word), word);
  });

  it('is not made where no line is AI, mixed or human', () => {
    const tool = line(1, { class: 'tool', author: formatter });
    assert.equal(agentTraceOf(traced({ path: 'a', deleted: 0, lines: [tool, line(2)] }), '1'), undefined);
  });

  it('follows the schema whatever tools, models and sessions are called', () => {
    const anyLine = fc.record({
      session: fc.string(),
      model: fc.option(fc.string({ maxLength: 300 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1 }), fc.string({ minLength: 1 }), (lines, path) => {
        const changed = lines.map(({ session, model }, i) => line(i + 1, byAi(session, model)));
        const record = agentTraceOf(traced({ path, deleted: 0, lines: changed }), '1.0.0');
        assertAgentTrace(JSON.parse(JSON.stringify(record)));
        const covered = record?.files.flatMap(({ conversations }) =>
          conversations.flatMap(({ ranges }) => ranges.map((range) => range.end_line - range.start_line + 1)),
        );
        assert.equal(
          covered?.reduce((sum, count) => sum + count, 0),
          lines.length,
        );
      }),
    );
  });
});

describe('the model of a contributor', () => {
  it('is named by its maker, and left out where the maker is not known', () => {
    const table: readonly (readonly [string, string | undefined])[] = [
      ['claude-opus-4-5-20251101', 'anthropic/claude-opus-4-5-20251101'],
      ['gpt-5-codex', 'openai/gpt-5-codex'],
      ['o3-mini', 'openai/o3-mini'],
      ['gemini-3-pro', 'google/gemini-3-pro'],
      ['grok-4', 'xai/grok-4'],
      ['devstral-2', 'mistral/devstral-2'],
      ['deepseek-v3', 'deepseek/deepseek-v3'],
      ['openrouter/some/model', 'openrouter/some/model'],
      ['opus', undefined],
      ['ollama', undefined],
      ['', undefined],
      ['claude-\n', 'anthropic/claude-'],
      ['claude- x', undefined],
      [`claude-${'x'.repeat(300)}`, undefined],
    ];
    for (const [model, id] of table) assert.equal(modelId(model), id, model);
  });
});

describe('a UUID made of a text', () => {
  it('has version 8 and the variant of RFC 9562', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.match(uuidOf(text), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        assert.equal(uuidOf(text), uuidOf(text));
      }),
    );
  });
});

describe('an in-toto statement', () => {
  const stated: StatedCommit = {
    commit,
    tree: 'ef'.repeat(20),
    records: [{ digest, source: 'trailer', state: 'found' }],
    fit: { state: 'exact' },
    files,
    risk: { score: 84, level: 'high' },
    validation: undefined,
  };

  it('has the form of v1, of the commit and its tree', () => {
    const statement = statementOf(stated);
    assertStatement(statement);
    assert.equal(statement.predicateType, provenancePredicateType);
    assert.deepEqual(statement.subject, [
      { name: 'commit', digest: { gitCommit: commit } },
      { name: 'tree', digest: { gitTree: 'ef'.repeat(20) } },
    ]);
  });

  it('holds what is known, and neither persons nor sessions nor files', () => {
    const { predicate } = statementOf({
      ...stated,
      risk: { ...stated.risk, detail: 'src/a.ts' } as StatedCommit['risk'],
    });
    assert.deepEqual(predicate.records, [{ digest: { sha256: digest }, source: 'trailer', state: 'found' }]);
    assert.deepEqual(predicate.fit, { state: 'exact' });
    assert.deepEqual(predicate.risk, { score: 84, level: 'high' });
    assert.deepEqual([predicate.totals.added, predicate.totals.ai, predicate.totals.human], [11, 6, 1]);
    assert.deepEqual(predicate.authors, [
      { tool: 'claude', model: 'claude-opus-4-5', kind: 'agent_action', lines: 5 },
      { tool: 'claude', model: 'house-model', kind: 'agent_action', lines: 1 },
      { tool: 'claude', kind: 'agent_action', lines: 1 },
    ]);
    for (const word of ['s-1', 's-2', 'src/a.ts']) assert.ok(!JSON.stringify(predicate).includes(word), word);
  });

  it('says so where nothing is known', () => {
    const { predicate } = statementOf({ ...stated, records: [], fit: { state: 'none' }, files: [], risk: undefined });
    assert.deepEqual([predicate.records, predicate.authors, predicate.risk], [[], [], null]);
  });
});
