import assert from 'node:assert/strict';
import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Launch, readLauncher, refreshLauncher, refusal, shellLauncher } from '../../src/launcher.ts';
import { version } from '../../src/version.ts';
import { HookProbe } from '../support/hookProbe.ts';
import { Project } from '../support/project.ts';
import { assistantWrites, shown } from '../support/reports.ts';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

const names = (calls: readonly string[]): string[] => calls.map((call) => call.split(' ')[0] as string);

describeEverywhere('the launcher starts nothing', { 'a.js': 'base();\n' }, (now) => {
  let probe: HookProbe;
  beforeEach(async () => {
    await now().git('checkout', '-q', '-b', 'side');
    for (const name of ['b', 'c', 'd']) {
      await now().writes({ [`${name}.js`]: `${name}();\n` });
      await now().commit(name, '--no-verify');
    }
    await now().git('checkout', '-q', '-B', 'extra', 'HEAD~3');
    await now().writes({ 'e.js': 'e();\n' });
    await now().commit('e', '--no-verify');
    await now().git('checkout', '-q', '-B', 'other', 'HEAD~1');
    await now().writes({ 'o.js': 'o();\n' });
    await now().commit('o', '--no-verify');
    probe = await HookProbe.set(now().project);
  });

  /** What happens when `side` goes onto `other` with its list of commits edited by `sed`. */
  const rebase = (repository: Scenario, edit: string): Promise<string> =>
    repository.gitWith({ env: { GIT_SEQUENCE_EDITOR: `sed -i.bak -e '${edit}'`, GIT_EDITOR: 'true' } }, ...interactive);
  const interactive = ['rebase', '-q', '-i', 'other', 'side'];

  it('at a commit whose message is there, but for what makes the record', async () => {
    await now().git('commit', '-q', '--allow-empty', '-m', 'm');
    assert.deepEqual(names(await probe.calls()), ['commit-msg', 'post-commit']);
    await now().gitWith({ env: { GIT_EDITOR: 'echo hello >' } }, 'commit', '-q', '--allow-empty');
    assert.deepEqual(names(await probe.calls()), ['prepare-commit-msg', 'commit-msg', 'post-commit']);
  });

  it('but to know a template, and to forget it', async () => {
    await now().writes({ '../template': 'Template\n' });
    const template = path.join(now().top, '../template');
    await now().gitWith({ env: { GIT_EDITOR: 'echo more >>' } }, 'commit', '-q', '--allow-empty', '-t', template);
    assert.deepEqual(names(await probe.calls()), ['prepare-commit-msg', 'commit-msg', 'post-commit']);
    const folder = path.join(now().gitDir, 'countersign');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'template'), '');
    await now().git('commit', '-q', '--allow-empty', '-m', 'm');
    assert.deepEqual(names(await probe.calls()), ['prepare-commit-msg', 'commit-msg', 'post-commit']);
  });

  it('for the clean picks of a rebase, until its end', async () => {
    await now().git('rebase', '-q', 'other', 'side');
    const calls = await probe.calls();
    assert.deepEqual(names(calls), ['post-rewrite', '<', '<', '<']);
  });

  it('and all of what people and programs commit in the course of one is seen', async () => {
    await rebase(now(), '1a break');
    assert.deepEqual(await probe.calls(), []);
    await now().git('commit', '-q', '--allow-empty', '-m', 'At break');
    assert.deepEqual(names(await probe.calls()), ['commit-msg', 'post-commit']);
    await now().git('cherry-pick', 'extra');
    assert.deepEqual(names(await probe.calls()), ['post-commit']);
    await now().git('rebase', '--continue');
    assert.deepEqual(names(await probe.calls()), ['post-rewrite', '<', '<', '<']);
  });

  it('but what "exec" commits, a squash, a reword and an edit is seen', async () => {
    await rebase(now(), '1a exec git commit -q --allow-empty -m exec');
    assert.deepEqual(names(await probe.calls()).slice(0, 2), ['commit-msg', 'post-commit']);
    await now().git('reset', '-q', '--hard', 'ORIG_HEAD');
    await rebase(now(), '2s/^pick/fixup/');
    assert.deepEqual(names(await probe.calls()).slice(0, 2), ['post-commit', 'post-rewrite']);
    await now().git('reset', '-q', '--hard', 'ORIG_HEAD');
    await rebase(now(), '1s/^pick/edit/');
    await now().git('commit', '-q', '--amend', '-m', 'Edited');
    assert.deepEqual(names(await probe.calls()).slice(0, 2), ['commit-msg', 'post-commit']);
  });

  it("but a conflict's resolution is seen", async () => {
    await now().writes({ 'b.js': 'mine();\n' });
    await now().commit('Mine', '--no-verify');
    await probe.calls();
    await now().gitFails('rebase', 'other', 'side');
    await now().writes({ 'b.js': 'both();\n' });
    await now().git('add', '--all', ':/');
    await now().gitWith({ env: { GIT_EDITOR: 'true' } }, 'rebase', '--continue');
    assert.equal(names(await probe.calls()).filter((name) => name === 'post-commit').length, 1);
  });

  it('for the message of a cherry-pick, but for its end', async () => {
    await now().gitWith({ env: { GIT_EDITOR: 'true' } }, 'cherry-pick', '--edit', 'side');
    const calls = names(await probe.calls());
    assert.deepEqual([calls.includes('prepare-commit-msg'), calls.includes('post-commit')], [false, true]);
  });
});

