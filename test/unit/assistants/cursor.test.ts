import assert from 'node:assert/strict';
import { cursor } from '../../../src/agents/cursor.ts';
import { command } from './hookCommand.ts';
import { hookEntries } from './recorded.ts';

/** As documented: https://cursor.com/docs/hooks */
function payload(event: string, more: object): object {
  return {
    conversation_id: 'c1',
    generation_id: 'g1',
    model: 'claude-opus-4-5',
    hook_event_name: event,
    cursor_version: '3.14.7',
    workspace_roots: ['/project'],
    user_email: null,
    transcript_path: null,
    ...more,
  };
}

const actor = { tool: 'cursor', version: '3.14.7', model: 'claude-opus-4-5', session: 'c1', kind: 'agent_action' };

describe('Cursor', () => {
  it('says what its edit tools wrote', () => {
    const tool = { tool_name: 'Write', tool_input: { path: 'a.ts', contents: 'x\n' }, tool_use_id: 't1' };
    const edits = [{ file: '/project/a.ts', written: { form: 'content', text: 'x\n' } }];
    const who = { ...actor, call: 't1' };
    assert.deepEqual(cursor.normalise(payload('preToolUse', tool), {}), { event: 'before-edit', actor: who, edits });
    assert.deepEqual(cursor.normalise(payload('postToolUse', { ...tool, tool_output: '{}' }), {}), {
      event: 'after-edit',
      actor: who,
      edits,
    });
    const failure = payload('postToolUseFailure', { ...tool, error_message: 'no', failure_type: 'error' });
    assert.deepEqual(cursor.normalise(failure, {}), { event: 'after-edit', actor: who, edits, failed: true });
  });

  it('reads replacements, patches and deletions', () => {
    const file = '/project/a.ts';
    const cases: [tool: string, input: unknown, written: unknown][] = [
      [
        'StrReplace',
        { path: file, old_string: 'a', new_string: 'b', replace_all: true },
        { form: 'replacements', replacements: [{ oldText: 'a', newText: 'b', all: true }] },
      ],
      ['ApplyPatch', `*** Begin Patch\n*** Add File: ${file}\n+x\n*** End Patch`, { form: 'content', text: 'x\n' }],
      ['Delete', { path: file }, undefined],
    ];
    for (const [tool_name, tool_input, written] of cases) {
      const event = cursor.normalise(payload('postToolUse', { tool_name, tool_input }), {});
      assert.ok(event.event === 'after-edit', tool_name);
      assert.deepEqual(event.edits, [{ file, ...(written !== undefined && { written }) }], tool_name);
    }
  });

  it('takes commands in their folder, prompts and ends', () => {
    const shell = { tool_name: 'Shell', tool_input: { command: 'make' }, tool_use_id: 't1', cwd: '/project/sub' };
    assert.deepEqual(cursor.normalise(payload('preToolUse', shell), {}), {
      event: 'before-command',
      actor: { ...actor, call: 't1' },
      cwd: '/project/sub',
      command: 'make',
    });
    assert.deepEqual(cursor.normalise(payload('beforeSubmitPrompt', { prompt: 'Do it.', attachments: [] }), {}), {
      event: 'prompt',
      actor,
      cwd: '/project',
      text: 'Do it.',
    });
    assert.equal(cursor.normalise(payload('stop', { status: 'completed' }), {}).event, 'turn-end');
    assert.equal(cursor.normalise(payload('sessionEnd', { session_id: 'c1' }), {}).event, 'session-end');
  });

  it('leaves the events that repeat what those of tools tell', () => {
    for (const event of ['afterFileEdit', 'beforeShellExecution', 'afterShellExecution', 'afterTabFileEdit']) {
      assert.deepEqual(cursor.normalise(payload(event, { file_path: '/project/a.ts', edits: [] }), {}), {
        event: 'none',
      });
    }
  });

  it('says what a payload lacks', () => {
    assert.throws(() => cursor.normalise({ hook_event_name: 'stop' }, {}), /Cursor's payload has no usable session_id/);
    assert.throws(() => cursor.normalise('text', {}), /no usable hook_event_name/);
    const noFile = payload('postToolUse', { tool_name: 'Write', tool_input: {} });
    assert.throws(() => cursor.normalise(noFile, {}), /names no file/);
  });

  it('denies, also what the person should be asked, for it would run that', () => {
    const answer = (decision: 'ask' | 'deny') =>
      JSON.parse(cursor.answer?.({ decision, reason: 'No.' }, {}).stdout ?? '');
    assert.deepEqual(answer('deny'), { permission: 'deny', user_message: 'No.', agent_message: 'No.' });
    assert.equal(answer('ask').permission, 'deny');
    assert.match(answer('ask').user_message, /^No\. .*let the person run it/);
  });

  it('has its hooks matched by the names of tools', () => {
    const entries = hookEntries(cursor);
    assert.deepEqual(
      [...entries.keys()],
      [
        'hooks.preToolUse',
        'hooks.postToolUse',
        'hooks.postToolUseFailure',
        'hooks.beforeSubmitPrompt',
        'hooks.stop',
        'hooks.sessionStart',
        'hooks.sessionEnd',
      ],
    );
    const matcher = 'Write|Edit|StrReplace|MultiEdit|Delete|ApplyPatch|EditNotebook|Shell|Bash';
    assert.deepEqual(entries.get('hooks.preToolUse'), { command: 'S', timeout: 10, matcher });
    assert.deepEqual(entries.get('hooks.stop'), { command: 'S', timeout: 10 });
    assert.deepEqual(hookEntries(cursor, true).get('hooks.stop'), { command: 'P', timeout: 10 });
    assert.deepEqual(cursor.hooks?.form === 'json' && cursor.hooks.values?.(command), [{ key: ['version'], value: 1 }]);
  });
});
