import assert from 'node:assert/strict';
import { parsePatch } from '../../src/agents/applyPatch.ts';
import { PayloadError } from '../../src/agents/assistant.ts';
import { findCommitter } from '../../src/agents/assistants.ts';
import { claude } from '../../src/agents/claude.ts';
import { codex } from '../../src/agents/codex.ts';
import { generic } from '../../src/agents/generic.ts';
import { applyWritten, type Written } from '../../src/core/written.ts';

const actor = { tool: 'claude', session: 's', kind: 'agent_action', call: 't1' };

function payload(tool: string, input: object, more: object = {}): object {
  const event = { hook_event_name: 'PostToolUse', session_id: 's', cwd: '/project', tool_use_id: 't1' };
  return { ...event, tool_name: tool, tool_input: input, ...more };
}

describe('Claude Code', () => {
  it('says what each edit tool wrote, and what was there before', async () => {
    const file = { file_path: '/project/a.ts' };
    const before = { tool_response: { originalFile: 'old\n' } };
    const edit = { old_string: 'old', new_string: 'new' };
    const replacement = { oldText: 'old', newText: 'new', all: false };
    const cases: [tool: string, input: object, written: Written][] = [
      ['Write', { ...file, content: 'new\n' }, { form: 'content', text: 'new\n' }],
      ['Edit', { ...file, ...edit }, { form: 'replacements', replacements: [replacement] }],
      [
        'Edit',
        { ...file, ...edit, replace_all: true },
        { form: 'replacements', replacements: [{ ...replacement, all: true }] },
      ],
      [
        'MultiEdit',
        { ...file, edits: [edit, edit] },
        { form: 'replacements', replacements: [replacement, replacement] },
      ],
    ];
    for (const [tool, input, written] of cases) {
      const event = await claude.normalise(payload(tool, input, before), {});
      assert.deepEqual(event, {
        event: 'after-edit',
        actor,
        edits: [{ file: '/project/a.ts', before: 'old\n', written }],
      });
    }
  });

  it('asks for the difference where a tool does not say what it wrote', async () => {
    const event = await claude.normalise(payload('NotebookEdit', { notebook_path: 'a.ipynb', new_source: 'x' }), {});
    assert.deepEqual(event, { event: 'after-edit', actor, edits: [{ file: '/project/a.ipynb' }] });
  });

  it('takes its shell, failing commands among them, and leaves tools that only read', async () => {
    const shell = payload('Bash', { command: 'ls' });
    assert.deepEqual(await claude.normalise({ ...shell, hook_event_name: 'PreToolUse' }, {}), {
      event: 'before-command',
      actor,
      cwd: '/project',
      command: 'ls',
    });
    assert.deepEqual(await claude.normalise({ ...shell, hook_event_name: 'PostToolUseFailure' }, {}), {
      event: 'after-command',
      actor,
      cwd: '/project',
      command: 'ls',
    });
    for (const other of [payload('Read', { file_path: 'a' }), { ...shell, hook_event_name: 'Stop' }]) {
      assert.deepEqual(await claude.normalise(other, {}), { event: 'none' });
    }
  });

  it("keeps a sub-agent's session apart from its parent's", async () => {
    const event = await claude.normalise(payload('Bash', {}, { agent_id: 'sub' }), {});
    assert.ok(event.event === 'after-command' && event.actor.session === 's/sub');
  });

  it('says what a payload lacks', async () => {
    await assert.rejects(async () => claude.normalise({ session_id: 's' }, {}), PayloadError);
    await assert.rejects(async () => claude.normalise(payload('Write', { content: '' }), {}), /names no file/);
    await assert.rejects(async () => claude.normalise(payload('Write', { file_path: 'a\0b', content: '' }), {}), /NUL/);
  });
});