describe('the launcher', () => {
  let project: Project;
  let launcher: string;
  const write = async (launch: Partial<Launch>): Promise<void> => {
    const found = await readLauncher(launcher);
    assert.ok(typeof found === 'object');
    await writeFile(launcher, shellLauncher({ ...found, ...launch }));
  };

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
    launcher = path.join(project.home, '.countersign/bin/countersign');
    await project.countersignOutput('install', '--git');
  });
  afterEach(() => project.dispose());

  const commit = (env: NodeJS.ProcessEnv = {}): Promise<string> =>
    project.gitWith({ env }, 'commit', '-q', '--allow-empty', '-m', 'm');
  const run = (...args: string[]) =>
    project.gitWith({}, '-c', `alias.launch=!${launcher}`, 'launch', ...args).catch((error: Error) => error.message);

  it('lets a commit through however the program ends, but for a no', async () => {
    for (const ending of ['exit 1', 'exit 2', 'exit 127', 'kill -PIPE $$', 'kill -KILL $$', 'kill -INT $$']) {
      const probe = await HookProbe.set(project, ending);
      await commit();
      assert.deepEqual(names(await probe.calls()), ['commit-msg', 'post-commit'], ending);
    }
    await HookProbe.set(project, `[ "$1" = commit-msg ] && exit ${refusal}`);
    await assert.rejects(commit());
    await HookProbe.set(project, `[ "$1" = commit-msg ] || exit ${refusal}`);
    await commit();
  });

  it('starts nothing after a commit for which commit-msg has left nothing to do', async () => {
    const cli = path.join(__dirname, '../../dist/cli.js');
    const probe = await HookProbe.set(project, `exec '${process.execPath}' '${cli}' git-hook "$@"`);
    // The first commit has the pending state looked through, too.
    await commit();
    await probe.calls();
    await assistantWrites(project, { 'b.txt': 'b\n' });
    await project.git('add', '--all');
    await project.git('commit', '-q', '-m', 'Add b');
    assert.deepEqual(names(await probe.calls()), ['commit-msg']);
    assert.deepEqual(await shown(project), ['b.txt:1 ai']);
    await project.git('commit', '-q', '--no-verify', '--amend', '-m', 'Without a trailer');
    assert.deepEqual(names(await probe.calls()), ['post-commit', 'post-rewrite', '<']);
    assert.deepEqual(await shown(project), ['b.txt:1 ai']);
  });

  it('takes the Node on the PATH where its own was taken away', async () => {
    await write({ runtime: '/nowhere/node' });
    assert.match(await run('--version'), /^\d+\.\d+\.\d+/);
  });

  it('is silent in a hook whose program is gone, and says so to a person', async () => {
    await write({ program: '/nowhere/cli.js' });
    for (const args of [
      ['hook', 'claude'],
      ['git-hook', 'commit-msg', 'x'],
    ])
      assert.equal(await run(...args), '');
    assert.match(await run('status'), /\/nowhere\/cli\.js or its runtime is gone: install Countersign again/);
  });

  it('keeps options that were meant for other programs from a hook', async () => {
    await commit({ NODE_OPTIONS: '--require /nowhere/debugger.js' });
    assert.equal(await project.git('status', '--porcelain'), '');
    const { stderr } = await project.countersign(['--version'], { env: { NODE_OPTIONS: '--require /nowhere/d.js' } });
    assert.match(stderr, /Cannot find module/);
  });

  it("says to nobody else that an editor's program is to be Node", async () => {
    const editor = path.join(project.root, 'Code');
    await symlink(process.execPath, editor);
    await write({ runtime: editor });
    const script = 'process.stdout.write(String(process.env.ELECTRON_RUN_AS_NODE))';
    assert.equal(await run('run', '--', process.execPath, '-e', script), 'undefined');
  });

  it('works where the home was moved to, once it is set again', async () => {
    const moved = path.join(project.root, 'new home');
    await rename(project.home, moved);
    const dir = path.join(moved, 'project');
    const env = { HOME: moved };
    await project.gitWith({ cwd: dir, env }, 'commit', '-q', '--allow-empty', '-m', 'Without');
    const before = await project.countersign(['doctor'], { cwd: dir, env });
    assert.match(before.stdout, /^stale +commit-msg: /m);
    assert.equal((await project.countersign(['install', '--git'], { cwd: dir, env })).code, 0);
    assert.equal((await project.countersign(['doctor'], { cwd: dir, env })).code, 0);
  });
});

