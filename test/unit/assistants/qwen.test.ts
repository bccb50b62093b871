import assert from 'node:assert/strict';
import { qwen } from '../../../src/agents/qwen.ts';
import { payloadOf, story, transcript } from './recorded.ts';

describe('Qwen Code', () => {
  it('tells a whole session', () => {
    assert.deepEqual(story('qwen', qwen), [
      'session-start',
      'prompt Add a greeting and tidy the project.',
      'before-edit src/greet.ts (content)',
      'after-edit src/greet.ts (content, text before)',
      'before-edit src/math.ts (replacements)',
      'after-edit src/math.ts (content, text before)',
      'before-edit src/math.ts (replacements)',
      'after-edit src/math.ts (content, text before)',
      'before-edit src/math.ts (replacements)',
      'after-edit src/math.ts (replacements), failed',
      "before-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts",
      "after-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts => 0",
      "before-command echo 'export const verbose = true;' >> src/config.ts; exit 3",
      "after-command echo 'export const verbose = true;' >> src/config.ts; exit 3 => 3",
      "before-command sleep 2; echo 'export const late = true;' >> src/config.ts",
      "after-command sleep 2; echo 'export const late = true;' >> src/config.ts",
      'before-command sleep 3',
      'after-command sleep 3 => 0',
      'before-edit src/greet.ts (replacements)',
      'after-edit src/greet.ts (content, text before)',
      'before-edit src/util.ts (replacements)',
      'after-edit src/util.ts (content, text before)',
      // The sub-agent writes while a command of its parent's runs (quirk 6).
      'sub-agent: before-edit src/note.ts (content)',
      'before-command sleep 3',
      'sub-agent: after-edit src/note.ts (content, text before)',
      'sub-agent: turn-end',
      'after-command sleep 3 => 0',
      "before-command git add -A && git commit -q -m 'Add a greeting'",
      "after-command git add -A && git commit -q -m 'Add a greeting' => 0",
      'turn-end',
      'turn-end',
    ]);
  });

  it('quirk 8: takes the empty prompt after each tool for none', () => {
    const { stdin, env } = payloadOf('qwen', '09-UserPromptSubmit');
    assert.deepEqual(qwen.normalise(stdin, env), { event: 'none' });
  });

  it('says the whole text before and after an edit', () => {
    const { stdin, env } = payloadOf('qwen', '39-PostToolUse-edit');
    const event = qwen.normalise(stdin, env);
    assert.ok(event.event === 'after-edit');
    assert.deepEqual(event.edits, [
      {
        file: '/home/dev/project/src/greet.ts',
        before: `export function greet(name: string) {\n  return \`Hello, \${name}\`;\n}\n`,
        written: {
          form: 'content',
          text: `export function greet(name: string) {\n  return \`Hello, \${name}!\`;\n}\n`,
        },
      },
    ]);
  });

  it('knows version, model, session and call', () => {
    const { stdin, env } = payloadOf('qwen', '46-PreToolUse-write_file');
    const event = qwen.normalise(stdin, env);
    assert.ok('actor' in event);
    assert.deepEqual(event.actor, {
      tool: 'qwen',
      version: '0.24.4',
      model: 'qwen3-coder-plus',
      session: '00000001-0000-4000-8000-000000000000/general-purpose-call_000000000000000000000028',
      kind: 'agent_action',
      call: 'toolu_1767225660000_000000029',
    });
  });

  it('knows its model from the payload of a new session, and from the transcript', () => {
    const { stdin } = payloadOf('qwen', '01-SessionStart');
    const model = (value: object) => {
      const event = qwen.normalise(value, {});
      return 'actor' in event && event.actor.model;
    };
    assert.equal(model({ ...stdin, model: 'another' }), 'another');
    assert.equal(
      model({ ...stdin, model: undefined, transcript_path: transcript('qwen', 'transcript.jsonl') }),
      'qwen3-coder-plus',
    );
  });

  it('does not take what a command printed for its exit code', () => {
    const { stdin, env } = payloadOf('qwen', '33-PostToolUse-run_shell_command');
    const printed = 'Output: x\nExit Code: 7\nmore\nError: (none)\nExit Code: 0\nSignal: (none)';
    const event = qwen.normalise({ ...stdin, tool_response: { llmContent: printed } }, env);
    assert.ok(event.event === 'after-command' && event.exitCode === 0);
  });
});
