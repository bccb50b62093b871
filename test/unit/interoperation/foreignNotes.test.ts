import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AddedLine, FileChange } from '../../../src/core/change.ts';
import { lineHash, sha256 } from '../../../src/core/digest.ts';
import { readAgentBlame } from '../../../src/core/interoperation/agentBlame.ts';
import {
  type ForeignAttribution,
  type ForeignFile,
  type ForeignRange,
  type RefusedNote,
  withForeignLines,
} from '../../../src/core/interoperation/foreignNote.ts';
import { gitAiNoteOf, readGitAi } from '../../../src/core/interoperation/gitAiAttribution.ts';
import { readGitAiNote, writeGitAiNote } from '../../../src/core/interoperation/gitAiNotes.ts';
import { readQwen } from '../../../src/core/interoperation/qwen.ts';
import { readWhogitit } from '../../../src/core/interoperation/whogitit.ts';
import { ai, formatter, person } from '../../support/authors.ts';

const at = '2026-01-01T00:00:00.000Z';

function line(number: number, more: Partial<AddedLine> = {}): AddedLine {
  return { number, hash: lineHash(`line ${number}`), class: 'unknown', countsAsAi: false, ...more };
}

function change(numbers: readonly number[], path = 'a.ts'): FileChange {
  return { path, deleted: 0, lines: numbers.map((number) => line(number)) };
}

function files(read: readonly ForeignFile[] | RefusedNote): readonly ForeignFile[] {
  assert.ok(!('refused' in read), 'refused' in read ? read.refused : '');
  return read;
}

/** `1 ai cursor`, a string for each line that something is known of. */
function known(change: FileChange | undefined): string[] {
  return (change?.lines ?? [])
    .filter((each) => each.class !== 'unknown')
    .map(({ number, class: name, author }) => `${number} ${name}${author?.origin === 'ai' ? ` ${author.tool}` : ''}`);
}

function applied(source: ForeignAttribution['source'], noted: readonly ForeignFile[], to: FileChange): FileChange {
  return withForeignLines([to], [{ source, files: noted }], at)[0] as FileChange;
}

describe('lines that a note knows', () => {
  const range = (start: number, end: number, tool: string): ForeignRange => ({ start, end, class: 'ai', tool });

  it('are only those that the commit itself added', () => {
    const noted = [{ path: 'a.ts', ranges: [range(1, 100, 'cursor')] }];
    assert.deepEqual(known(applied('git-ai', noted, change([3, 7]))), ['3 ai cursor', '7 ai cursor']);
    assert.deepEqual(known(applied('git-ai', noted, change([3], 'b.ts'))), []);
  });

  it('belong to the last range that has them', () => {
    const ranges = [range(1, 6, 'a'), range(4, 4, 'b'), range(6, 7, 'c'), range(2, 1, 'd')];
    assert.deepEqual(known(applied('git-ai', [{ path: 'a.ts', ranges }], change([1, 3, 4, 5, 6, 7, 8]))), [
      '1 ai a',
      '3 ai a',
      '4 ai b',
      '5 ai a',
      '6 ai c',
      '7 ai c',
    ]);
  });

  it('are inferred by a rule that names the note, and hold the session as a hash', () => {
    const noted = [{ path: 'a.ts', ranges: [{ ...range(1, 1, 'cursor'), model: 'm', session: 'cursor:secret' }] }];
    const session = sha256('cursor:secret').slice(0, 16);
    const evidence = { evidence: 'inferred', rule: 'git-ai-note', at } as const;
    const author = { origin: 'ai', tool: 'cursor', model: 'm', session, kind: 'agent_action', review: 'unseen' };
    assert.deepEqual(applied('git-ai', noted, change([1])).lines[0]?.author, { ...author, ...evidence });
  });

  it('leave alone what is known already, by a record or by an earlier note', () => {
    const to = { ...change([1, 2]), lines: [line(1, { class: 'human', author: person }), line(2)] };
    const notes: ForeignAttribution[] = [
      { source: 'git-ai', files: [{ path: 'a.ts', ranges: [range(1, 2, 'first')] }] },
      { source: 'whogitit', files: [{ path: 'a.ts', ranges: [range(1, 2, 'second')] }] },
      { source: 'qwen', files: [], refused: 'whatever' },
    ];
    assert.deepEqual(known(withForeignLines([to], notes, at)[0]), ['1 human', '2 ai first']);
  });

  it('are found by a path in another Unicode form', () => {
    const noted = [{ path: 'u\u0308.ts', ranges: [range(1, 1, 'cursor')] }];
    assert.deepEqual(known(applied('git-ai', noted, change([1], '\u00fc.ts'))), ['1 ai cursor']);
  });

  it('are those that looking at every range would give', () => {
    const number = fc.integer({ min: 0, max: 12 });
    const anyRange = fc.record({
      start: number,
      end: number,
      tool: fc.constantFrom('a', 'b', 'c'),
      exact: fc.boolean(),
    });
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 12 })).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(anyRange), numbers, (all, own) => {
        // Half of the ranges hold for the text of their first line alone.
        const ranges = all.map(({ exact, ...each }): ForeignRange => {
          const text = exact ? { end: each.start, hash: lineHash(`line ${each.start % 5}`) } : {};
          return { ...each, class: 'ai', ...text };
        });
        const expected = own.flatMap((each) => {
          const hash = line(each).hash;
          const last = ranges.findLast(
            (one) => one.start <= each && each <= one.end && (one.hash === undefined || one.hash === hash),
          );
          return last ? [`${each} ai ${last.tool}`] : [];
        });
        assert.deepEqual(known(applied('git-ai', [{ path: 'a.ts', ranges }], change(own))), expected);
      }),
    );
  });

  it('cost little, however many and large the ranges are', () => {
    const started = performance.now();
    const all = Array.from({ length: 200_000 }, () => range(0, 0xffff_ffff, 'cursor'));
    const numbers = Array.from({ length: 50_000 }, (_, i) => i + 1);
    assert.equal(known(applied('git-ai', [{ path: 'a.ts', ranges: all }], change(numbers))).length, 50_000);
    assert.ok(performance.now() - started < 5_000);
  });
});

