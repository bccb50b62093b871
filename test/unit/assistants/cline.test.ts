import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PayloadError } from '../../../src/agents/assistant.ts';
import { cline } from '../../../src/agents/cline.ts';
import type { AssistantEvent } from '../../../src/core/assistantEvent.ts';
import { recorded } from './recorded.ts';

const root = '1767225603000_00002';
const greeting = `export function greet(name: string) {\n  return \`Hello, \${name}\`;\n}\n`;

function events(name: string): [name: string, AssistantEvent][] {
  // Without its number, and `.json`.
  return recorded(name).map((one) => [one.name.slice(3, -5), cline.normalise(one.stdin, {})]);
}

function ofKind<Kind extends AssistantEvent['event']>(
  name: string,
  kind: Kind,
): Extract<AssistantEvent, { event: Kind }>[] {
  return events(name).flatMap(([, event]) =>
    event.event === kind ? [event as Extract<AssistantEvent, { event: Kind }>] : [],
  );
}

/** What the extension sends: parameters are strings, and nothing is told of the call. */
function extension(use: object): object {
  return { taskId: 't-1', hookName: 'PreToolUse', clineVersion: '3.55.0', workspaceRoots: ['/p'], userId: 'u', ...use };
}

describe('Cline', () => {
  it('takes every payload of the recorded sessions', () => {
    for (const name of ['cline', 'cline-gpt']) {
      const known = events(name).map(([recorded, { event }]) => `${recorded} ${event}`);
      assert.deepEqual(
        [...new Set(known)].sort(),
        [
          'PostToolUse-editor after-edit',
          'PostToolUse-read_files none',
          'PostToolUse-run_commands after-command',
          'PostToolUse-spawn_agent none',
          'PreToolUse-editor before-edit',
          'PreToolUse-read_files none',
          'PreToolUse-run_commands before-command',
          'PreToolUse-spawn_agent none',
          'TaskComplete turn-end',
          'TaskStart session-start',
          ...(name === 'cline' ? [] : ['PostToolUse-apply_patch after-edit', 'PreToolUse-apply_patch before-edit']),
        ].sort(),
      );
    }
  });

  it('tells what its editor and its patches write', () => {
    const file = '/home/dev/project/src/greet.ts';
    const replacement = { oldText: '', newText: greeting, all: false };
    assert.deepEqual(ofKind('cline', 'after-edit')[0], {
      event: 'after-edit',
      actor: { tool: 'cline', session: root, kind: 'agent_action', call: 'call_000000000000000000000006' },
      edits: [{ file, written: { form: 'replacements', replacements: [replacement] } }],
    });
    assert.deepEqual(ofKind('cline', 'after-edit')[1]?.edits[0]?.written, {
      form: 'replacements',
      replacements: [{ oldText: '  return a - b;', newText: '  const result = a - b;\n  return result;', all: false }],
    });
    assert.deepEqual(ofKind('cline-gpt', 'after-edit')[0]?.edits, [
      { file, written: { form: 'content', text: greeting } },
    ]);
  });

  it('takes a failed edit for failed though postToolUse says success (quirks 3 and 14)', () => {
    for (const name of ['cline', 'cline-gpt']) {
      assert.deepEqual(
        ofKind(name, 'after-edit').map(({ failed }) => failed ?? false),
        ofKind(name, 'after-edit').map((_, i) => i === 3),
      );
    }
  });

  it('tells its commands joined, and the exit code of a failing one (quirk 4)', () => {
    const commands = ofKind('cline', 'after-command').map(({ command, exitCode }) => [command, exitCode]);
    assert.deepEqual(commands[1], ["echo 'export const verbose = true;' >> src/config.ts; exit 3", 3]);
    assert.deepEqual(
      commands.map(([, code]) => code),
      [0, 3, 0, 0, 0],
    );
    const input = { commands: ['cd a', 'make'] };
    const event = cline.normalise(
      extension({ tool_call: { name: 'run_commands', input }, preToolUse: { toolName: 'run_commands' } }),
      {},
    );
    assert.ok(event.event === 'before-command' && event.command === 'cd a\nmake');
  });

  it('keeps a sub-agent apart by its id behind the session that they share, whatever taskId says', () => {
    const sessions = ofKind('cline', 'after-edit').map(({ actor }) => actor.session);
    assert.deepEqual([...new Set(sessions)], [root, `${root}/agent_1767225646000_000018`]);
  });

  it('needs no TaskStart before the first tool call (quirk 7)', () => {
    const [start, ...others] = recorded('cline');
    const late = [...others.slice(0, 4), start].map((one) => cline.normalise(one?.stdin, {}).event);
    assert.deepEqual(late, ['none', 'none', 'none', 'none', 'session-start']);
  });

  describe('the model', () => {
    const home = process.env['HOME'];
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(path.join(os.tmpdir(), 'cline-'));
      process.env['HOME'] = folder;
    });
    afterEach(() => {
      process.env['HOME'] = home;
      rmSync(folder, { recursive: true });
    });

    function sessionFile(text: string): void {
      const sessions = path.join(folder, '.cline/data/sessions', root);
      mkdirSync(sessions, { recursive: true });
      writeFileSync(path.join(sessions, `${root}.json`), text);
    }

    for (const [what, text, model] of [
      ['is the one of the session file', '{"model":"claude-sonnet-4-5"}', 'claude-sonnet-4-5'],
      ['is none where that says auto', '{"model":"auto"}', undefined],
      ['is none where that is being written', '{"model":"cla', undefined],
      ['is none where that is beyond its bound', `{"model":"m"${' '.repeat(1024 * 1024)}}`, undefined],
    ] as const) {
      it(what, () => {
        sessionFile(text);
        const [edit] = ofKind('cline', 'after-edit');
        assert.ok(edit && edit.actor.model === model);
      });
    }

    it('is not looked for outside the folder of sessions', () => {
      sessionFile('{"model":"m"}');
      const sessionContext = { rootSessionId: `../sessions/${root}` };
      const use = { toolName: 'write_to_file', parameters: { path: 'a', content: 'b' } };
      const event = cline.normalise(extension({ sessionContext, postToolUse: use }), {});
      assert.ok(event.event === 'after-edit' && event.actor.model === undefined);
    });
  });

  describe('in VS Code', () => {
    const model = { provider: 'anthropic', slug: 'claude-opus-4-5' };
    const actor = { tool: 'cline', version: '3.55.0', model: model.slug, session: 't-1', kind: 'agent_action' };

    for (const [toolName, parameters, edits] of [
      ['write_to_file', { path: 'a.ts', content: 'x\n' }, { form: 'content', text: 'x\n' }],
      [
        'replace_in_file',
        { path: 'a.ts', diff: '------- SEARCH\nold\n=======\nnew\nlines\n+++++++ REPLACE\n' },
        { form: 'replacements', replacements: [{ oldText: 'old\n', newText: 'new\nlines\n', all: false }] },
      ],
    ] as const) {
      it(`tells what ${toolName} writes, and the model`, () => {
        const event = cline.normalise(extension({ model, postToolUse: { toolName, parameters, success: true } }), {});
        assert.deepEqual(event, {
          event: 'after-edit',
          actor,
          edits: [{ file: path.resolve('/p/a.ts'), written: edits }],
        });
      });
    }

    it('tells commands, orders and failures', () => {
      const command = extension({
        model,
        preToolUse: { toolName: 'execute_command', parameters: { command: 'make' } },
      });
      assert.deepEqual(cline.normalise(command, {}), { event: 'before-command', actor, cwd: '/p', command: 'make' });
      const order = extension({ model, userPromptSubmit: { prompt: 'Do it.', attachments: [] } });
      assert.deepEqual(cline.normalise(order, {}), { event: 'prompt', actor, cwd: '/p', text: 'Do it.' });
      const parameters = { path: 'a', content: '' };
      const failed = extension({ postToolUse: { toolName: 'write_to_file', parameters, success: false } });
      const event = cline.normalise(failed, {});
      assert.ok(event.event === 'after-edit' && event.failed);
    });
  });

  it('says in one line what a payload lacks', () => {
    for (const [payload, message] of [
      [null, /no usable content/],
      [{ taskId: 't' }, /no usable workspaceRoots/],
      [extension({ preToolUse: { toolName: 5, parameters: {} } }), /no usable preToolUse\.toolName/],
      [extension({ preToolUse: { toolName: 'write_to_file', parameters: { content: '' } } }), /names no file/],
      [extension({ preToolUse: { toolName: 'write_to_file', parameters: null } }), /names no file/],
      [extension({ preToolUse: { toolName: 'editor', parameters: { path: 'a\0b', new_text: '' } } }), /NUL/],
    ] as const) {
      assert.throws(
        () => cline.normalise(payload, {}),
        (error) => error instanceof PayloadError && message.test(error.message) && !error.message.includes('\n'),
      );
    }
  });

  it('is installed as scripts in the one folder that both front ends read', () => {
    assert.ok(cline.hooks?.form === 'files');
    const command = { sh: 'true; exit 0', powershell: '& true; exit 0', cmd: '', argv: ['x'], windows: false } as const;
    const files = cline.hooks.files('/h', {}, command);
    assert.deepEqual(
      files.map(({ file }) => path.basename(file)),
      ['PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'TaskStart', 'TaskComplete', 'TaskCancel'],
    );
    for (const { file, text, executable } of files) {
      assert.equal(path.dirname(file), path.join('/h', 'Documents', 'Cline', 'Hooks'));
      assert.match(text, /^#!\/bin\/sh\n# Countersign's: .*\ntrue; exit 0\n$/);
      assert.equal(executable, true);
    }
    const [onWindows] = cline.hooks.files('/h', {}, { ...command, windows: true });
    assert.equal(path.basename(onWindows?.file ?? ''), 'PreToolUse.ps1');
    assert.match(onWindows?.text ?? '', /^# Countersign's: .*\n.*UTF8.*\n.* \| & true; exit 0\n$/);
  });

  it('is stopped by an answer that ends the task', () => {
    const answer = cline.answer?.({ decision: 'deny', reason: 'No.' }, {});
    assert.deepEqual(JSON.parse(answer?.stdout ?? ''), { cancel: true, errorMessage: 'No.' });
  });
});
