import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PayloadError } from '../../../src/agents/assistant.ts';
import { claude } from '../../../src/agents/claude.ts';
import type { Written } from '../../../src/core/written.ts';
import { hookEntries, inFolder, payloadOf, story, transcript } from './recorded.ts';

const actor = { tool: 'claude', session: 's', kind: 'agent_action', call: 't1' };

function payload(tool: string, input: object, more: object = {}): object {
  const event = { hook_event_name: 'PostToolUse', session_id: 's', cwd: '/project', tool_use_id: 't1' };
  return { ...event, tool_name: tool, tool_input: input, ...more };
}

function actorOf(value: unknown, environment = {}) {
  const event = claude.normalise(value, environment);
  assert.ok('actor' in event);
  return event.actor;
}

describe('Claude Code', () => {
  it('tells a whole session', () => {
    assert.deepEqual(story('claude', claude), [
      'session-start',
      'prompt Add a greeting and tidy the project.',
      'before-edit src/greet.ts (content)',
      'after-edit src/greet.ts (content, a new file)',
      'before-edit src/math.ts (replacements)',
      'after-edit src/math.ts (replacements, text before)',
      'before-edit src/math.ts (replacements)',
      'after-edit src/math.ts (replacements, text before)',
      "before-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts",
      "after-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts",
      "before-command echo 'export const verbose = true;' >> src/config.ts; exit 3",
      "after-command echo 'export const verbose = true;' >> src/config.ts; exit 3 => 3",
      "before-command sleep 2; echo 'export const late = true;' >> src/config.ts",
      "after-command sleep 2; echo 'export const late = true;' >> src/config.ts",
      'before-command sleep 3',
      'after-command sleep 3',
      'before-edit src/greet.ts (replacements)',
      'after-edit src/greet.ts (replacements, text before)',
      'before-edit src/util.ts (replacements)',
      'after-edit src/util.ts (replacements, text before)',
      'sub-agent: before-edit src/note.ts (content)',
      'sub-agent: after-edit src/note.ts (content, a new file)',
      'sub-agent: turn-end',
      'before-command sleep 3',
      'after-command sleep 3',
      "before-command git add -A && git commit -q -m 'Add a greeting'",
      "after-command git add -A && git commit -q -m 'Add a greeting'",
      'turn-end',
      'session-end',
    ]);
  });

  it('says what each edit tool wrote, and what was there before', () => {
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
      assert.deepEqual(claude.normalise(payload(tool, input, before), {}), {
        event: 'after-edit',
        actor,
        edits: [{ file: '/project/a.ts', before: 'old\n', written }],
      });
    }
  });

  it('asks for the difference where a tool does not say what it wrote', () => {
    const event = claude.normalise(payload('NotebookEdit', { notebook_path: 'a.ipynb', new_source: 'x' }), {});
    assert.deepEqual(event, { event: 'after-edit', actor, edits: [{ file: '/project/a.ipynb' }] });
  });

  it('takes a failing edit for one that failed', () => {
    const failure = { hook_event_name: 'PostToolUseFailure', error: 'String to replace not found' };
    const event = claude.normalise(payload('Edit', { file_path: 'a', old_string: 'x', new_string: 'y' }, failure), {});
    assert.ok(event.event === 'after-edit' && event.failed);
  });

  it('takes a turn that ends by a failure for one that ends', () => {
    const event = claude.normalise({ hook_event_name: 'StopFailure', session_id: 's', cwd: '/project' }, {});
    assert.equal(event.event, 'turn-end');
  });

  it('leaves tools that only read, and events that change nothing', () => {
    const read = payload('Read', { file_path: 'a' });
    const others = [read, { ...read, hook_event_name: 'Notification' }, { ...read, hook_event_name: 'SubagentStart' }];
    for (const other of others) assert.deepEqual(claude.normalise(other, {}), { event: 'none' });
  });

  it('quirk 4: takes a failing command, which may have changed files, with its exit code', () => {
    const { stdin, env } = payloadOf('claude', 'PostToolUseFailure-Bash');
    const event = claude.normalise(stdin, env);
    assert.ok(event.event === 'after-command' && event.exitCode === 3);
  });

  it('quirk 8: takes a notice that a task has ended for no prompt of a person', () => {
    const { stdin, env } = payloadOf('claude', '23-UserPromptSubmit');
    assert.deepEqual(claude.normalise(stdin, env), { event: 'none' });
  });

  it("keeps a sub-agent's session apart from its parent's", () => {
    assert.equal(actorOf(payload('Bash', {}, { agent_id: 'sub' })).session, 's/sub');
  });

  it('knows its version from the environment', () => {
    const { stdin, env } = payloadOf('claude', 'PreToolUse-Write');
    assert.equal(actorOf(stdin, env).version, '2.1.330');
    assert.equal(actorOf(stdin, { AI_AGENT: 'another_1-0_agent' }).version, undefined);
  });

  it('knows its model from the transcript, a sub-agent its own from its own', () => {
    const name = transcript('claude', 'transcript.jsonl');
    assert.equal(actorOf(payload('Bash', {}, { transcript_path: name })).model, 'claude-sonnet-4-5');
    inFolder((folder) => {
      const parent = path.join(folder, 'p.jsonl');
      writeFileSync(parent, '{"message":{"model":"big"}}\n{"message":{"model":"<synthetic>"}}\n');
      const sub = payload('Bash', {}, { transcript_path: parent, agent_id: 'sub' });
      assert.equal(actorOf(sub).model, 'big');
      mkdirSync(path.join(folder, 'p', 'subagents'), { recursive: true });
      writeFileSync(path.join(folder, 'p', 'subagents', 'agent-sub.jsonl'), '{"message":{"model":"small"}}\n');
      assert.equal(actorOf(sub).model, 'small');
      assert.equal(actorOf(payload('Bash', {}, { transcript_path: parent })).model, 'big');
      assert.equal(actorOf(payload('Bash', {}, { transcript_path: path.join(folder, 'none') })).model, undefined);
    });
  });

  it('says what a payload lacks, in one line', () => {
    const write = { file_path: 'a', content: '' };
    const cases: [value: unknown, says: RegExp][] = [
      [{ session_id: 's' }, /no usable hook_event_name/],
      [payload('Write', write, { session_id: 7 }), /no usable session_id/],
      [payload('Write', write, { cwd: null }), /no usable cwd/],
      [payload('Write', write, { transcript_path: {} }), /no usable transcript_path/],
      [null, /no usable content/],
      ['text', /no usable content/],
      [payload('Write', { content: '' }), /names no file/],
      [payload('Write', { file_path: ['a'], content: '' }), /names no file/],
      [payload('Write', { ...write, file_path: 'a\0b' }), /NUL/],
    ];
    for (const [value, says] of cases) {
      assert.throws(
        () => claude.normalise(value, {}),
        (error) => error instanceof PayloadError && says.test(error.message) && !error.message.includes('\n'),
      );
    }
  });

  it('tells a verdict as a decision on the permission', () => {
    for (const decision of ['ask', 'deny'] as const) {
      const { stdout, refuses } = claude.answer?.({ decision, reason: 'destroys data' }, {}) ?? {};
      assert.equal(refuses, undefined);
      assert.deepEqual(JSON.parse(stdout ?? ''), {
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: decision,
          permissionDecisionReason: 'destroys data',
        },
      });
    }
  });

  it('has its hooks matched by the names of tools, and run by a shell that is there', () => {
    const hook = { type: 'command', timeout: 10 };
    assert.deepEqual(hookEntries(claude).get('hooks.PreToolUse'), {
      matcher: 'Write|Edit|MultiEdit|NotebookEdit|Bash',
      hooks: [{ ...hook, command: 'S' }],
    });
    // Git Bash on Windows: a hook that names PowerShell is run by `pwsh` alone.
    assert.deepEqual(hookEntries(claude, true).get('hooks.Stop'), { hooks: [{ ...hook, command: 'S' }] });
  });
});
