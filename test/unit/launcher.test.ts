import assert from 'node:assert/strict';
import {
  commandLauncher,
  commandQuote,
  launcherPath,
  parseLauncher,
  shellLauncher,
  shellLauncherPath,
  shellQuote,
} from '../../src/launcher.ts';

describe('the launcher', () => {
  const odd = { version: '1.2.3', program: "/home/it's ünï $HOME/cli.js", runtime: '/opt/no de/bin/node' };

  it('is read back as it was written, and nothing else is', () => {
    assert.deepEqual(parseLauncher(shellLauncher(odd)), odd);
    assert.equal(parseLauncher(`${shellLauncher(odd)}\n# mine\n`), undefined);
    assert.equal(parseLauncher(shellLauncher(odd).replace('exec ', 'exec nice ')), undefined);
    assert.equal(parseLauncher(''), undefined);
  });

  it('is quoted for sh whatever its path', () => {
    assert.equal(shellQuote("it's $x `y`"), "'it'\\''s $x `y`'");
  });

  it("is called by git's own sh with slashes, and by assistants as a .cmd, on Windows", () => {
    const home = 'C:\\Users\\Jörg Müller';
    assert.equal(launcherPath(home, 'win32'), 'C:\\Users\\Jörg Müller\\.countersign\\bin\\countersign.cmd');
    assert.equal(shellLauncherPath(home, 'win32'), 'C:/Users/Jörg Müller/.countersign/bin/countersign');
    assert.equal(shellLauncherPath('/home/a', 'linux'), launcherPath('/home/a', 'linux'));
  });

  it('keeps names of people out of what cmd.exe reads, and percent signs what they are', () => {
    assert.equal(commandQuote('C:\\Users\\Jörg\\ext\\cli.js', 'c:\\users\\jörg'), '"%USERPROFILE%\\ext\\cli.js"');
    assert.equal(commandQuote('D:\\100%\\node.exe', 'C:\\Users\\Jörg'), '"D:\\100%%\\node.exe"');
    assert.equal(commandQuote('C:\\Users\\Jörgen\\cli.js', 'C:\\Users\\Jörg'), '"C:\\Users\\Jörgen\\cli.js"');
  });

  it("tells an editor's program to be Node, and Node nothing", () => {
    const home = 'C:\\Users\\a';
    const code = commandLauncher({ ...odd, runtime: 'C:\\Code\\Code.exe', program: `${home}\\cli.js` }, home);
    assert.match(code, /^set ELECTRON_RUN_AS_NODE=1\r$/m);
    assert.match(code, /^"C:\\Code\\Code\.exe" "%USERPROFILE%\\cli\.js" %\*\r$/m);
    assert.doesNotMatch(commandLauncher({ ...odd, runtime: 'C:\\nodejs\\node.exe' }, home), /ELECTRON/);
  });
});
