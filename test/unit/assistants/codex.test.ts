import assert from 'node:assert/strict';
import { parsePatch } from '../../../src/agents/applyPatch.ts';
import { PayloadError } from '../../../src/agents/assistant.ts';
import { codex } from '../../../src/agents/codex.ts';
import { payloadOf, story } from './recorded.ts';

function payload(tool: string, input: unknown, more: object = {}): object {
  const event = { hook_event_name: 'PostToolUse', session_id: 's', cwd: '/project', tool_use_id: 't1' };
  return { ...event, tool_name: tool, tool_input: input, ...more };
}

const session = [
  'session-start',
  'prompt Add a greeting and tidy the project.',
  'before-edit src/greet.ts (content)',
  'after-edit src/greet.ts (content)',
  'before-edit src/math.ts (patch)',
  'after-edit src/math.ts (patch)',
  'before-edit src/math.ts (patch)',
  'after-edit src/math.ts (patch)',
  // A patch that does not apply has no after-event (quirk 3).
  'before-edit src/math.ts (patch)',
  "before-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts",
  "after-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts",
  "before-command echo 'export const verbose = true;' >> src/config.ts; exit 3",
  "after-command echo 'export const verbose = true;' >> src/config.ts; exit 3",
  // Nor has a command that outlives its call, or a patch given to the shell, though both change files (quirk 2).
  "before-command sleep 2; echo 'export const late = true;' >> src/config.ts",
  'before-command sleep 3',
  'after-command sleep 3',
  'before-edit src/extra.ts (content)', // a patch given to the shell, which it carries out itself
  'before-edit src/greet.ts (patch)',
  'after-edit src/greet.ts (patch)',
  'before-edit src/util.ts (patch)',
  'after-edit src/util.ts (patch)',
  'before-edit src/greet.ts (patch) and src/util.ts (patch)',
  'after-edit src/greet.ts (patch) and src/util.ts (patch)',
  'before-command sleep 3',
  'sub-agent: before-edit src/note.ts (content)',
  'sub-agent: after-edit src/note.ts (content)',
  'sub-agent: turn-end',
  'after-command sleep 3',
  "before-command git add -A && git commit -q -m 'Add a greeting'",
  "after-command git add -A && git commit -q -m 'Add a greeting'",
  'turn-end',
  'session-end',
];

describe('Codex', () => {
  it('tells a whole session', () => assert.deepEqual(story('codex', codex), session));

  it('quirk 9: tells the same in its code mode, by calls of its own names', () => {
    assert.deepEqual(story('codex-code', codex), session);
    const { stdin, env } = payloadOf('codex-code', '03-PreToolUse-apply_patch');
    const event = codex.normalise(stdin, env);
    assert.ok(event.event === 'before-edit' && event.actor.call?.startsWith('exec-'));
    assert.equal(event.actor.model, 'gpt-6-sol');
  });

  it("quirk 8: takes a parent's order to a sub-agent for no prompt of a person", () => {
    const { stdin, env } = payloadOf('codex', '28-UserPromptSubmit');
    assert.deepEqual(codex.normalise(stdin, env), { event: 'none' });
  });

  it('names the files of a patch and what it writes into each', () => {
    const command =
      '*** Begin Patch\n*** Add File: new.ts\n+one\n+two\n*** Update File: old.ts\n@@ class A\n-x\n+y\n*** Delete File: gone.ts\n*** End Patch\n';
    const patch = payload('apply_patch', { command }, { model: 'gpt-5.5' });
    const actor = { tool: 'codex', model: 'gpt-5.5', session: 's', kind: 'agent_action', call: 't1' };
    const edits = [
      { file: '/project/new.ts', written: { form: 'content', text: 'one\ntwo\n' } },
      {
        file: '/project/old.ts',
        written: { form: 'patch', hunks: [{ heading: 'class A', oldLines: ['x'], newLines: ['y'] }] },
      },
      { file: '/project/gone.ts' },
    ];
    const before = { ...patch, hook_event_name: 'PreToolUse' };
    assert.deepEqual(codex.normalise(before, {}), { event: 'before-edit', actor, edits });
    assert.deepEqual(codex.normalise(patch, {}), { event: 'after-edit', actor, edits });
  });

  it('says what a payload lacks', () => {
    assert.throws(() => codex.normalise(payload('apply_patch', {}), {}), /apply_patch payload has no patch/);
    assert.throws(() => codex.normalise({ hook_event_name: 'Stop', cwd: '/' }, {}), PayloadError);
  });

  it('denies, also what the person should be asked, for it would run that', () => {
    const answer = (decision: 'ask' | 'deny') =>
      JSON.parse(codex.answer?.({ decision, reason: 'It rewrites history.' }, {}).stdout ?? '').hookSpecificOutput;
    assert.deepEqual(answer('deny'), {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: 'It rewrites history.',
    });
    assert.equal(answer('ask').permissionDecision, 'deny');
    assert.match(answer('ask').permissionDecisionReason, /^It rewrites history\. .*let the person run it/);
  });

  it('is never approved by us: the person is told how', () => {
    assert.match(codex.hooks?.remark ?? '', /\/hooks/);
    assert.ok(codex.hooks?.form === 'json' && codex.hooks.values === undefined);
  });
});

describe("Codex's commands", () => {
  it('may go on, and no hook tell their end', () => {
    const { stdin, env } = payloadOf('codex', '12-PreToolUse-Bash');
    const event = codex.normalise(stdin, env);
    assert.ok(event.event === 'before-command' && event.endMayStayUntold);
  });
});

describe('a patch', () => {
  it('is read without @@, with a move, with CRLF and with an empty line of context', () => {
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
