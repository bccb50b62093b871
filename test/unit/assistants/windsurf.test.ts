import assert from 'node:assert/strict';
import path from 'node:path';
import { PayloadError } from '../../../src/agents/assistant.ts';
import { windsurf } from '../../../src/agents/windsurf.ts';

/** As its documentation gives them: docs.windsurf.com/windsurf/cascade/hooks. */
const common = { trajectory_id: 't-1', execution_id: 'e-1', timestamp: '2026-01-01T00:00:00Z' };
const actor = { tool: 'windsurf', session: 't-1', kind: 'agent_action' };

function payload(action: string, tool_info: object, more: object = {}): object {
  return { agent_action_name: action, ...common, tool_info, ...more };
}

describe('Windsurf', () => {
  it('tells what it writes, before and after', () => {
    const edits = [
      { old_string: 'import os', new_string: 'import os\nimport sys' },
      { old_string: 'a', new_string: 'b' },
    ];
    const told = { file_path: '/p/file.py', edits };
    const replacements = edits.map(({ old_string, new_string }) => ({
      oldText: old_string,
      newText: new_string,
      all: false,
    }));
    const expected = [{ file: path.resolve('/p/file.py'), written: { form: 'replacements', replacements } }];
    assert.deepEqual(windsurf.normalise(payload('pre_write_code', told), {}), {
      event: 'before-edit',
      actor,
      edits: expected,
    });
    assert.deepEqual(windsurf.normalise(payload('post_write_code', told, { model_name: 'GPT 4.1' }), {}), {
      event: 'after-edit',
      actor: { ...actor, model: 'GPT 4.1' },
      edits: expected,
    });
  });

  it('asks for the difference where it does not say what it writes', () => {
    for (const edits of [[], undefined]) {
      const event = windsurf.normalise(payload('post_write_code', { file_path: '/p/a', edits }), {});
      assert.deepEqual(event, { event: 'after-edit', actor, edits: [{ file: path.resolve('/p/a') }] });
    }
  });

  it('tells commands, orders and the end of a turn', () => {
    const info = { command_line: 'npm test', cwd: '/p' };
    const command = { actor, cwd: '/p', command: 'npm test' };
    assert.deepEqual(windsurf.normalise(payload('pre_run_command', info), {}), { event: 'before-command', ...command });
    assert.deepEqual(windsurf.normalise(payload('post_run_command', info), {}), { event: 'after-command', ...command });
    assert.deepEqual(windsurf.normalise(payload('pre_user_prompt', { user_prompt: 'Do it.' }), {}), {
      event: 'prompt',
      actor,
      cwd: process.cwd(),
      text: 'Do it.',
    });
    const end = windsurf.normalise(payload('post_cascade_response', { response: '' }), {});
    assert.deepEqual(end, { event: 'turn-end', actor, cwd: process.cwd() });
    assert.deepEqual(windsurf.normalise(payload('pre_read_code', { file_path: '/p' }), {}), { event: 'none' });
  });

  it('takes Unknown and nothing for no model', () => {
    for (const model_name of ['Unknown', '', undefined]) {
      const event = windsurf.normalise(payload('post_cascade_response', {}, { model_name }), {});
      assert.ok(event.event === 'turn-end' && !('model' in event.actor));
    }
  });

  it('says in one line what a payload lacks', () => {
    for (const [wrong, message] of [
      [[], /no usable agent_action_name/],
      [{ agent_action_name: 'pre_write_code' }, /no usable trajectory_id/],
      [payload('post_run_command', { command_line: 7 }), /no usable tool_info\.command_line/],
      [payload('post_write_code', { file_path: 7 }), /names no file/],
      [payload('post_write_code', { file_path: 'a\0b' }), /NUL/],
    ] as const) {
      assert.throws(
        () => windsurf.normalise(wrong, {}),
        (error) => error instanceof PayloadError && message.test(error.message) && !error.message.includes('\n'),
      );
    }
  });

  it('is stopped by exit code 2, and shows nothing of the hook otherwise', () => {
    assert.deepEqual(windsurf.answer?.({ decision: 'deny', reason: 'No.' }, {}), { refuses: true, stderr: 'No.' });
    assert.ok(windsurf.hooks?.form === 'json' && windsurf.hooks.refusalCode === 2);
    assert.equal(windsurf.hooks.file('/h', {}), path.join('/h', '.codeium', 'windsurf', 'hooks.json'));
    const command = { sh: 'run', powershell: '& run', cmd: '', argv: ['run'], windows: false } as const;
    const [item] = windsurf.hooks.items?.(command) ?? [];
    assert.deepEqual(item, { list: ['hooks', 'pre_write_code'], item: { command: 'run', show_output: false } });
  });
});
