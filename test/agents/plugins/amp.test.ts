import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { amp } from '../../../src/agents/amp.ts';
import { ampPlugin } from '../../../src/agents/ampPlugin.ts';
import { PayloadError } from '../../../src/agents/assistant.ts';
import { command } from '../../unit/assistants/hookCommand.ts';

type Handler = (event: object, context?: object) => Promise<unknown>;

describe('the plugin for Amp', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'amp-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The plugin's handlers in an Amp of the test's own, and a program that keeps what it is told and says `answer`. */
  async function load(answer = ''): Promise<Readonly<Record<string, Handler>>> {
    const program = path.join(folder, 'program.cjs');
    const out = JSON.stringify(path.join(folder, 'told-'));
    writeFileSync(
      program,
      `const { readFileSync, writeFileSync } = require('node:fs');
       writeFileSync(${out} + process.hrtime.bigint(), readFileSync(0));
       process.stdout.write(${JSON.stringify(answer)});`,
    );
    const module = path.join(folder, 'plugin.mjs');
    writeFileSync(module, ampPlugin({ ...command, argv: [process.execPath, program] }));
    const plugin = (await import(pathToFileURL(module).href)) as { default(amp: object): void };
    const handlers: Record<string, Handler> = {};
    plugin.default({
      on: (event: string, handler: Handler) => {
        handlers[event] = handler;
      },
      system: { workspaceRoot: 'file:///p' },
      helpers: {
        filePathFromURI: (uri: string) => uri.replace('file://', ''),
        shellCommandFromToolCall: ({ input }: { input: { command?: string; cwd?: string } }) =>
          input.command === undefined ? null : { command: input.command, ...(input.cwd && { dir: input.cwd }) },
        filesModifiedByToolCall: ({ input }: { input: { path?: string; content?: string } }) =>
          input.content === undefined ? null : [`file://${input.path}`],
      },
    });
    return handlers;
  }

  function told(): object[] {
    const files = readdirSync(folder).filter((name) => name.startsWith('told-'));
    return files.sort().map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
  }

  const call = { thread: { id: 'T-1' }, toolUseID: 'c1' };

  it('tells edits, commands, orders and the end of a turn, and leaves what only reads', async () => {
    const handlers = await load();
    const edit = { ...call, tool: 'create_file', input: { path: '/p/a', content: 'x\n' } };
    assert.deepEqual(await handlers['tool.call']?.(edit), { action: 'allow' });
    await handlers['tool.result']?.({ ...edit, status: 'done' });
    const run = { ...call, tool: 'Bash', input: { command: 'make', cwd: '/p/sub' } };
    assert.deepEqual(await handlers['tool.call']?.(run), { action: 'allow' });
    assert.deepEqual(await handlers['tool.call']?.({ ...call, tool: 'Read', input: { path: '/p/a' } }), {
      action: 'allow',
    });
    await handlers['agent.start']?.({ thread: call.thread, message: 'Do it.' });
    await handlers['agent.end']?.({ thread: call.thread });
    const actor = { tool: 'amp', session: 'T-1', kind: 'agent_action' };
    const ofCall = { ...actor, call: 'c1' };
    const edits = [{ file: path.resolve('/p/a'), written: { form: 'content', text: 'x\n' } }];
    assert.deepEqual(
      told().map((payload) => amp.normalise(payload, { XDG_DATA_HOME: folder })),
      [
        { event: 'before-edit', actor: ofCall, edits },
        { event: 'after-edit', actor: ofCall, edits },
        { event: 'before-command', actor: ofCall, cwd: '/p/sub', command: 'make' },
        { event: 'prompt', actor, cwd: '/p', text: 'Do it.' },
        { event: 'turn-end', actor, cwd: '/p' },
      ],
    );
  });

  it('stops a call, or asks, only where our program says so', async () => {
    const run = { ...call, tool: 'Bash', input: { command: 'terraform destroy' } };
    const verdict = { reason: 'No.' } as const;
    const stopped = { action: 'reject-and-continue', message: 'No.' };
    const denying = await load(amp.answer?.({ decision: 'deny', ...verdict }, {}).stdout);
    assert.deepEqual(await denying['tool.call']?.(run), stopped);
    const asking = await load(amp.answer?.({ decision: 'ask', ...verdict }, {}).stdout);
    for (const [confirm, expected] of [
      [() => Promise.resolve(true), { action: 'allow' }],
      [() => Promise.resolve(false), stopped],
      [() => Promise.reject(new Error('headless')), stopped],
    ] as const) {
      assert.deepEqual(await asking['tool.call']?.(run, { ui: { confirm } }), expected);
    }
  });

  it('lets no call fail that it does not understand', async () => {
    const handlers = await load();
    for (const event of [{}, { input: null }, { thread: null, input: {} }]) {
      assert.deepEqual(await handlers['tool.call']?.(event), { action: 'allow' });
      for (const name of ['tool.result', 'agent.start', 'agent.end']) await handlers[name]?.(event);
    }
  });
});

describe('Amp', () => {
  const base = { cwd: '/p', thread: 'T-1', call: 'c1' };

  it('tells what an edit replaces and a patch writes, and asks for the difference otherwise', () => {
    const file = path.resolve('/p/a');
    for (const [input, files, edits] of [
      [
        { path: '/p/a', old_str: 'a', new_str: 'b', replace_all: true },
        ['/p/a'],
        [{ file, written: { form: 'replacements', replacements: [{ oldText: 'a', newText: 'b', all: true }] } }],
      ],
      [
        { patchText: '*** Begin Patch\n*** Add File: a\n+x\n*** End Patch\n' },
        ['/p/a'],
        [{ file, written: { form: 'content', text: 'x\n' } }],
      ],
      [{ path: '/p/a' }, ['/p/a'], [{ file }]],
      [{ content: 'x' }, ['/p/a', '/p/b'], [{ file }, { file: path.resolve('/p/b') }]],
    ] as const) {
      const event = amp.normalise({ ...base, event: 'tool.result', input, files, status: 'error' }, {});
      assert.ok(event.event === 'after-edit' && event.failed);
      assert.deepEqual(event.edits, edits);
    }
  });

  it("looks its model up in the thread's own file, and nowhere else", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'amp-'));
    try {
      mkdirSync(path.join(folder, 'amp', 'threads'), { recursive: true });
      const text = '{"messages":[{"usage":{"model":"m-1"}},{"usage":{"model":"m-2","inputTokens":3}}]}';
      writeFileSync(path.join(folder, 'amp', 'threads', 'T-1.json'), text);
      const environment = { XDG_DATA_HOME: folder };
      const models = ['T-1', 'T-2', '../threads/T-1'].map((thread) => {
        const event = amp.normalise({ ...base, thread, event: 'tool.result', command: 'x' }, environment);
        assert.ok(event.event === 'after-command');
        return event.actor.model;
      });
      assert.deepEqual(models, ['m-2', undefined, undefined]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says in one line what a payload lacks', () => {
    for (const [wrong, message] of [
      [null, /no usable content/],
      [{ event: 'tool.call' }, /no usable cwd/],
      [{ ...base, event: 'tool.call', files: ['/p/a', 7] }, /no usable files\.1/],
      [{ ...base, event: 'tool.call', files: ['a\0'] }, /NUL/],
    ] as const) {
      assert.throws(
        () => amp.normalise(wrong, {}),
        (error) => error instanceof PayloadError && message.test(error.message) && !error.message.includes('\n'),
      );
    }
  });
});
