import assert from 'node:assert/strict';
import { continueCli } from '../../../src/agents/continue.ts';
import { recorded, transcript } from './recorded.ts';

/** As documented, in the form of Claude Code; no version has been seen to send it. */
function payload(tool_name: string, tool_input: unknown, more: object = {}): object {
  return { session_id: 's', cwd: '/project', hook_event_name: 'PostToolUse', tool_name, tool_input, ...more };
}

describe('Continue', () => {
  it('quirk 12: told nothing in a whole session', () => assert.deepEqual(recorded('continue'), []));

  it('says what its edit tools wrote, by its own names for a file', () => {
    const actor = { tool: 'continue', model: 'claude-sonnet-4-5', session: 's', kind: 'agent_action', call: 't1' };
    const more = { model: 'claude-sonnet-4-5', tool_use_id: 't1' };
    assert.deepEqual(continueCli.normalise(payload('Write', { filepath: 'a.ts', content: 'x' }, more), {}), {
      event: 'after-edit',
      actor,
      edits: [{ file: '/project/a.ts', written: { form: 'content', text: 'x' } }],
    });
    const edits = [{ old_string: 'a', new_string: 'b' }];
    const event = continueCli.normalise(payload('MultiEdit', { file_path: '/project/a.ts', edits }, more), {});
    assert.ok(event.event === 'after-edit' && event.edits[0]?.written?.form === 'replacements');
  });

  it('knows its model from the session file, where the payload does not name it', () => {
    const transcript_path = transcript('continue', 'transcript.json');
    const event = continueCli.normalise(payload('Bash', { command: 'make' }, { transcript_path }), {});
    assert.ok(event.event === 'after-command' && event.actor.model === 'claude-sonnet-4-5');
  });
});