describe('Codex', () => {
  it('names the files of a patch and what it writes into each', async () => {
    const command =
      '*** Begin Patch\n*** Add File: new.ts\n+one\n+two\n*** Update File: old.ts\n@@ class A\n-x\n+y\n*** Delete File: gone.ts\n*** End Patch\n';
    const patch = payload('apply_patch', { command }, { model: 'gpt-5.5' });
    const who = { tool: 'codex', model: 'gpt-5.5', session: 's', kind: 'agent_action', call: 't1' };
    const edits = [
      { file: '/project/new.ts', written: { form: 'content', text: 'one\ntwo\n' } },
      {
        file: '/project/old.ts',
        written: { form: 'patch', hunks: [{ heading: 'class A', oldLines: ['x'], newLines: ['y'] }] },
      },
      { file: '/project/gone.ts' },
    ];
    assert.deepEqual(await codex.normalise({ ...patch, hook_event_name: 'PreToolUse' }, {}), {
      event: 'before-edit',
      actor: who,
      edits,
    });
    assert.deepEqual(await codex.normalise(patch, {}), {
      event: 'after-edit',
      actor: who,
      edits,
    });
  });

  it('reads patches without @@, with a move, with CRLF and with an empty line of context', () => {
    assert.deepEqual(
      parsePatch('*** Begin Patch\r\n*** Update File: a\r\n*** Move to: b\r\n x\r\n\r\n-y\r\n+z\r\n*** End Patch\r\n'),
      [
        {
          action: 'update',
          path: 'a',
          movedTo: 'b',
          hunks: [{ heading: '', oldLines: ['x', '', 'y'], newLines: ['x', '', 'z'] }],
        },
      ],
    );
    assert.deepEqual(parsePatch('no patch at all'), []);
  });
});

describe('the generic reporter', () => {
  const event = {
    version: 1,
    event: 'after-edit',
    cwd: '/project',
    tool: 'my-agent',
    model: 'm-1',
    session: 's-1',
    files: ['a.ts'],
  };

  it('takes its events, with paths under cwd', async () => {
    assert.deepEqual(await generic.normalise(event, {}), {
      event: 'after-edit',
      actor: { tool: 'my-agent', model: 'm-1', session: 's-1', kind: 'agent_action' },
      edits: [{ file: '/project/a.ts' }],
    });
    const session = await generic.normalise({ ...event, event: 'session-start' }, {});
    assert.ok(session.event === 'session-start' && session.actor.session === 's-1' && session.cwd === '/project');
    const command = await generic.normalise({ ...event, event: 'after-command', command: 'make', exitCode: 2 }, {});
    assert.ok(command.event === 'after-command' && command.command === 'make' && command.exitCode === 2);
  });

  it('does not take a placeholder for a model', async () => {
    const taken = await generic.normalise({ ...event, model: 'auto' }, {});
    assert.ok(taken.event === 'after-edit' && taken.actor.model === undefined);
  });

  it('says what is wrong with a payload', () => {
    for (const wrong of [
      { ...event, version: 2 },
      { ...event, event: 'edit' },
      { ...event, tool: ' ' },
      { ...event, files: undefined },
      null,
    ]) {
      assert.throws(() => generic.normalise(wrong, {}), PayloadError);
    }
  });
});

describe('what an assistant says that it wrote', () => {
  const cases: [name: string, before: string, written: Written, after: string | undefined][] = [
    ['the whole content', 'x', { form: 'content', text: 'y' }, 'y'],
    [
      'the first of two like places',
      'a a',
      { form: 'replacements', replacements: [{ oldText: 'a', newText: '$&', all: false }] },
      '$& a',
    ],
    ['all of them', 'a a', { form: 'replacements', replacements: [{ oldText: 'a', newText: 'b', all: true }] }, 'b b'],
    [
      'a text that is not there',
      'a',
      { form: 'replacements', replacements: [{ oldText: 'b', newText: 'c', all: false }] },
      undefined,
    ],
    [
      'a hunk, its white space aside',
      'a\n  b\nc\n',
      { form: 'patch', hunks: [{ heading: '', oldLines: ['b'], newLines: ['  B'] }] },
      'a\n  B\nc\n',
    ],
    [
      'a hunk behind a heading',
      'x\nA\nx\n',
      { form: 'patch', hunks: [{ heading: 'A', oldLines: ['x'], newLines: ['y'] }] },
      'x\nA\ny\n',
    ],
    [
      'lines at the end',
      'a\r\n',
      { form: 'patch', hunks: [{ heading: '', oldLines: [], newLines: ['b'] }] },
      'a\r\nb\r\n',
    ],
    [
      'a hunk that does not fit',
      'a\n',
      { form: 'patch', hunks: [{ heading: '', oldLines: ['z'], newLines: ['y'] }] },
      undefined,
    ],
  ];
  for (const [name, before, written, after] of cases)
    it(name, () => assert.equal(applyWritten(before, written), after));
});

describe('who runs git commit', () => {
  it('is known from the variables of an assistant', () => {
    assert.deepEqual(findCommitter({ CLAUDE_CODE_SESSION_ID: 'a' }), { tool: 'claude', session: 'a' });
    assert.deepEqual(findCommitter({ CODEX_SESSION_ID: 'b', CODEX_TOOL_CALL_ID: 'c' }), {
      tool: 'codex',
      session: 'b',
      call: 'c',
    });
    assert.equal(findCommitter({ PATH: '/bin' }), undefined);
  });
});
