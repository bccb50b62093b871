import assert from 'node:assert/strict';
import { gemini } from '../../../src/agents/gemini.ts';
import { hookEntries, payloadOf, story, transcript } from './recorded.ts';

describe('Gemini CLI', () => {
  it('tells a whole session', () => {
    assert.deepEqual(story('gemini', gemini), [
      'session-start',
      'prompt Add a greeting and tidy the project.',
      'before-edit src/greet.ts (content)',
      'after-edit src/greet.ts (content, a new file)',
      'before-edit src/math.ts (replacements)',
      'after-edit src/math.ts (content, text before)',
      'before-edit src/math.ts (replacements)',
      'after-edit src/math.ts (content, text before)',
      // It has no event for failures: the response of this one is an error (quirk 3).
      'before-edit src/math.ts (replacements)',
      'after-edit src/math.ts (replacements), failed',
      "before-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts",
      "after-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts",
      "before-command echo 'export const verbose = true;' >> src/config.ts; exit 3",
      "after-command echo 'export const verbose = true;' >> src/config.ts; exit 3 => 3",
      "before-command sleep 2; echo 'export const late = true;' >> src/config.ts",
      "after-command sleep 2; echo 'export const late = true;' >> src/config.ts",
      'before-command sleep 3',
      'after-command sleep 3',
      'before-edit src/greet.ts (replacements)',
      'after-edit src/greet.ts (content, text before)',
      'before-edit src/util.ts (replacements)',
      'after-edit src/util.ts (content, text before)',
      // A sub-agent wrote this; its calls look like those of its parent.
      'before-edit src/note.ts (content)',
      'after-edit src/note.ts (content, a new file)',
      'before-command sleep 3',
      'after-command sleep 3',
      "before-command git add -A && git commit -q -m 'Add a greeting'",
      "after-command git add -A && git commit -q -m 'Add a greeting'",
      'turn-end',
      'session-end',
    ]);
  });

  it('quirk 3: takes an answer that is an error for an edit that failed', () => {
    const { stdin, env } = payloadOf('gemini', '18-AfterTool-replace');
    const event = gemini.normalise(stdin, env);
    assert.ok(event.event === 'after-edit' && event.failed);
  });

  it('knows its model from the session file, and has no ids for calls', () => {
    const { stdin, env } = payloadOf('gemini', '13-BeforeTool-replace');
    const event = gemini.normalise({ ...stdin, transcript_path: transcript('gemini', 'transcript.jsonl') }, env);
    assert.ok('actor' in event);
    assert.deepEqual(event.actor, {
      tool: 'gemini',
      model: 'gemini-2.5-pro',
      session: '00000001-0000-4000-8000-000000000000',
      kind: 'agent_action',
    });
  });

  it('takes for its own what it proposed, where a person changed the proposal before it was written', () => {
    const { stdin, env } = payloadOf('gemini', '12-AfterTool-write_file');
    const { tool_input, tool_response } = stdin as { tool_input: object; tool_response: { returnDisplay: object } };
    const returnDisplay = {
      ...tool_response.returnDisplay,
      newContent: 'mine\nyours\n',
      diffStat: { user_added_chars: 5, user_removed_chars: 0 },
    };
    const written = (input: object) => {
      const event = gemini.normalise({ ...stdin, tool_input: input, tool_response: { returnDisplay } }, env);
      return event.event === 'after-edit' && event.edits[0]?.written;
    };
    const changed = { ...tool_input, content: 'mine\nyours\n', modified_by_user: true, ai_proposed_content: 'mine\n' };
    assert.deepEqual(written(changed), { form: 'content', text: 'mine\n' });
    // Where the proposal cannot be told from what the person made of it, nothing is.
    assert.deepEqual(written({ ...tool_input, content: undefined }), { form: 'content', text: '' });
  });

  it('takes no event of every model call, and needs no switch in its settings', () => {
    assert.ok(gemini.hooks?.form === 'json' && gemini.hooks.values === undefined);
    const events = ['BeforeTool', 'AfterTool', 'BeforeAgent', 'AfterAgent', 'SessionStart', 'SessionEnd'];
    assert.deepEqual(
      [...hookEntries(gemini).keys()],
      events.map((event) => `hooks.${event}`),
    );
    for (const name of ['04-BeforeModel', '06-AfterModel', '03-PreCompress']) {
      const { stdin, env } = payloadOf('gemini', name);
      assert.deepEqual(gemini.normalise(stdin, env), { event: 'none' });
    }
  });

  it('gives its hooks their time in milliseconds', () => {
    assert.deepEqual(hookEntries(gemini).get('hooks.BeforeTool'), {
      matcher: 'write_file|replace|run_shell_command',
      hooks: [{ type: 'command', command: 'S', timeout: 10_000 }],
    });
  });

  it('tells a verdict as a decision', () => {
    const answer = (decision: 'ask' | 'deny') =>
      JSON.parse(gemini.answer?.({ decision, reason: 'no' }, {}).stdout ?? '');
    assert.deepEqual(answer('deny'), { decision: 'deny', reason: 'no' });
    assert.deepEqual(answer('ask'), { decision: 'ask', reason: 'no', systemMessage: 'no' });
  });
});
