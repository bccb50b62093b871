import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Assistant } from '../../../src/agents/assistant.ts';
import { callsHook, hookCommand, type User } from '../../../src/agents/install/hookCommand.ts';
import { launcherPath, refusal, shellLauncher, shellLauncherPath } from '../../../src/launcher.ts';
import { runProgram } from '../../support/program.ts';
import { assistantWith } from './fixtures.ts';
import { Home } from './home.ts';

const base = { form: 'files', folder: (home: string) => home, files: () => [] } as const;
const silent = assistantWith(base);
const answering = assistantWith({ ...base, refusalCode: 2 });

/** A home folder whose name is hard to write in any shell. */
const names = [
  'plain',
  'with space',
  "it's ‘quoted’",
  '$HOME `id` $(id)',
  'R&D; x | y > z',
  '100%PATH% ^!',
  'Жанна',
  'a"b\\c',
];

const shells = [
  ['sh', ['-c']],
  ['dash', ['-c']],
  ['bash', ['-c']],
  ['busybox', ['sh', '-c']],
  ['zsh', ['-c']],
  ['ksh', ['-c']],
  ['fish', ['-c']],
] as const;

/** Whether this machine has a program: not every one has every shell. */
function isThere(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.some((folder) => existsSync(path.join(folder, program)));
}

