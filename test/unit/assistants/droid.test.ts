import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { droid } from '../../../src/agents/droid.ts';
import { command } from './hookCommand.ts';
import { inFolder } from './recorded.ts';

/** As documented: https://docs.factory.ai/reference/hooks-reference */
function payload(tool_name: string, tool_input: unknown, more: object = {}): object {
  return {
    session_id: 's',
    transcript_path: '/home/dev/.factory/sessions/-project/s.jsonl',
    cwd: '/project',
    permission_mode: 'off',
    hook_event_name: 'PostToolUse',
    tool_name,
    tool_input,
    ...more,
  };
}

describe('Droid', () => {
  it('says what its edit tools wrote', () => {
    const file_path = '/project/a.ts';
    const cases: [tool: string, input: unknown, written: unknown][] = [
      ['Create', { file_path, content: 'x' }, { form: 'content', text: 'x' }],
      [
        'Edit',
        { file_path, old_str: 'a', new_str: 'b' },
        { form: 'replacements', replacements: [{ oldText: 'a', newText: 'b', all: false }] },
      ],
      [
        'ApplyPatch',
        { input: `*** Begin Patch\n*** Update File: ${file_path}\n@@\n-a\n+b\n*** End Patch` },
        { form: 'patch', hunks: [{ heading: '', oldLines: ['a'], newLines: ['b'] }] },
      ],
    ];
    for (const [tool, input, written] of cases) {
      assert.deepEqual(droid.normalise(payload(tool, input), {}), {
        event: 'after-edit',
        actor: { tool: 'droid', session: 's', kind: 'agent_action' },
        edits: [{ file: file_path, written }],
      });
    }
  });

  it('takes its shell, and leaves tools that only read', () => {
    const event = droid.normalise(payload('Execute', { command: 'make' }, { hook_event_name: 'PreToolUse' }), {});
    assert.ok(event.event === 'before-command' && event.command === 'make');
    assert.deepEqual(droid.normalise(payload('Read', { file_path: 'a' }), {}), { event: 'none' });
  });

  it('knows its model from the settings next to the session file', () => {
    inFolder((folder) => {
      const transcript_path = path.join(folder, 's.jsonl');
      writeFileSync(path.join(folder, 's.settings.json'), '{\n  "assistantActiveTimeMs": 1,\n  "model": "glm-5"\n}\n');
      const event = droid.normalise(payload('Execute', { command: 'make' }, { transcript_path }), {});
      assert.ok('actor' in event && event.actor.model === 'glm-5');
    });
  });

  it('is told not to run the hooks of Claude Code as well', () => {
    assert.ok(droid.hooks?.form === 'json');
    assert.deepEqual(droid.hooks.values?.(command), [{ key: ['claudeHooksImported'], value: true }]);
  });

  it('says what a payload lacks', () => {
    assert.throws(() => droid.normalise(payload('Create', {}), {}), /Droid's Create payload names no file/);
    assert.throws(() => droid.normalise(payload('ApplyPatch', {}), {}), /no patch/);
    assert.throws(() => droid.normalise({}, {}), /Droid's payload has no usable/);
  });
});
