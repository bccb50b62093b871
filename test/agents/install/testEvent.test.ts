import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { assistants } from '../../../src/agents/assistants.ts';
import { callOf, fireTestEvent } from '../../../src/agents/install/fireTestEvent.ts';
import { hookCommand } from '../../../src/agents/install/hookCommand.ts';
import { planInstall } from '../../../src/agents/install/plan.ts';
import { launcherPath, shellLauncher } from '../../../src/launcher.ts';
import { assistantWith, files, json } from './fixtures.ts';
import { Home } from './home.ts';

const program = path.join(__dirname, '../../../dist/cli.js');

describe('the test event', () => {
  let home: Home;

  beforeEach(async () => {
    home = await Home.create();
    await startsWith(program);
  });
  afterEach(() => home.dispose());

  async function startsWith(file: string): Promise<void> {
    const launcher = launcherPath(home.dir);
    await mkdir(path.dirname(launcher), { recursive: true });
    await writeFile(launcher, shellLauncher({ version: '1', program: file, runtime: process.execPath }), {
      mode: 0o755,
    });
  }

  for (const assistant of assistants.filter(({ hooks }) => hooks)) {
    it(`arrives through ${assistant.title}'s hooks, and leaves no trace`, async () => {
      await (await planInstall(assistant, home.user)).carryOut();
      const found = await home.tree();
      const result = await fireTestEvent(assistant, home.user);
      assert.deepEqual({ ...result, ms: 0 }, { arrived: true, ms: 0 });
      assert.deepEqual(await home.tree(), found);
    });
  }

  it('tells why it was lost', async () => {
    const other = home.file('other.js');
    const lost = async (source: string): Promise<string> => {
      await writeFile(other, source);
      await startsWith(other);
      const result = await fireTestEvent(json, home.user);
      return result.arrived ? 'arrived' : result.why;
    };
    assert.equal(await lost('console.error("Error: no such module")'), 'it says "Error: no such module"');
    assert.equal(await lost('console.log("{}")'), 'it writes to standard output');
    await rm(other);
    await startsWith(other);
    assert.deepEqual(await fireTestEvent(json, home.user), { arrived: false, why: 'the program behind it is gone' });
    assert.deepEqual(await fireTestEvent(files, home.user), {
      arrived: false,
      why: `spawn ${home.file('.sample/scripts/AfterEdit')} ENOENT`,
    });
  });

  it('goes the way of the shell that the settings are for', () => {
    const windows = { home: 'C:\\Users\\a', environment: {}, platform: 'win32' } as const;
    const { sh, powershell, cmd } = hookCommand(json, windows);
    const ways = (['sh', 'powershell', 'cmd'] as const).map((shell) =>
      callOf(
        assistantWith({
          form: 'json',
          folder: (home) => home,
          file: (home) => home,
          items: (command) => [{ list: ['hooks', 'x'], item: { command: command[shell] } }],
        }),
        windows,
      ),
    );
    assert.deepEqual(ways, [
      ['sh', '-c', sh],
      ['powershell.exe', '-NoProfile', '-Command', powershell],
      ['cmd.exe', '/d', '/s', '/c', `"${cmd}"`],
    ]);
  });
});