describe('the installed command', () => {
  let home: Home;

  beforeEach(async () => {
    home = await Home.create();
  });
  afterEach(() => home.dispose());

  /** A launcher that starts a program of one line in JavaScript. */
  async function userWith(name: string, program: string): Promise<User> {
    const user = { ...home.user, home: home.file(name) };
    const file = launcherPath(user.home, 'linux');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(home.file('program.js'), program);
    await writeFile(file, shellLauncher({ version: '1', program: home.file('program.js'), runtime: process.execPath }));
    await chmod(file, 0o755);
    return user;
  }

  async function run(shell: string, args: readonly string[], text: string): Promise<string> {
    const { code, stdout, stderr } = await runProgram(shell, [...args, text], {
      cwd: home.dir,
      env: { PATH: process.env['PATH'], HOME: home.dir },
      input: 'payload',
    });
    return `${code} ${stdout}${stderr === '' ? '' : ` (${stderr})`}`;
  }

  const echo =
    'process.stdout.write(process.argv.slice(2).join(" ") + " " + require("node:fs").readFileSync(0, "utf8"))';

  for (const [shell, args] of shells.filter(([program]) => isThere(program))) {
    describe(`in ${shell}`, () => {
      it('reaches the program with its input, whatever the home is called', async () => {
        for (const name of names) {
          const { sh } = hookCommand(silent, await userWith(name, echo));
          assert.equal(await run(shell, args, sh), '0 hook sample payload', name);
        }
      });

      it('ends with 0 and says nothing, however the program ends, and when it is gone', async () => {
        for (const code of [0, 1, 2, refusal, 127]) {
          const { sh } = hookCommand(silent, await userWith('h', `process.exit(${code})`));
          assert.equal(await run(shell, args, sh), '0 ');
        }
        const user = await userWith('h', 'process.kill(process.pid, "SIGKILL")');
        assert.match(await run(shell, args, hookCommand(silent, user).sh), /^0 /);
        await rm(home.file('program.js'));
        assert.equal(await run(shell, args, hookCommand(silent, user).sh), '0 ');
        await rm(launcherPath(user.home, 'linux'));
        assert.equal(await run(shell, args, hookCommand(silent, user).sh), '0 ');
      });

      if (shell === 'fish') return;

      it('lets a meant no through as the code that the assistant takes for it, and no other', async () => {
        for (const [code, expected] of [
          [0, 0],
          [1, 0],
          [2, 0],
          [refusal, 2],
          [refusal + 1, 0],
          [127, 0],
        ] as const) {
          const { sh } = hookCommand(answering, await userWith("it's", `process.exit(${code})`));
          assert.equal(await run(shell, args, sh), `${expected} `);
        }
        const user = await userWith('h', '');
        await rm(launcherPath(user.home, 'linux'));
        assert.equal(await run(shell, args, hookCommand(answering, user).sh), '0 ');
      });
    });
  }

  if (isThere('pwsh')) {
    it('reaches the program from PowerShell, and ends with 0', async () => {
      for (const name of names) {
        const user = await userWith(name, echo);
        const { powershell } = hookCommand(silent, user);
        assert.equal(await run('pwsh', ['-NoProfile', '-Command'], powershell), '0 hook sample payload', name);
      }
      const { powershell } = hookCommand(answering, await userWith('h', `process.exit(${refusal})`));
      assert.equal(await run('pwsh', ['-NoProfile', '-Command'], powershell), '2 ');
    });
  }

  /** The words that PowerShell makes of a text in single quotes, by its rules (about_Quoting_Rules). */
  function powershellWord(quoted: string): string {
    assert.match(quoted, /^'(?:[^'‘’‚‛]|['‘’‚‛]{2})*'$/);
    return quoted.slice(1, -1).replace(/(['‘’‚‛])['‘’‚‛]/g, '$1');
  }

  const windows = (home: string): User => ({ home, environment: {}, platform: 'win32' });

  it('for PowerShell has nothing but single quotes, which it doubles', () => {
    for (const name of names) {
      const user = windows(`C:\\Users\\${name}`);
      const { powershell } = hookCommand(silent, user);
      const [, word = '', rest] = /^& ('.*') hook sample;(.*)$/.exec(powershell) ?? [];
      assert.equal(powershellWord(word), launcherPath(user.home, 'win32'));
      assert.equal(rest, ' exit 0');
    }
    const { powershell } = hookCommand(answering, windows('C:\\Users\\a'));
    assert.ok(powershell.endsWith(` hook sample; if ($LASTEXITCODE -eq ${refusal}) { exit 2 }; exit 0`));
  });

  it('for cmd.exe does not hold the name of the home, which could be read as anything', () => {
    for (const name of names) {
      const { cmd } = hookCommand(silent, windows(`C:\\Users\\${name}`));
      assert.equal(cmd, '"%USERPROFILE%\\.countersign\\bin\\countersign.cmd" hook sample & exit 0');
    }
    assert.equal(
      hookCommand(answering, windows('C:\\Users\\a')).cmd,
      '"%USERPROFILE%\\.countersign\\bin\\countersign.cmd" hook sample' +
        ` & (if errorlevel ${refusal} if not errorlevel ${refusal + 1} exit 2) & exit 0`,
    );
  });

  it('for programs that start it without a shell names one on Windows, where a .cmd needs it', () => {
    const user = windows('C:\\Users\\a b');
    const launcher = 'C:\\Users\\a b\\.countersign\\bin\\countersign.cmd';
    assert.deepEqual(hookCommand(silent, user).argv, ['cmd.exe', '/d', '/c', 'call', launcher, 'hook', 'sample']);
    const { argv } = hookCommand(silent, { ...user, home: '/home/a b', platform: 'linux' });
    assert.deepEqual(argv, ['/home/a b/.countersign/bin/countersign', 'hook', 'sample']);
  });

  it('for the sh of Windows has slashes, and the launcher that sh can run', () => {
    const user = windows('C:\\Users\\O’Neil');
    assert.equal(shellLauncherPath(user.home, 'win32'), 'C:/Users/O’Neil/.countersign/bin/countersign');
    assert.ok(hookCommand(silent, user).sh.startsWith("[ -x 'C:/Users/O’Neil/.countersign/bin/countersign' ] && "));
  });

  it('is known again, in each of its forms and as an older version wrote it', () => {
    const claude: Assistant = { ...silent, id: 'claude' };
    for (const user of [home.user, windows('C:\\Users\\a')]) {
      const { sh, powershell, cmd } = hookCommand(claude, user);
      for (const text of [sh, powershell, cmd]) {
        assert.ok(callsHook(text, 'claude'), text);
        assert.ok(!callsHook(text, 'clau'), text);
      }
    }
    assert.ok(callsHook('/opt/countersign hook claude', 'claude'));
    assert.ok(!callsHook('/opt/countersign hook claude-code', 'claude'));
    assert.ok(!callsHook('/opt/other hook claude', 'claude'));
  });
});
