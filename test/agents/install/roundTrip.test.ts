import assert from 'node:assert/strict';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Assistant } from '../../../src/agents/assistant.ts';
import { assistants } from '../../../src/agents/assistants.ts';
import { callsHook, hookCommand } from '../../../src/agents/install/hookCommand.ts';
import { inspectInstallation, planInstall, planUninstall } from '../../../src/agents/install/plan.ts';
import { Home } from './home.ts';

/** What a person may have had there, by the form of the file. */
const before: Readonly<Record<string, readonly string[]>> = {
  json: [
    '{}\n',
    '{"model":"m"}',
    '{\r\n\t"model": "m", // mine\r\n\t"hooks": {},\r\n}\r\n',
    '\ufeff{\n    /* mine */\n    "hooks": {\n        "PreToolUse": [{ "hooks": [{ "type": "command", "command": "mine.sh" }] }],\n    },\n    "apiKey": "sk-secret"\n}',
  ],
  toml: ['', '# mine\nmodel = "m"\n\n[tui]\ntheme = "dark" # mine', 'a = 1\r\n[[hooks.Other]]\r\nmatcher = "x"\r\n'],
  yaml: ['', '# mine\nmodel: m\n', 'a: 1\r\nb:\r\n  - c # mine'],
};

describe("each assistant's hooks", () => {
  let home: Home;

  beforeEach(async () => {
    home = await Home.create();
  });
  afterEach(() => home.dispose());

  async function install(assistant: Assistant): Promise<void> {
    const plan = await planInstall(assistant, home.user);
    assert.deepEqual(
      plan.changes.flatMap((change) => (change.change === 'refused' ? [change.why] : [])),
      [],
    );
    assert.ok(plan.changes.some(({ change }) => change === 'written'));
    await plan.carryOut();
  }

  async function roundTrip(assistant: Assistant): Promise<void> {
    const found = await home.tree();
    await install(assistant);
    const installed = await home.tree();
    const again = await planInstall(assistant, home.user);
    assert.deepEqual(new Set(again.changes.map(({ change }) => change)), new Set(['unchanged']));
    await again.carryOut();
    assert.deepEqual(await home.tree(), installed, 'installed twice is installed once');
    const { state, reason } = await inspectInstallation(assistant, home.user);
    assert.equal(state, 'current', reason);
    await (await planUninstall(assistant, home.user)).carryOut();
    assert.deepEqual(await home.tree(), found);
    assert.equal((await inspectInstallation(assistant, home.user)).state, 'absent');
  }

  for (const assistant of assistants) {
    const { hooks, title } = assistant;
    if (!hooks) continue;

    it(`${title}: come and go where nothing was`, () => roundTrip(assistant));

    if (hooks.form === 'files') continue;
    const places = [hooks, ...(hooks.alternative ? [hooks.alternative] : [])];
    for (const { form, file } of places) {
      it(`${title}: come into a file and leave it byte for byte as it was (${form})`, async () => {
        const settings = file(home.dir, home.user.environment);
        for (const text of before[form] ?? []) {
          await home.write(settings, text);
          await chmod(settings, 0o640);
          await roundTrip(assistant);
        }
      });
    }

    it(`${title}: leave what a person adds meanwhile`, async () => {
      const settings = hooks.file(home.dir, home.user.environment);
      await mkdir(path.dirname(settings), { recursive: true });
      await install(assistant);
      const comment = hooks.form === 'json' ? '// added' : '# added';
      await home.write(settings, `${await home.read(settings)}${comment}\n`);
      await (await planUninstall(assistant, home.user)).carryOut();
      const left = await home.read(settings);
      assert.ok(left.includes(comment));
      assert.ok(!left.includes('countersign'), left);
    });
  }

  it('hold the command in a form that is known again', () => {
    for (const assistant of assistants.filter((one) => one.hooks)) {
      const command = hookCommand(assistant, home.user);
      const { hooks } = assistant;
      if (hooks?.form === 'files') {
        for (const { text } of hooks.files(home.dir, {}, command)) {
          const head = text.split('\n', 5).join('\n');
          assert.ok(/countersign/i.test(head) || callsHook(text, assistant.id), text.slice(0, 500));
        }
      } else {
        for (const { item } of hooks?.items?.(command) ?? []) {
          assert.ok(callsHook(JSON.stringify(item), assistant.id), JSON.stringify(item));
        }
      }
    }
  });
});
