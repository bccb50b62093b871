import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { amazonQ } from '../../../src/agents/amazonq.ts';
import { type Assistant, type HookCommand, PayloadError } from '../../../src/agents/assistant.ts';
import { kiro } from '../../../src/agents/kiro.ts';

const command: HookCommand = { sh: 'run; exit 0', powershell: '', cmd: 'run & exit 0', argv: ['run'], windows: false };

function installed(assistant: Assistant, how: HookCommand = command): { file: string; text: string } {
  assert.ok(assistant.hooks?.form === 'files' && assistant.hooks.refusalCode === 2);
  const [file, ...more] = assistant.hooks.files('/h', {}, how);
  assert.ok(file && more.length === 0);
  return file;
}

/** As the projects document them: docs/hooks.md of amazon-q-developer-cli, and kiro.dev/docs/hooks. */
function payload(event: string, more: object): object {
  return { hook_event_name: event, cwd: '/p', ...more };
}

for (const assistant of [kiro, amazonQ]) {
  describe(assistant.title, () => {
    const actor = { tool: assistant.id, session: 's-1', kind: 'agent_action' };
    const session = { session_id: 's-1' };

    for (const [what, tool_input, written] of [
      ['created', { command: 'create', path: 'a.rs', file_text: 'x\n' }, { form: 'content', text: 'x\n' }],
      ['written whole', { path: 'a.rs', content: 'x\n' }, { form: 'content', text: 'x\n' }],
      [
        'replaced',
        { command: 'str_replace', path: 'a.rs', old_str: 'a', new_str: 'b' },
        { form: 'replacements', replacements: [{ oldText: 'a', newText: 'b', all: false }] },
      ],
      ['inserted', { command: 'insert', path: 'a.rs', insert_line: 3, new_str: 'x' }, undefined],
      ['appended', { command: 'append', path: 'a.rs', content: 'x' }, undefined],
    ] as const) {
      it(`tells what is ${what}, before and after`, () => {
        const told = { tool_name: 'fs_write', tool_input, ...session };
        const edits = [{ file: path.resolve('/p/a.rs'), ...(written && { written }) }];
        const before = assistant.normalise(payload('preToolUse', told), {});
        assert.deepEqual(before, { event: 'before-edit', actor, edits });
        const response = { tool_response: { success: true, result: [''] } };
        const after = assistant.normalise(payload('PostToolUse', { ...told, ...response }), {});
        assert.deepEqual(after, { event: 'after-edit', actor, edits });
        const failed = assistant.normalise(payload('postToolUse', { ...told, tool_response: { success: false } }), {});
        assert.ok(failed.event === 'after-edit' && failed.failed);
      });
    }

    it('tells commands by each name of the shell, with the exit code where there is one', () => {
      for (const tool_name of ['execute_bash', 'shell']) {
        const told = { tool_name, tool_input: { command: 'make' }, ...session };
        const shared = { actor, cwd: '/p', command: 'make' };
        assert.deepEqual(assistant.normalise(payload('preToolUse', told), {}), { event: 'before-command', ...shared });
        for (const [tool_response, code] of [
          [{ success: true, result: [{ exit_status: '3', stdout: '' }] }, { exitCode: 3 }],
          [{ success: true, result: ['text'] }, {}],
        ] as const) {
          const event = assistant.normalise(payload('postToolUse', { ...told, tool_response }), {});
          assert.deepEqual(event, { event: 'after-command', ...shared, ...code });
        }
      }
    });

    it('tells orders and the end of a turn, and leaves what only reads', () => {
      const order = payload('userPromptSubmit', { prompt: 'Do it.', ...session });
      assert.deepEqual(assistant.normalise(order, {}), { event: 'prompt', actor, cwd: '/p', text: 'Do it.' });
      assert.deepEqual(assistant.normalise(payload('stop', session), {}), { event: 'turn-end', actor, cwd: '/p' });
      const read = { tool_name: 'fs_read', tool_input: { operations: [] } };
      assert.deepEqual(assistant.normalise(payload('preToolUse', read), {}), { event: 'none' });
    });

    it('stands for a session that is not told by the process that calls the hook', () => {
      const text = installed(assistant).text;
      const shell = /export [^"]*/.exec(text)?.[0] ?? '';
      const own = `node -e 'console.log(process.env.COUNTERSIGN_ASSISTANT_PROCESS)'`;
      const said = execFileSync('sh', ['-c', shell.replace('run', own)], { encoding: 'utf8' }).trim();
      assert.equal(said, String(process.pid));
      const event = assistant.normalise(payload('stop', {}), { COUNTERSIGN_ASSISTANT_PROCESS: said });
      assert.ok(event.event === 'turn-end' && event.actor.session === `process-${process.pid}`);
    });

    it('says in one line what a payload lacks', () => {
      for (const [wrong, message] of [
        ['', /no usable content/],
        [{ hook_event_name: 'stop' }, /no usable cwd/],
        [payload('preToolUse', { tool_name: 1 }), /no usable tool_name/],
        [payload('preToolUse', { tool_name: 'fs_write', tool_input: {} }), /names no file/],
        [payload('preToolUse', { tool_name: 'write', tool_input: { path: 'a\0' } }), /NUL/],
      ] as const) {
        assert.throws(
          () => assistant.normalise(wrong, {}),
          (error) => error instanceof PayloadError && message.test(error.message) && !error.message.includes('\n'),
        );
      }
    });

    it('is stopped by exit code 2', () => {
      assert.deepEqual(assistant.answer?.({ decision: 'deny', reason: 'No.' }, {}), { refuses: true, stderr: 'No.' });
    });
  });
}

describe('the hook file of Kiro', () => {
  it('names its tools, and a command for the shell of each system', () => {
    const { file, text } = installed(kiro);
    assert.equal(file, path.join('/h', '.kiro', 'hooks', 'countersign.json'));
    const { version, hooks } = JSON.parse(text);
    assert.equal(version, 'v1');
    assert.deepEqual(
      hooks.map((hook: { trigger: string; matcher?: string }) => [hook.trigger, hook.matcher !== undefined]),
      [
        ['PreToolUse', true],
        ['PostToolUse', true],
        ['UserPromptSubmit', false],
        ['Stop', false],
      ],
    );
    const matcher = new RegExp(hooks[0].matcher);
    assert.ok(matcher.test('fs_write') && matcher.test('shell') && !matcher.test('fs_read'));
    const onWindows = JSON.parse(installed(kiro, { ...command, windows: true }).text);
    assert.equal(onWindows.hooks[0].action.command, 'run & exit 0');
  });
});

describe('the agent of Amazon Q Developer', () => {
  it('is the documented default agent, with hooks', () => {
    const { file, text } = installed(amazonQ);
    assert.equal(file, path.join('/h', '.aws', 'amazonq', 'cli-agents', 'countersign.json'));
    const { hooks, name, description: _, ...agent } = JSON.parse(text);
    assert.equal(name, 'countersign');
    assert.deepEqual(agent, {
      tools: ['*'],
      allowedTools: ['fs_read'],
      resources: ['file://AmazonQ.md', 'file://README.md', 'file://.amazonq/rules/**/*.md'],
      useLegacyMcpJson: true,
    });
    assert.deepEqual(Object.keys(hooks), ['preToolUse', 'postToolUse', 'userPromptSubmit', 'stop']);
    assert.deepEqual(
      hooks.preToolUse.map(({ matcher }: { matcher: string }) => matcher),
      ['fs_write', 'execute_bash'],
    );
  });
});
