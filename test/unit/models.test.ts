import assert from 'node:assert/strict';
import type { AiAuthor } from '../../src/core/author.ts';
import type { FileChange } from '../../src/core/change.ts';
import { fillModels } from '../../src/core/models.ts';

const author = (session: string, model?: string, tool = 'copilot'): AiAuthor => ({
  origin: 'ai',
  tool,
  ...(model !== undefined && { model }),
  session,
  kind: 'agent_action',
  evidence: 'reported',
  at: '2026-01-01T00:00:00.000Z',
  review: 'unseen',
});

function change(...authors: readonly (AiAuthor | undefined)[]): FileChange {
  const lines = authors.map((one, i) => ({
    number: i + 1,
    hash: `hash${i}`,
    class: one ? ('ai' as const) : ('unknown' as const),
    countsAsAi: one !== undefined,
    ...(one && { author: one }),
  }));
  return { path: 'a.ts', lines, deleted: 0 };
}

const models = (files: readonly FileChange[]): (string | undefined)[] =>
  files.flatMap(({ lines }) => lines.map((line) => (line.author?.origin === 'ai' ? line.author.model : undefined)));

describe('a model that was told late', () => {
  const cases: readonly [name: string, files: readonly FileChange[], expected: readonly (string | undefined)[]][] = [
    ["is the session's first lines', too", [change(author('s')), change(author('s', 'm-1'))], ['m-1', 'm-1']],
    ["is no other session's", [change(author('s'), author('t', 'm-1'))], [undefined, 'm-1']],
    ["is no other tool's", [change(author('s'), author('s', 'm-1', 'claude'))], [undefined, 'm-1']],
    [
      'is not known where there are two',
      [change(author('s'), author('s', 'a'), author('s', 'b'))],
      [undefined, 'a', 'b'],
    ],
    ['is not known of sessions without a name', [change(author(''), author('', 'm-1'))], [undefined, 'm-1']],
    ['is no matter of lines that nobody wrote', [change(undefined, author('s', 'm-1'))], [undefined, 'm-1']],
  ];
  for (const [name, files, expected] of cases) {
    it(name, () => {
      assert.deepEqual(models(fillModels(files)), expected);
    });
  }
});
