import assert from 'node:assert/strict';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseVersion } from '../../src/git/git.ts';
import { type HookManager, husky, lefthook, preCommit, simpleGitHooks } from '../support/hookManagers.ts';
import { HookProbe } from '../support/hookProbe.ts';
import { Project } from '../support/project.ts';

const files = ['install', '--git', '--hooks', 'files'];

describe('beside a hook manager', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
  });
  afterEach(() => project.dispose());

  /** How often the manager's hook and ours run at a commit: `theirs 1, ours 1`. */
  async function atCommit(): Promise<string> {
    const probe = await HookProbe.set(project);
    const log = path.join(project.root, 'log');
    await rm(log, { force: true });
    await project.git('commit', '-q', '--allow-empty', '-m', 'm');
    const theirs = (await readFile(log, 'utf8').catch(() => '')).match(/ran/g) ?? [];
    const ours = (await probe.calls()).filter((call) => call.startsWith('commit-msg '));
    return `theirs ${theirs.length}, ours ${ours.length}`;
  }

  /** How our `commit-msg` stands: `foreign: lefthook made it`. */
  async function state(name = 'commit-msg'): Promise<string> {
    const { stdout } = await project.countersign(['doctor']);
    const line = stdout.split('\n').find((one) => one.includes(` ${name}: `)) ?? '';
    return line.replace(/ +\S+: \S+?(?=:|;|$)/, '').replace(/;.*/, '');
  }

  /** Every file of others, its bytes and its mode. */
  async function everything(): Promise<Record<string, string>> {
    const found: Record<string, string> = { config: await readFile(path.join(project.dir, '.git/config'), 'utf8') };
    for (const folder of ['.git/hooks', '.husky', '.husky/_']) {
      for (const name of await readdir(path.join(project.dir, folder)).catch(() => [])) {
        const file = path.join(project.dir, folder, name);
        const stats = await stat(file);
        if (stats.isFile()) found[`${folder}/${name}`] = `${stats.mode} ${await readFile(file, 'latin1')}`;
      }
    }
    return found;
  }

  const managers: Readonly<Record<string, HookManager>> = { husky, lefthook, preCommit, simpleGitHooks };
  for (const [name, manage] of Object.entries(managers)) {
    it(`${name}: hooks in the configuration touch nothing of it`, async () => {
      await manage(project);
      const before = await everything();
      await project.countersignOutput('install', '--git', '--hooks', 'config');
      const { config, ...rest } = await everything();
      assert.match(config as string, /\[hook "countersign-commit-msg"\]/);
      assert.deepEqual({ ...rest, config: before['config'] }, before);
      const { major, minor } = parseVersion(await project.git('version'));
      const ours = major > 2 || minor >= 54 ? 1 : 0;
      assert.equal(await atCommit(), `theirs ${name === 'husky' ? 0 : 1}, ours ${ours}`);
      await manage(project);
      await project.countersignOutput('uninstall', '--git');
      assert.deepEqual(await everything(), before);
    });
  }

  it('husky: the lines go beside its folder when told to, live through npm install, and come out again', async () => {
    await husky(project);
    await project.write({ '.husky/commit-msg': 'echo ran >> "$HOME/../log"' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Use husky');
    const before = await everything();
    assert.equal((await project.countersign(files)).code, 1);
    assert.deepEqual(await everything(), before);
    assert.match(
      await project.countersignOutput(...files, '--work-tree', '--dry-run'),
      /commit-msg would be written\n {2}\+ # >>> countersign >>>\n {2}\+ countersign="\$HOME\/\.countersign\/bin\/countersign"\n/,
    );
    assert.deepEqual(await everything(), before);

    await project.countersignOutput(...files, '--work-tree');
    assert.equal(await state(), 'current');
    assert.equal(await atCommit(), 'theirs 1, ours 1');
    await husky(project);
    assert.equal(await atCommit(), 'theirs 1, ours 1');
    assert.equal((await project.gitWith({ env: { HUSKY: '0' } }, 'status', '--porcelain', '.husky/_')).trim(), '');
    // Whoever has lines in the project's files needs no others, whatever their git can do.
    assert.match(
      await project.countersignOutput('install', '--git', '--hooks', 'config'),
      /\.husky\/commit-msg unchanged/,
    );
    assert.equal(await atCommit(), 'theirs 1, ours 1');
    await project.countersignOutput('uninstall', '--git');
    assert.deepEqual(await everything(), before);
  });

  it('lefthook: says what to put into its own file, and knows it there', async () => {
    await lefthook(project);
    const before = await everything();
    const { code, stdout, stderr } = await project.countersign(files);
    assert.equal(code, 1);
    assert.match(stderr, /commit-msg was left alone: it is made by lefthook, which makes it anew/);
    assert.match(stdout, /post-commit written/);
    assert.equal(await state(), 'foreign: lefthook made it');
    assert.equal(await state('post-commit'), 'current');
    const [said = '', snippet = ''] = stdout.split(/(?<=put this into lefthook-local\.yml, .*\n)/);
    assert.notEqual(said, stdout);
    assert.match(
      snippet,
      /^commit-msg:\n {2}jobs:\n {4}- name: countersign\n {6}run: test ! -x "\$HOME\/.* git-hook commit-msg \{0\}\n$/,
    );
    await project.write({ 'lefthook-local.yml': snippet });
    assert.equal(await state(), 'current');
    await project.countersignOutput('uninstall', '--git');
    assert.deepEqual(await everything(), before);
  });

  it('pre-commit: our lines are the first in its hook, or in the one that it calls first', async () => {
    await preCommit(project);
    const before = await everything();
    await project.countersignOutput(...files);
    assert.equal(await atCommit(), 'theirs 1, ours 1');
    await preCommit(project);
    assert.equal(await state(), 'foreign: pre-commit made it, perhaps over our lines');
    await project.countersignOutput(...files);
    await project.countersignOutput('uninstall', '--git');
    assert.deepEqual(await everything(), before);

    await rm(path.join(project.dir, '.git/hooks/commit-msg'));
    await project.countersignOutput(...files);
    await preCommit(project);
    assert.equal(await state(), 'current');
    assert.equal(await atCommit(), 'theirs 1, ours 1');
    assert.match(await project.countersignOutput(...files), /commit-msg\.legacy unchanged/);
    await project.countersignOutput('uninstall', '--git');
    assert.deepEqual(await everything(), before);
  });

  it('simple-git-hooks: doctor tells what it took away, and install brings it back', async () => {
    await simpleGitHooks(project);
    const before = await everything();
    await project.countersignOutput(...files);
    assert.equal(await atCommit(), 'theirs 1, ours 1');
    await simpleGitHooks(project);
    assert.equal(await atCommit(), 'theirs 1, ours 0');
    assert.equal(await state(), 'foreign: simple-git-hooks made it, perhaps over our lines');
    assert.match(await state('post-commit'), /^absent: simple-git-hooks removes all that it did not make/);
    await project.countersignOutput(...files);
    assert.equal(await atCommit(), 'theirs 1, ours 1');
    await project.countersignOutput('uninstall', '--git');
    assert.deepEqual(await everything(), before);
  });
});
