import assert from 'node:assert/strict';
import type { AiAuthor } from '../../src/core/author.ts';
import type { FileChange } from '../../src/core/change.ts';
import { over } from '../../src/core/policy/layer.ts';
import { builtInPolicy } from '../../src/core/policy/policy.ts';
import { describeShortfall, outcomeOf, shortfallsOf } from '../../src/core/policy/shortfalls.ts';

const author: AiAuthor = {
  ...{ origin: 'ai', tool: 'codex', model: 'gpt-5', session: 's', kind: 'chat', evidence: 'reported', review: 'seen' },
  at: '2026-01-01T00:00:00Z',
};
const line = { number: 1, hash: '0'.repeat(12), class: 'ai', countsAsAi: true, author } as const;
const files: FileChange[] = [
  { path: 'src/a.ts', lines: [line], deleted: 0 },
  { path: 'src/b.ts', lines: [], deleted: 3 },
  { path: 'yarn.lock', lines: [{ ...line, author: { ...author, tool: 'own' } }], deleted: 0, apart: 'lock' },
];
const none = { runs: [], scans: [] };

const policy = over(builtInPolicy, {
  prompt: { high: 'require' },
  evidence: { tests: ['src/**'] },
  assistants: ['claude'],
});

describe('what a policy requires of a commit', () => {
  it('is nothing below the level that it names', () => {
    assert.equal(shortfallsOf(policy, 'moderate', files, none), undefined);
    assert.equal(shortfallsOf(builtInPolicy, 'critical', files, none), undefined);
  });

  it('is evidence, review, and assistants that may write, and that is told in words', () => {
    const shortfalls = shortfallsOf(policy, 'critical', files, none) ?? [];
    assert.deepEqual(shortfalls.map(describeShortfall), [
      'tests: there is none (src/a.ts and 1 more)',
      'review: no person has reviewed the AI lines (src/a.ts)',
      'Codex (gpt-5) may not write here',
    ]);
    const missing = ['tests none', 'review unreviewed', 'assistant Codex (gpt-5)'];
    assert.deepEqual(outcomeOf(shortfalls, undefined), { result: 'missing', missing });
    assert.deepEqual(outcomeOf(shortfalls, 'why'), { result: 'overridden', missing, override: 'why' });
  });

  it('is met where nothing is missing, whatever reason is given', () => {
    const reviewed = { ...line, author: { ...author, tool: 'claude', review: 'reviewed' } } as const;
    const change: FileChange[] = [{ path: 'docs/a.md', lines: [reviewed], deleted: 0 }];
    assert.deepEqual(outcomeOf(shortfallsOf(policy, 'high', change, none) ?? [], 'why'), { result: 'met' });
  });

  it('is no validation where nobody could tell which there are', () => {
    const kinds = (shortfallsOf(policy, 'high', files, undefined) ?? []).map(describeShortfall);
    assert.deepEqual(kinds, [
      'review: no person has reviewed the AI lines (src/a.ts)',
      'Codex (gpt-5) may not write here',
    ]);
  });
});
