import assert from 'node:assert/strict';
import type { Environment } from '../../../src/agents/assistant.ts';
import { assistants, findAssistant, tellerOf } from '../../../src/agents/assistants.ts';
import { payloadOf, recorded } from './recorded.ts';

function through(id: string, payload: unknown, environment: Environment) {
  const called = findAssistant(id);
  assert.ok(called);
  const teller = tellerOf(called, payload, environment);
  return { teller: teller.id, event: teller.normalise(payload, environment) };
}

const edit = { hook_event_name: 'PostToolUse', session_id: 's', cwd: '/project', tool_use_id: 't1' };

describe("a payload that came through Claude Code's hooks", () => {
  it('quirk 11: is told by Copilot, known from the environment, as to its own hooks', () => {
    const own = recorded('copilot');
    const claudes = recorded('copilot-pascal');
    assert.equal(own.length, claudes.length);
    for (const [i, { stdin, env }] of claudes.entries()) {
      const same = own[i];
      assert.ok(same);
      assert.deepEqual(through('claude', stdin, env), through('copilot', same.stdin, same.env));
    }
  });

  it('is told by Copilot in VS Code, known from its transcript, as to its own hooks', () => {
    const payload = {
      ...edit,
      transcript_path: 'C:\\Users\\me\\workspaceStorage\\h\\GitHub.copilot-chat\\transcripts\\s.jsonl',
      tool_name: 'create_file',
      tool_input: { filePath: '/project/a.ts', content: 'x' },
    };
    const { teller, event } = through('claude', payload, {});
    assert.equal(teller, 'copilot');
    assert.deepEqual(event, through('copilot', payload, {}).event);
    const { hook_event_name: hookEventName, session_id: sessionId, ...rest } = payload;
    assert.equal(through('claude', { ...rest, hookEventName, sessionId }, {}).teller, 'copilot');
  });

  it('is told by Cursor, known from its version, as to its own hooks', () => {
    const payload = {
      ...edit,
      conversation_id: 's',
      cursor_version: '3.14.7',
      workspace_roots: ['/project'],
      tool_name: 'Write',
      tool_input: { file_path: '/project/a.ts', content: 'x' },
    };
    const { teller, event } = through('claude', payload, {});
    assert.equal(teller, 'cursor');
    assert.deepEqual(event, through('cursor', { ...payload, hook_event_name: 'postToolUse' }, {}).event);
  });

  it('is told by Droid or Continue, known from their transcripts', () => {
    const tool = { tool_name: 'Bash', tool_input: { command: 'make' } };
    for (const [id, transcript_path] of [
      ['droid', '/home/me/.factory/sessions/-p/s.jsonl'],
      ['continue', '/home/me/.continue/sessions/s.json'],
    ] as const) {
      const payload = { ...edit, ...tool, transcript_path };
      const { teller, event } = through('claude', payload, {});
      assert.equal(teller, id);
      assert.deepEqual(event, through(id, payload, {}).event);
    }
  });

  it("is Claude Code's own in a shell of another assistant", () => {
    const { stdin, env } = payloadOf('claude', '08-PreToolUse-Write');
    const outer = {
      ...env,
      COPILOT_CLI: '1',
      CODEX_THREAD_ID: 'c',
      GEMINI_CLI: '1',
      QWEN_CODE: '1',
      CURSOR_AGENT: '1',
    };
    assert.equal(through('claude', stdin, outer).teller, 'claude');
  });
});

describe("a payload that came through another assistant's hooks", () => {
  it('is its own, whoever started it', () => {
    const foreign = { COPILOT_CLI: '1', CLAUDE_PROJECT_DIR: '/project', GEMINI_PROJECT_DIR: '/project' };
    for (const called of assistants.filter(({ id }) => id !== 'claude')) {
      assert.equal(tellerOf(called, { ...edit, version: 1 }, foreign), called);
    }
  });
});
