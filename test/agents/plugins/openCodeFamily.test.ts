import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Assistant, type HookCommand, PayloadError } from '../../../src/agents/assistant.ts';
import { kilo } from '../../../src/agents/kilo.ts';
import { opencode } from '../../../src/agents/opencode.ts';
import type { AssistantEvent } from '../../../src/core/assistantEvent.ts';
import { payloadOf, recorded } from '../../unit/assistants/recorded.ts';

type Hook = (input: unknown, output: unknown) => Promise<void>;
type Hooks = Readonly<Record<string, Hook>>;

/** A call of a plugin's hook, as it was recorded. */
interface Call {
  readonly hook: string;
  readonly input: unknown;
  readonly output?: unknown;
}

function calls(session: string): Call[] {
  return recorded(session).map(({ stdin }) => stdin as Call);
}

/** The session that the recorded ones begin with. */
const parent = 'ses_00000000000000000000000002';

describe('the plugin for OpenCode and Kilo', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'plugin-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A program that keeps what it is given, one file a call, and says `answer`. */
  function launcher(answer = ''): HookCommand['argv'] {
    const file = path.join(folder, 'launcher.cjs');
    const out = JSON.stringify(path.join(folder, 'told-'));
    writeFileSync(
      file,
      `const { readFileSync, writeFileSync } = require('node:fs');
       writeFileSync(${out} + process.hrtime.bigint(), readFileSync(0));
       process.stdout.write(${JSON.stringify(answer)});`,
    );
    return [process.execPath, file, 'hook'];
  }

  function told(): unknown[] {
    const files = readdirSync(folder).filter((name) => name.startsWith('told-'));
    return files.sort().map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
  }

  function write(assistant: Assistant, argv: HookCommand['argv']): string {
    assert.ok(assistant.hooks?.form === 'files');
    const command = { sh: '', powershell: '', cmd: '', argv, windows: false };
    const [file, ...more] = assistant.hooks.files(folder, {}, command);
    assert.ok(file && more.length === 0);
    assert.equal(file.file, path.join(folder, `.config/${assistant.id}/plugins/countersign.js`));
    assert.match(file.text, /^\/\/ Countersign's: /);
    const module = path.join(folder, 'plugin.mjs');
    writeFileSync(module, file.text);
    return module;
  }

  async function load(assistant: Assistant, argv: HookCommand['argv']): Promise<Hooks> {
    const exported = (await import(pathToFileURL(write(assistant, argv)).href)) as Record<string, unknown>;
    // The program takes every export for a plugin.
    assert.deepEqual(Object.keys(exported), ['Countersign']);
    return await (exported['Countersign'] as (context: object) => Promise<Hooks>)({ directory: '/home/dev/project' });
  }

  async function call(hooks: Hooks, { hook, input, output }: Call): Promise<void> {
    await hooks[hook]?.(input, output);
  }

  it('is a module that Node takes', () => {
    execFileSync(process.execPath, ['--check', write(opencode, launcher())]);
  });

  for (const [assistant, name] of [
    [opencode, 'opencode'],
    [kilo, 'kilo-gpt'],
  ] as const) {
    it(`tells what happened in the recorded session of ${name}, with model, version and parent`, async () => {
      const hooks = await load(assistant, launcher());
      const session = calls(name);
      for (const one of session) await call(hooks, one);
      const events = told().map((payload) => assistant.normalise(payload, {}));
      const expected = session.map((one) => assistant.normalise(one, {}));
      // The same as the bare arguments tell, of what concerns files, and of nothing else.
      assert.deepEqual(
        events.map(({ event }) => event),
        expected.map(({ event }) => event).filter((event) => event !== 'none'),
      );
      const actors = events.flatMap((event) => ('actor' in event ? [event.actor] : []));
      const [version, model] = [name.startsWith('kilo') ? '7.7.7' : '1.18.33', modelOf(name)];
      for (const actor of actors) {
        assert.equal(actor.tool, assistant.id);
        assert.equal(actor.version, version);
      }
      assert.deepEqual([...new Set(actors.slice(1).map((actor) => actor.model))], [model, undefined]);
      const sessions = new Set(actors.map((actor) => actor.session));
      assert.equal(sessions.size, 2);
      for (const one of sessions) assert.match(one, new RegExp(`^${parent}($|/ses_\\d+$)`));
    });
  }

  it("hands the parent's session and the call to the shell of a tool's command, not to a person's own", async () => {
    const hooks = await load(kilo, launcher());
    const info = { id: 'child', parentID: parent, version: '7.7.7' };
    const created = { type: 'session.created', properties: { sessionID: 'child', info } };
    await hooks['event']?.({ event: created }, undefined);
    const env: Record<string, string> = {};
    const ofCall = { sessionID: 'child', callID: 'c1' };
    await hooks['shell.env']?.({ cwd: '/', ...ofCall }, { env });
    await hooks['shell.env']?.({ cwd: '/' }, { env });
    assert.deepEqual(env, {});
    await hooks['tool.execute.before']?.({ tool: 'bash', ...ofCall }, { args: { command: 'git commit' } });
    await hooks['shell.env']?.({ cwd: '/', ...ofCall }, { env });
    assert.deepEqual(env, { COUNTERSIGN_SESSION: `kilo:${parent}`, COUNTERSIGN_CALL: 'c1' });
    assert.deepEqual(kilo.committer?.(env), { session: parent, call: 'c1' });
    assert.equal(opencode.committer?.(env), undefined);
  });

  it('stops a call only where our program says so', async () => {
    const before = { tool: 'bash', sessionID: parent, callID: 'c1' };
    const args = { args: { command: 'terraform destroy' } };
    const answer = opencode.answer?.({ decision: 'deny', reason: 'No.' }, {});
    const denied = await load(opencode, launcher(answer?.stdout));
    await assert.rejects(async () => denied['tool.execute.before']?.(before, args), /^Error: No\.$/);
    const ask = opencode.answer?.({ decision: 'ask', reason: 'No.' }, {})?.stdout ?? '';
    assert.match(ask, /let the person run it/);
  });

  it('lets no call fail that it does not understand', async () => {
    const hooks = await load(opencode, launcher());
    const odd = [undefined, null, {}, { event: {} }, { tool: 'write' }, { event: { type: 'session.created' } }];
    for (const hook of Object.values(hooks)) {
      for (const input of odd) for (const output of odd) await hook(input, output);
    }
    assert.ok(told().length > 0);
  });

  it('waits 2 s for our program, and no longer', async () => {
    const file = path.join(folder, 'slow.cjs');
    writeFileSync(file, 'setTimeout(() => {}, 20_000)');
    const hooks = await load(opencode, [process.execPath, file]);
    const write = payloadOf('opencode', 'tool.execute.after-write').stdin as Call;
    const start = performance.now();
    await call(hooks, write);
    const waited = performance.now() - start;
    assert.ok(waited >= 1990 && waited < 10_000, `${waited} ms`);
  });

  for (const [what, argv] of [
    ['is gone', ['/nowhere/countersign', 'hook', 'opencode']],
    ['says what is no answer', undefined],
  ] as const) {
    it(`lets everything happen where our program ${what}`, async () => {
      const hooks = await load(opencode, argv ?? launcher('null and void'));
      for (const one of calls('opencode').slice(0, 12)) await call(hooks, one);
      assert.equal(told().length > 0, argv === undefined);
    });
  }
});