describe('a note of whogitit', () => {
  // In the form that the tool documents as version 3.
  const note = {
    version: 3,
    session: {
      session_id: '7f3a4b2c',
      model: { id: 'claude-opus-4-5-20251101', provider: 'anthropic' },
      prompt_count: 1,
    },
    prompts: [{ index: 0, text: 'Add authentication', timestamp: at, affected_files: ['a.ts'] }],
    files: [
      {
        path: 'a.ts',
        lines: [
          { line_number: 1, content: 'line 1', source: { type: 'AI', edit_id: 'e' }, edit_id: 'e', confidence: 1 },
          { line_number: 2, content: 'line 2', source: { type: 'AIModified', edit_id: 'e', similarity: 0.8 } },
          { line_number: 3, content: 'line 3', source: { type: 'AIModified', edit_id: 'e', similarity: 0.3 } },
          { line_number: 4, content: 'line 4', source: { type: 'Human' } },
          { line_number: 5, content: 'line 5', source: { type: 'Original' } },
          { line_number: 6, content: 'line 6', source: { type: 'Unknown' } },
          { line_number: 7, content: 'what stood here before a rebase', source: { type: 'AI', edit_id: 'e' } },
        ],
        summary: { total_lines: 7, ai_lines: 2 },
      },
    ],
  };

  it('knows AI lines and those that somebody changed, by their text; its human lines show nothing of a person', () => {
    const read = applied('whogitit', files(readWhogitit(JSON.stringify(note))), change([1, 2, 3, 4, 5, 6, 7]));
    assert.deepEqual(known(read), ['1 ai claude', '2 mixed claude', '3 mixed claude']);
    assert.deepEqual(
      read.lines.map((each) => each.countsAsAi),
      [true, true, false, false, false, false, false],
    );
  });

  it('is refused where it is of another version or none', () => {
    assert.deepEqual(readWhogitit(JSON.stringify({ ...note, version: 4 })), {
      refused: 'its version is 4, and only 2 and 3 are known here',
    });
    for (const text of ['', 'null', '{}', JSON.stringify({ ...note, files: {} })]) {
      assert.deepEqual(readWhogitit(text), { refused: 'it is no note of whogitit' });
    }
  });
});