describe('an update of the extension', () => {
  let project: Project;
  const homeBefore = process.env['HOME'];
  const program = path.join(__dirname, '../../dist/cli.js');

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
    process.env['HOME'] = project.home;
  });
  afterEach(async () => {
    process.env['HOME'] = homeBefore;
    await project.dispose();
  });

  async function found(launch: Launch): Promise<boolean> {
    const file = path.join(project.home, '.countersign/bin/countersign');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, shellLauncher(launch));
    const before = await readFile(file, 'utf8');
    const written = await refreshLauncher(program, process.execPath);
    assert.equal((await readFile(file, 'utf8')) !== before, written);
    return written;
  }
  const launch = { version, program, runtime: process.execPath };

  it('writes no launcher where nobody agreed to one', async () => {
    assert.equal(await refreshLauncher(program), false);
    assert.equal(await readLauncher(), undefined);
  });

  it('takes over from what is older, gone or damaged', async () => {
    assert.equal(await found({ ...launch, version: '0.0.9' }), true);
    assert.equal(await found({ ...launch, program: '/nowhere/cli.js' }), true);
    assert.equal(await found({ ...launch, runtime: '/nowhere/node' }), true);
    await writeFile(path.join(project.home, '.countersign/bin/countersign'), '#!/bin/sh\n');
    assert.equal(await refreshLauncher(program), true);
    assert.deepEqual(await readLauncher(), launch);
  });

  it('leaves what works and is as new, or newer', async () => {
    assert.equal(await found(launch), false);
    assert.equal(await found({ ...launch, program: path.join(__dirname, 'launcher.test.ts') }), false);
    assert.equal(await found({ ...launch, version: '99.0.0' }), false);
  });
});
