import assert from 'node:assert/strict';
import { lstat, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../support/program.ts';
import { Project } from '../support/project.ts';

describe("an assistant's settings", () => {
  let project: Project;
  let file: string;

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
    file = path.join(project.home, '.claude/settings.json');
    await mkdir(path.dirname(file));
  });
  afterEach(() => project.dispose());

  const foreign = `{
    // kept by hand
    "model": "opus",
    "hooks": {
        "PreToolUse": [{ "matcher": "Bash", "hooks": [{ "type": "command", "command": "mine.sh" }] }]
    }
}
`;

  async function install(): Promise<string> {
    await project.countersignOutput('install', '--agents', 'claude');
    return await readFile(file, 'utf8');
  }

  it('are made where there are none, and gone again after uninstall', async () => {
    const { hooks } = JSON.parse(await install());
    const ofTools = ['PreToolUse', 'PostToolUse', 'PostToolUseFailure'];
    assert.deepEqual(Object.keys(hooks).slice(0, 3), ofTools);
    await project.countersignOutput('uninstall', '--agents', 'claude');
    await assert.rejects(lstat(file), { code: 'ENOENT' });
  });

  it('keep comments and the hooks of others, and are as they were after uninstall', async () => {
    await writeFile(file, foreign);
    const installed = await install();
    assert.match(installed, /\/\/ kept by hand/);
    assert.match(installed, /mine\.sh/);
    assert.equal(await install(), installed, 'installed twice is installed once');
    await project.countersignOutput('uninstall', '--agents', 'claude');
    const { hooks } = JSON.parse((await readFile(file, 'utf8')).replace('// kept by hand', ''));
    assert.deepEqual(hooks, { PreToolUse: [{ matcher: 'Bash', hooks: [{ type: 'command', command: 'mine.sh' }] }] });
  });

  it('that cannot be understood are left as they are, with the reason', async () => {
    for (const [wrong, reason] of [
      ['{"hooks": ', /not valid JSON/],
      ['[]', /JSON object/],
      ['{"hooks": []}', /"hooks" is not an object/],
      ['{"hooks": {"PreToolUse": {}}}', /not a list/],
      ['', /empty/],
    ] as const) {
      await writeFile(file, wrong);
      const { code, stderr } = await project.countersign(['install', '--agents', 'claude']);
      assert.equal(code, 1);
      assert.match(stderr, reason);
      assert.equal(await readFile(file, 'utf8'), wrong);
    }
  });

  it('behind a link stay behind the link', async () => {
    const real = path.join(project.home, 'dotfiles.json');
    await writeFile(real, '{}\n');
    await symlink(real, file);
    await install();
    assert.ok((await lstat(file)).isSymbolicLink());
    assert.match(await readFile(real, 'utf8'), /countersign/);
  });

  it('hold a command that ends with 0 and says nothing, also when the program is gone', async () => {
    const { hooks } = JSON.parse(await install());
    const { command } = hooks.PreToolUse[0].hooks[0];
    const launcher = path.join(project.home, '.countersign/bin/countersign');
    const run = async (): Promise<object> => {
      const { code, stdout, stderr } = await runProgram('/bin/sh', ['-c', command], {
        cwd: project.dir,
        env: project.env,
        input: '{}',
      });
      return { code, stdout, said: stderr !== '' };
    };
    assert.deepEqual(await run(), { code: 0, stdout: '', said: true }); // the payload lacks everything
    await writeFile(launcher, (await readFile(launcher, 'utf8')).replace(/^program=.*$/m, "program='/nowhere'"));
    assert.deepEqual(await run(), { code: 0, stdout: '', said: false });
    await rm(launcher);
    assert.deepEqual(await run(), { code: 0, stdout: '', said: false });
  });
});