function modelOf(name: string): string {
  return name.endsWith('-gpt') ? 'gpt-5.5' : 'claude-sonnet-4-5';
}

describe('OpenCode and Kilo', () => {
  function events(name: string, assistant: Assistant): AssistantEvent[] {
    return calls(name).map((one) => assistant.normalise(one, {}));
  }

  it('tell what an edit and a patch write, before and after', () => {
    const written = events('opencode', opencode).flatMap((event) =>
      event.event === 'before-edit' || event.event === 'after-edit'
        ? event.edits.map(({ file, written }) => [event.event, file, written?.form])
        : [],
    );
    assert.deepEqual(written.slice(0, 4), [
      ['before-edit', '/home/dev/project/src/greet.ts', 'content'],
      ['after-edit', '/home/dev/project/src/greet.ts', 'content'],
      ['before-edit', '/home/dev/project/src/math.ts', 'replacements'],
      ['after-edit', '/home/dev/project/src/math.ts', 'replacements'],
    ]);
    const patches = events('opencode-gpt', opencode).flatMap((event) =>
      event.event === 'after-edit' ? [event.edits.map(({ written }) => written?.form)] : [],
    );
    assert.deepEqual(patches[0], ['content']);
    assert.ok(patches.some((forms) => forms.join() === 'patch,patch'));
  });

  it('tell commands with their exit codes, also of a failing one (quirk 4)', () => {
    const codes = events('opencode', opencode).flatMap((event) =>
      event.event === 'after-command' ? [event.exitCode] : [],
    );
    assert.deepEqual(codes, [0, 3, 0, 0, 0]);
  });

  it('tell nothing after an edit that does not apply (quirk 3), and before, before, after, after of two (quirk 6)', () => {
    const order = events('opencode', opencode).map(({ event }) => event);
    const edits = order.filter((event) => event.endsWith('-edit'));
    assert.equal(edits.filter((event) => event === 'before-edit').length, 7);
    assert.equal(edits.filter((event) => event === 'after-edit').length, 6);
    assert.match(edits.join(), /before-edit,before-edit,after-edit,after-edit/);
  });

  it('count what Kilo starts in the background as a command (quirk 5), but not its end or its list', () => {
    const args = { action: 'start', command: 'sleep 2; echo x >> a' };
    const input = { tool: 'background_process', sessionID: 's', callID: 'c' };
    const payload = { hook: 'tool.execute.before', directory: '/p', input, output: { args } };
    const actor = { tool: 'kilo', session: 's', kind: 'agent_action', call: 'c' };
    const { command } = args;
    assert.deepEqual(kilo.normalise(payload, {}), { event: 'before-command', actor, cwd: '/p', command });
    const list = { ...payload, output: { args: { action: 'list' } } };
    assert.deepEqual(kilo.normalise(list, {}), { event: 'none' });
  });

  it('run a command where its arguments say', () => {
    const input = { tool: 'bash', sessionID: 's', callID: 'c', args: { command: 'ls', workdir: 'sub' } };
    const event = opencode.normalise({ hook: 'tool.execute.after', directory: '/p', input }, {});
    assert.ok(event.event === 'after-command' && event.cwd === path.resolve('/p/sub'));
  });

  it('say in one line what a payload lacks', () => {
    const base = { hook: 'tool.execute.before', directory: '/p' };
    for (const [payload, message] of [
      [null, /no usable content/],
      [{ ...base, input: 1 }, /no usable input/],
      [{ ...base, input: { tool: ['write'] } }, /no usable input\.tool/],
      [{ ...base, input: { tool: 'write' }, output: { args: { filePath: 7 } } }, /names no file/],
      [{ ...base, input: { tool: 'write' }, output: { args: { filePath: 'a\0', content: '' } } }, /NUL/],
    ] as const) {
      assert.throws(
        () => opencode.normalise(payload, {}),
        (error) => error instanceof PayloadError && message.test(error.message) && !error.message.includes('\n'),
      );
    }
  });

  it('keep their settings where the person keeps such', () => {
    assert.equal(opencode.hooks?.folder('/h', { XDG_CONFIG_HOME: '/x' }), path.join('/x', 'opencode'));
    assert.equal(kilo.hooks?.folder('/h', { XDG_CONFIG_HOME: '' }), path.join('/h', '.config', 'kilo'));
  });
});