describe('a note of Agent Blame', () => {
  it('lists ranges in versions 1 and 2', () => {
    const rest = { category: 'ai_generated', confidence: 1, path: 'a.ts', provider: 'claudeCode' };
    const first = { ...rest, start_line: 1, end_line: 2, model: null, match_type: 'exact_hash', content_hash: 'h' };
    const second = { ...rest, startLine: 4, endLine: 4, model: 'm', matchType: 'exact_hash', provider: 'cursor' };
    const read = (version: number, attributions: object[]): readonly ForeignFile[] =>
      files(readAgentBlame(JSON.stringify({ version, timestamp: at, attributions })));
    assert.deepEqual(known(applied('agentblame', read(1, [first]), change([1, 2, 3]))), ['1 ai claude', '2 ai claude']);
    assert.deepEqual(known(applied('agentblame', read(2, [second, first]), change([1, 4]))), [
      '1 ai claude',
      '4 ai cursor',
    ]);
    assert.deepEqual(read(2, [second])[0]?.ranges, [{ start: 4, end: 4, class: 'ai', tool: 'cursor', model: 'm' }]);
  });

  it('goes by file and session in version 3; its human ranges show nothing of a person', () => {
    const note = {
      version: 3,
      timestamp: at,
      sessions: { s1: { agent: 'claude', model: 'm', prompts: [{ timestamp: at, content: 'secret' }], startedAt: at } },
      files: {
        'a.ts': {
          aiRanges: [
            { sessionId: 's1', promptId: 1, startLine: 1, endLine: 2 },
            { sessionId: 'gone', startLine: 3, endLine: 3 },
          ],
          humanRanges: [{ startLine: 4, endLine: 9 }],
        },
      },
    };
    const read = files(readAgentBlame(JSON.stringify(note)));
    assert.deepEqual(known(applied('agentblame', read, change([1, 2, 3, 4]))), ['1 ai claude', '2 ai claude']);
  });

  it('is refused where it is of another version or none', () => {
    assert.deepEqual(readAgentBlame('{"version":9}'), { refused: 'its version is 9, and only 1 to 3 are known here' });
    assert.deepEqual(readAgentBlame('{"version":2,"attributions":[{}]}'), {
      refused: 'it is not as version 2 of Agent Blame has it',
    });
    for (const text of ['', '[]', '{"version":"2"}']) {
      assert.deepEqual(readAgentBlame(text), { refused: 'it is no note of Agent Blame' });
    }
  });
});

describe('a note of Qwen Code', () => {
  const note = {
    version: 1,
    generator: 'Qwen-Coder',
    files: {
      'a.ts': { aiChars: 150, humanChars: 0, percent: 100, surface: 'cli' },
      'b.ts': { aiChars: 0, humanChars: 200, percent: 0 },
    },
    summary: { aiPercent: 43, aiChars: 150, humanChars: 200, totalFilesTouched: 2, surfaces: ['cli'] },
    promptCount: 3,
  };

  it('has a share of each file, which gives no line a class', () => {
    const read = files(readQwen(JSON.stringify(note)));
    assert.deepEqual(
      read.map(({ path, aiShare }) => [path, aiShare]),
      [
        ['a.ts', 100],
        ['b.ts', 0],
      ],
    );
    assert.deepEqual(known(applied('qwen', read, change([1]))), []);
  });

  it('is refused where it is of another version or none', () => {
    assert.deepEqual(readQwen(JSON.stringify({ ...note, version: 2 })), {
      refused: 'its version is 2, and only 1 is known here',
    });
    for (const text of ['', '{"version":1}', '{"version":1,"files":{"a":{"percent":101}}}']) {
      assert.deepEqual(readQwen(text), { refused: 'it is no note of Qwen Code' });
    }
  });
});

describe('notes that mean harm', () => {
  const readers = { readGitAi, readWhogitit, readAgentBlame, readQwen };
  for (const [name, read] of Object.entries(readers)) {
    it(`are refused or empty to ${name}`, () => {
      const deep = `{"version":1,"files":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`;
      assert.ok('refused' in read(deep));
      assert.ok('refused' in read('\0'.repeat(1_000_000)));
      const keys = '{"__proto__":{"percent":1,"aiRanges":[]},"constructor":{"percent":1,"aiRanges":[]}}';
      const result = read(`---\n{"version":3,"sessions":${keys},"files":${keys}}`);
      assert.ok('refused' in result);
      const own = read(`{"version":${name === 'readQwen' ? 1 : 3},"sessions":{},"files":${keys}}`);
      if (!('refused' in own)) assert.ok(own.every((file) => typeof file.path === 'string'));
      assert.equal(({} as { percent?: unknown }).percent, undefined);
    });
  }
});

