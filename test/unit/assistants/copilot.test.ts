import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { copilot } from '../../../src/agents/copilot.ts';
import type { AssistantEvent } from '../../../src/core/assistantEvent.ts';
import { command } from './hookCommand.ts';
import { inFolder, payloadOf, recorded, story, transcript } from './recorded.ts';

const written = (event: AssistantEvent) => ('edits' in event ? event.edits.map((edit) => edit.written) : undefined);

describe('GitHub Copilot, in the terminal', () => {
  const session = (edit: string, more: readonly string[] = []) => [
    'session-start',
    'prompt Add a greeting and tidy the project.',
    'before-edit src/greet.ts (content, a new file)',
    'after-edit src/greet.ts (content, a new file)',
    `before-edit src/math.ts (${edit})`,
    `after-edit src/math.ts (${edit})`,
    `before-edit src/math.ts (${edit})`,
    `after-edit src/math.ts (${edit})`,
    `before-edit src/math.ts (${edit})`,
    `after-edit src/math.ts (${edit}), failed`,
    "before-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts",
    "after-command sed -i.bak 's/= 1;/= 3;/' src/config.ts && rm src/config.ts.bak src/legacy.ts => 0",
    "before-command echo 'export const verbose = true;' >> src/config.ts; exit 3",
    "after-command echo 'export const verbose = true;' >> src/config.ts; exit 3 => 3",
    "before-command sleep 2; echo 'export const late = true;' >> src/config.ts",
    "after-command sleep 2; echo 'export const late = true;' >> src/config.ts",
    'before-command sleep 3',
    'after-command sleep 3 => 0',
    // Two edits of one turn overlap (quirk 6).
    `before-edit src/greet.ts (${edit})`,
    `before-edit src/util.ts (${edit})`,
    `after-edit src/greet.ts (${edit})`,
    `after-edit src/util.ts (${edit})`,
    ...more,
    'sub-agent: before-edit src/note.ts (content, a new file)',
    'sub-agent: after-edit src/note.ts (content, a new file)',
    'sub-agent: turn-end',
    'sub-agent: turn-end',
    'before-command sleep 3',
    'after-command sleep 3 => 0',
    "before-command git add -A && git commit -q -m 'Add a greeting'",
    "after-command git add -A && git commit -q -m 'Add a greeting' => 0",
    'turn-end',
    'session-end',
  ];

  it('tells a whole session, though no payload names its event', () => {
    assert.deepEqual(story('copilot', copilot), session('replacements'));
  });

  it('quirk 10: tells the same to hooks with names in PascalCase', () => {
    assert.deepEqual(story('copilot-pascal', copilot), session('replacements'));
    const events = (name: string) => recorded(name).map(({ stdin, env }) => copilot.normalise(stdin, env));
    assert.deepEqual(events('copilot-pascal'), events('copilot'));
  });

  it('takes a patch for the whole input of its tool', () => {
    const patches = ['before', 'after'].map((when) => `${when}-edit src/greet.ts (patch) and src/util.ts (patch)`);
    const plain = session('patch', patches).map((line) => line.replace(', a new file', ''));
    assert.deepEqual(story('copilot-gpt', copilot), plain);
  });

  it("quirk 8: takes a parent's order to a sub-agent for no prompt of a person", () => {
    const { stdin, env } = payloadOf('copilot', '42-userPromptSubmitted');
    assert.deepEqual(copilot.normalise(stdin, env), { event: 'none' });
  });

  it('knows version and session, and that a sub-agent belongs to its parent', () => {
    const { stdin, env } = payloadOf('copilot', '43-preToolUse-create');
    const event = copilot.normalise(stdin, { ...env, COPILOT_HOME: '/nowhere' });
    assert.ok('actor' in event);
    assert.deepEqual(event.actor, {
      tool: 'copilot',
      version: '1.0.102',
      session: '00000001-0000-4000-8000-000000000000/00000002-0000-4000-8000-000000000000',
      kind: 'agent_action',
    });
  });

  it("knows its model from the session's events: the last one told, else the one chosen at the start", () => {
    const { stdin } = payloadOf('copilot', '10-preToolUse-edit');
    const model = (transcriptPath: string | undefined, environment = {}) => {
      const event = copilot.normalise({ ...stdin, transcriptPath }, environment);
      return 'actor' in event && event.actor.model;
    };
    assert.equal(model(transcript('copilot', 'transcript.jsonl')), 'claude-sonnet-4.5');
    inFolder((folder) => {
      const state = path.join(folder, 'session-state', '00000001-0000-4000-8000-000000000000');
      const events = path.join(state, 'events.jsonl');
      mkdirSync(state, { recursive: true });
      const chosen = (name: string) => `{"type":"session.start","data":{"selectedModel":"${name}"}}\n`;
      writeFileSync(events, `${chosen('auto')}{"type":"x","data":{"model":"answers"}}\n`);
      assert.equal(model(undefined, { COPILOT_HOME: folder }), 'answers');
      writeFileSync(events, `${chosen('a')}{"type":"session.model_change","data":{"newModel":"b"}}\n`);
      assert.equal(model(undefined, { COPILOT_HOME: folder }), 'b');
      writeFileSync(events, `${chosen('a')}{"type":"tool","data":"${'x'.repeat(1_000_000)}"}\n`);
      assert.equal(model(undefined, { COPILOT_HOME: folder }), 'a');
      writeFileSync(events, chosen('auto'));
      assert.equal(model(undefined, { COPILOT_HOME: folder }), undefined);
    });
  });

  it('says what a payload lacks', () => {
    const { stdin } = payloadOf('copilot', '10-preToolUse-edit');
    assert.throws(() => copilot.normalise({ ...stdin, cwd: 7 }, {}), /no usable cwd/);
    assert.throws(() => copilot.normalise({ ...stdin, toolArgs: {} }, {}), /edit payload names no file/);
    assert.throws(() => copilot.normalise({ ...stdin, toolName: 'apply_patch', toolArgs: 7 }, {}), /no patch/);
    assert.throws(() => copilot.normalise(undefined, {}), /no usable hook_event_name/);
  });

  it('tells a verdict in the form of each of its programs', () => {
    const decided = { permissionDecision: 'ask', permissionDecisionReason: 'no' };
    assert.deepEqual(JSON.parse(copilot.answer?.({ decision: 'ask', reason: 'no' }, {}).stdout ?? ''), {
      ...decided,
      hookSpecificOutput: { hookEventName: 'PreToolUse', ...decided },
    });
  });

  it('has a file of hooks of its own, without matchers, for both kinds of shell', () => {
    assert.ok(copilot.hooks?.form === 'files');
    const [file] = copilot.hooks.files('/home/me', {}, command);
    assert.equal(file?.file, path.join('/home/me', '.copilot', 'hooks', 'countersign.json'));
    const { version, hooks } = JSON.parse(file?.text ?? '');
    assert.equal(version, 1);
    assert.deepEqual(hooks.preToolUse, [{ type: 'command', bash: 'S', powershell: 'P', timeoutSec: 10 }]);
    assert.deepEqual(Object.keys(hooks).slice(0, 3), ['preToolUse', 'postToolUse', 'postToolUseFailure']);
  });
});

