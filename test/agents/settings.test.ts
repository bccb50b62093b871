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
    assert.equal(await readFile(file, 'utf8'), foreign);
  });

  it('are shown before they are written, line by line, with no control character as it is', async () => {
    await writeFile(file, '{\n  "model": "\u202eopus"\n}\n');
    const planned = await project.countersignOutput('install', '--agents', 'claude', '--dry-run');
    assert.ok(planned.startsWith(`Claude Code: ${file} would be written\n  @@ line 1 @@\n   {\n`), planned);
    assert.match(planned, /\n {2}- {2}"model": ".*opus"\n {2}\+ {2}"model": ".*opus",\n {2}\+ {2}"hooks": \{\n/);
    assert.ok(!planned.includes('\u202e'));
    assert.equal(await readFile(file, 'utf8'), '{\n  "model": "\u202eopus"\n}\n');
    await assert.rejects(lstat(path.join(project.home, '.countersign')), { code: 'ENOENT' });
    await install();
    const out = await project.countersignOutput('uninstall', '--agents', 'claude', '--dry-run');
    assert.ok(out.startsWith(`Claude Code: ${file} would be written\n`), out);
    assert.match(await readFile(file, 'utf8'), /countersign/);
  });

  it('are written for all assistants that are here, or for those that are named', async () => {
    const all = await project.countersignOutput('install', '--agents', 'all');
    assert.match(all, /^Claude Code: \S+ written\n$/);
    const named = await project.countersignOutput('install', '--agents', 'codex');
    assert.match(named, /^Codex: \S+hooks\.json written\n {2}Codex runs a new hook only after/);
    const out = await project.countersignOutput('uninstall', '--agents', 'all');
    assert.match(out, /^Claude Code: \S+ removed$/m);
    assert.match(out, /^Codex: \S+ removed$/m);
    assert.equal(await project.countersignOutput('install', '--agents', 'all'), all, 'its folder was there before');
    await project.countersignOutput('uninstall', '--agents', 'all');
    await rm(path.dirname(file), { recursive: true });
    assert.match(await project.countersignOutput('install', '--agents', 'all'), /no assistant was found here/);
  });

  it('of Codex go where its hooks are already, and never into both files', async () => {
    const codex = path.join(project.home, '.codex');
    await mkdir(codex);
    const config = '# mine\n[[hooks.PreToolUse]]\nhooks = [{ type = "command", command = "mine.sh" }]\n';
    await writeFile(path.join(codex, 'config.toml'), config);
    await project.countersignOutput('install', '--agents', 'codex');
    await assert.rejects(lstat(path.join(codex, 'hooks.json')), { code: 'ENOENT' });
    assert.ok((await readFile(path.join(codex, 'config.toml'), 'utf8')).startsWith(config));
    await writeFile(path.join(codex, 'hooks.json'), '{"hooks": {"PreToolUse": [{"hooks": []}]}}');
    assert.match(await project.countersignOutput('install', '--agents', 'codex'), /config\.toml unchanged/);
    await writeFile(path.join(codex, 'hooks.json'), '{');
    await project.countersignOutput('uninstall', '--agents', 'codex');
    assert.equal(await readFile(path.join(codex, 'config.toml'), 'utf8'), config);
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