describe('the note that Git AI gets of a commit', () => {
  const commit = '7734793b756b3921c88db5375a8c156e9532447b';
  const identity = 'Alice Smith <alice@example.com>';
  const byAi = (session: string, tool = 'claude', model = 'm-1'): Partial<AddedLine> => ({
    class: 'ai',
    countsAsAi: true,
    author: ai(session, { tool, model }),
  });
  const [first, second] = [sha256('s-1').slice(0, 16), sha256('s-2').slice(0, 16)];

  it('attests AI under sessions and typing under the author; the rest is left out', () => {
    const changed: FileChange[] = [
      {
        path: 'src/b c.ts',
        deleted: 3,
        lines: [
          line(1, byAi(first)),
          line(2, byAi(first)),
          line(3, { class: 'mixed', countsAsAi: true, author: ai(first) }),
          line(4, byAi(second, 'copilot')),
          line(6, { class: 'human', author: person }),
          line(7, { class: 'tool', author: formatter }),
          line(8),
          line(9, byAi(first)),
        ],
      },
      { path: 'src/a.ts', deleted: 0, lines: [line(5, { class: 'human', author: person })] },
      { path: 'unknown.ts', deleted: 0, lines: [line(1)] },
    ];
    const note = gitAiNoteOf(commit, changed, identity);
    assert.ok(note);
    const text = writeGitAiNote(note);
    const sessions = ['claude', 'github-copilot'].map((tool, i) => {
      const id = [first, second][i] as string;
      return { key: `s_${sha256(`${tool}:${id}`).slice(0, 14)}`, tool, id };
    });
    const trace = (key: string): string => `t_${sha256(`${commit}:${key}`).slice(0, 14)}`;
    const entries = sessions
      .map(({ key, tool }) => `  ${key}::${trace(key)} ${tool === 'claude' ? '1-2,9' : '4'}`)
      .concat('  h_31dce776f88375 6')
      .sort();
    assert.equal(text.split('\n---\n')[0], ['src/a.ts', '  h_31dce776f88375 5', '"src/b c.ts"', ...entries].join('\n'));
    assert.deepEqual(JSON.parse(text.split('\n---\n')[1] as string), {
      schema_version: 'authorship/3.0.0',
      base_commit_sha: commit,
      prompts: {},
      humans: { h_31dce776f88375: { author: identity } },
      sessions: Object.fromEntries(
        sessions.map(({ key, tool, id }) => [key, { agent_id: { tool, id, model: 'm-1' }, human_author: identity }]),
      ),
    });
    const read = readGitAi(text);
    assert.deepEqual(known(applied('git-ai', files(read), change([1, 2, 3, 4, 5, 6, 7, 8, 9], 'src/b c.ts'))), [
      '1 ai claude',
      '2 ai claude',
      '4 ai copilot',
      '6 human',
      '9 ai claude',
    ]);
  });

  it('has the same bytes twice, and never a session as it is called', () => {
    const changed = [{ path: 'a.ts', deleted: 0, lines: [line(1, byAi('/home/dev/transcript.jsonl'))] }];
    const [one, two] = [gitAiNoteOf(commit, changed, identity), gitAiNoteOf(commit, changed, identity)];
    assert.ok(one && two);
    assert.equal(writeGitAiNote(one), writeGitAiNote(two));
    assert.ok(!writeGitAiNote(one).includes('transcript'));
  });

  it('is not made where there is nothing to attest, or no way to write the path', () => {
    const mixed = { class: 'mixed', countsAsAi: true, author: ai(first) } as const;
    assert.equal(
      gitAiNoteOf(commit, [{ path: 'a.ts', deleted: 0, lines: [line(1, mixed), line(2)] }], identity),
      undefined,
    );
    assert.equal(
      gitAiNoteOf(commit, [{ path: 'a\nb', deleted: 0, lines: [line(1, byAi(first))] }], identity),
      undefined,
    );
    assert.equal(gitAiNoteOf(commit, [], identity), undefined);
  });

  it('does not repeat what another note says', () => {
    const noted = [{ path: 'a.ts', ranges: [{ start: 1, end: 1, class: 'ai', tool: 'cursor' } as const] }];
    const other = applied('agentblame', noted, change([1]));
    assert.deepEqual(known(other), ['1 ai cursor']);
    assert.equal(gitAiNoteOf(commit, [other], identity), undefined);
  });

  it('holds only records that its lines name', () => {
    const changed = [
      { path: '---', deleted: 0, lines: [line(1, { class: 'human', author: person } as const)] },
      { path: 'a.ts', deleted: 0, lines: [line(1, byAi(first))] },
    ];
    const note = gitAiNoteOf(commit, changed, identity);
    assert.ok(note);
    const read = readGitAiNote(writeGitAiNote(note));
    assert.ok(!('refused' in read));
    assert.deepEqual([read.metadata.humans.size, read.metadata.sessions.size], [0, 1]);
  });
});