describe('GitHub Copilot, in VS Code', () => {
  /** As documented: https://code.visualstudio.com/docs/agents/reference/hooks-reference */
  const payload = (tool: string, input: unknown, more: object = {}) => ({
    timestamp: '2026-01-01T00:00:00.000Z',
    hook_event_name: 'PostToolUse',
    session_id: 's',
    transcript_path: '/data/User/workspaceStorage/h/GitHub.copilot-chat/transcripts/s.jsonl',
    cwd: '/project',
    tool_name: tool,
    tool_input: input,
    tool_use_id: 't1',
    tool_response: 'done',
    ...more,
  });

  it('says what each edit tool wrote, as its files may be written only after the hook has run', () => {
    const filePath = '/project/a.ts';
    const replace = { filePath, oldString: 'a', newString: 'b' };
    const replacement = { oldText: 'a', newText: 'b', all: false };
    const cases: [tool: string, input: object, expected: unknown][] = [
      ['create_file', { filePath, content: 'x\n' }, { form: 'content', text: 'x\n' }],
      ['replace_string_in_file', replace, { form: 'replacements', replacements: [replacement] }],
      [
        'multi_replace_string_in_file',
        { explanation: '', replacements: [replace, replace] },
        { form: 'replacements', replacements: [replacement, replacement] },
      ],
      [
        'apply_patch',
        { input: '*** Begin Patch\n*** Update File: /project/a.ts\n-a\n+b\n*** End Patch', explanation: '' },
        { form: 'patch', hunks: [{ heading: '', oldLines: ['a'], newLines: ['b'] }] },
      ],
      // Its code has gaps that stand for what was there.
      ['insert_edit_into_file', { filePath, code: '// ...existing code...\nx', explanation: '' }, undefined],
      ['edit_notebook_file', { filePath, newCode: 'x' }, undefined],
      ['delete_file', { filePath }, undefined],
    ];
    for (const [tool, input, expected] of cases) {
      const event = copilot.normalise(payload(tool, input), {});
      assert.equal(event.event, 'after-edit', tool);
      assert.deepEqual(written(event), [expected], tool);
    }
  });

  it('tells one edit for each file of many', () => {
    const one = { filePath: '/project/a.ts', oldString: 'a', newString: 'b' };
    const input = { replacements: [one, { ...one, filePath: '/project/b.ts' }, one] };
    const event = copilot.normalise(payload('multi_replace_string_in_file', input), {});
    assert.ok(event.event === 'after-edit');
    assert.deepEqual(
      event.edits.map(({ file }) => file),
      ['/project/a.ts', '/project/b.ts'],
    );
  });

  it('finds no file before it makes one', () => {
    const input = { filePath: '/project/a.ts', content: 'x' };
    const event = copilot.normalise(payload('create_file', input, { hook_event_name: 'PreToolUse' }), {});
    assert.ok(event.event === 'before-edit' && event.edits[0]?.before === null);
  });

  it('takes the names of files in each form that editors write', () => {
    for (const filePath of ['/project/a b.ts', 'a b.ts', 'file:///project/a%20b.ts', '../project/./a b.ts']) {
      const event = copilot.normalise(payload('create_file', { filePath, content: '' }), {});
      assert.ok(event.event === 'after-edit');
      assert.equal(event.edits[0]?.file, '/project/a b.ts');
    }
    const foreign = payload('create_file', { filePath: 'file://host/share/a.ts', content: '' });
    assert.throws(() => copilot.normalise(foreign, {}), /no local one/);
  });

  it('leaves tools that it does not know to be edits', () => {
    for (const tool of ['read_file', 'grep_search', 'some_edit_tool', 'manage_todo_list', 'replace_symbol']) {
      assert.deepEqual(copilot.normalise(payload(tool, { filePath: '/project/a.ts' }), {}), { event: 'none' });
    }
  });

  it('takes its terminal, prompts and ends of turns', () => {
    const shell = copilot.normalise(payload('run_in_terminal', { command: 'make', isBackground: false }), {});
    assert.ok(shell.event === 'after-command' && shell.command === 'make' && shell.actor.call === 't1');
    const common = { session_id: 's', cwd: '/project' };
    const prompt = copilot.normalise({ ...common, hook_event_name: 'UserPromptSubmit', prompt: 'Do it.' }, {});
    assert.ok(prompt.event === 'prompt' && prompt.text === 'Do it.');
    assert.equal(copilot.normalise({ ...common, hook_event_name: 'Stop' }, {}).event, 'turn-end');
  });

  it('understands the names that it had at first, and does without a folder', () => {
    const { hook_event_name, session_id, cwd, ...rest } = payload('create_file', { filePath: '/a.ts', content: '' });
    const event = copilot.normalise({ ...rest, hookEventName: hook_event_name, sessionId: session_id }, {});
    assert.ok(event.event === 'after-edit' && event.actor.session === 's' && event.edits[0]?.file === '/a.ts');
    assert.ok(cwd);
  });

  it('knows its model from the payload, else from the files of the chat', () => {
    const model = (value: object) => {
      const event = copilot.normalise(value, { COPILOT_CLI_BINARY_VERSION: '1.0.102' });
      assert.ok('actor' in event);
      assert.equal(event.actor.version, undefined, "the terminal program's version is not that of the editor");
      return event.actor.model;
    };
    const edit = { filePath: '/a.ts', content: '' };
    assert.equal(model(payload('create_file', edit, { model: 'gpt-5.5' })), 'gpt-5.5');
    assert.equal(model(payload('create_file', edit, { model: 'copilot/auto' })), undefined);
    inFolder((folder) => {
      const transcripts = path.join(folder, 'GitHub.copilot-chat', 'transcripts');
      mkdirSync(transcripts, { recursive: true });
      mkdirSync(path.join(folder, 'chatSessions'));
      const value = payload('create_file', edit, { transcript_path: path.join(transcripts, 's.jsonl') });
      writeFileSync(path.join(transcripts, 's.jsonl'), '{"type":"session.start","data":{"selectedModel":"first"}}\n');
      assert.equal(model(value), 'first');
      const whole = { requests: [{ modelId: 'copilot/one', message: 'say "modelId":"trick"' }] };
      const chat = path.join(folder, 'chatSessions', 's');
      writeFileSync(`${chat}.json`, JSON.stringify(whole, null, 2));
      assert.equal(model(value), 'copilot/one');
      const log = [
        { kind: 0, v: whole },
        { kind: 1, k: ['requests', 1, 'modelId'], v: 'copilot/two' },
        { kind: 2, k: ['requests'], v: [{ modelId: 'copilot/auto' }] },
      ];
      writeFileSync(`${chat}.jsonl`, log.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
      assert.equal(model(value), 'copilot/two');
    });
  });
});
