import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commitHooks } from '../../src/git/hooks/events.ts';
import { HookProbe } from '../support/hookProbe.ts';
import { Project } from '../support/project.ts';
import { assistantWrites, shown } from '../support/reports.ts';

const files = ['install', '--git', '--hooks', 'files'];
const config = ['install', '--git', '--hooks', 'config'];

let project: Project;
const hookFile = (name: string): string => path.join(project.dir, '.git/hooks', name);
const inProject = (name: string): string => path.join(project.dir, name);
const foreignHook = (text: string, mode = 0o755, file = hookFile('commit-msg')): Promise<void> =>
  writeFile(file, text, { mode }).then(() => chmod(file, mode));
const commit = (...args: string[]): Promise<string> => project.git('commit', '-q', '--allow-empty', '-m', 'm', ...args);
/** What others' hooks in these tests write. */
const log = async (): Promise<string> => await readFile(path.join(project.root, 'log'), 'utf8').catch(() => '');

beforeEach(async () => {
  project = await Project.create({ 'a.txt': 'a\n' });
});
afterEach(() => project.dispose());

describe('git hooks', () => {
  it('are set, set again without a change, and gone after uninstall', async () => {
    await project.countersignOutput(...files);
    const first = await readFile(hookFile('commit-msg'), 'utf8');
    assert.match(await project.countersignOutput(...files), /commit-msg unchanged/);
    assert.equal(await readFile(hookFile('commit-msg'), 'utf8'), first);
    await project.countersignOutput('uninstall', '--git');
    await assert.rejects(stat(hookFile('commit-msg')), { code: 'ENOENT' });
    const left = await readdir(inProject('.git/hooks'));
    assert.deepEqual(
      left.filter((name) => !name.endsWith('.sample')),
      [],
    );
  });

  it('a dry run shows the very lines, and writes nothing', async () => {
    const planned = await project.countersignOutput(...files, '--agents', 'all', '--dry-run');
    await assert.rejects(stat(hookFile('commit-msg')), { code: 'ENOENT' });
    await assert.rejects(stat(path.join(project.home, '.countersign')), { code: 'ENOENT' });
    await assert.rejects(stat(path.join(project.home, '.claude')), { code: 'ENOENT' });
    await project.countersignOutput(...files);
    for (const hook of commitHooks) {
      const lines = (await readFile(hookFile(hook), 'utf8')).replace(/^(?=.)/gm, '  + ');
      assert.ok(planned.includes(`git ${hook}: ${hookFile(hook)} would be written\n${lines}`), planned);
    }
  });

  it('let a commit through when the program is gone, or broken', async () => {
    await project.countersignOutput('install', '--git');
    const launcher = path.join(project.home, '.countersign/bin/countersign');
    const script = await readFile(launcher, 'utf8');
    await writeFile(launcher, script.replace(/^program=.*$/m, "program='/nowhere/cli.js'"));
    await commit();
    await writeFile(launcher, 'if broken (\n');
    await commit();
    await chmod(launcher, 0o600);
    await commit();
    await rename(path.join(project.home, '.countersign'), path.join(project.home, 'gone'));
    await commit();
    assert.equal(await project.git('rev-list', '--count', 'HEAD'), '5\n');
  });

  it('let a commit through when the pending state cannot be read or written', async () => {
    await project.countersignOutput('install', '--git');
    await assistantWrites(project, { 'b.txt': 'b\n' });
    await project.git('add', '--all');
    await writeFile(path.join(project.dir, '.git/refs/countersign'), ''); // a file where the folder of refs should be
    await project.git('commit', '-qm', 'Add b');
    assert.equal((await project.git('log', '-1', '--format=%B')).trim(), 'Add b');
  });

  it('work under a home and a path with blanks, quotes and other letters', async () => {
    const odd = path.join(project.home, "it's ünïcode $HOME");
    await mkdir(odd);
    const env = { HOME: odd };
    assert.equal((await project.countersign([...files, '--agents', 'claude'], { env })).code, 0);
    await assistantWrites(project, { 'dïr/na me"$(x).txt': 'b\n' });
    await project.git('add', '--all');
    await project.gitWith({ env }, 'commit', '-qm', 'Add b');
    assert.deepEqual(await shown(project), ['dïr/na me"$(x).txt:1 ai']);
  });

  it('ask for records to go along with a push only when told to, and stop with the hooks', async () => {
    await project.countersignOutput(...files);
    await assert.rejects(stat(hookFile('pre-push')), { code: 'ENOENT' });
    await project.countersignOutput(...files, '--sync');
    assert.equal(await project.git('config', '--local', 'countersign.sync'), 'true\n');
    assert.match(await project.countersignOutput(...files), /pre-push: .* unchanged/);
    await project.countersignOutput('uninstall', '--git');
    await assert.rejects(stat(hookFile('pre-push')), { code: 'ENOENT' });
    await assert.rejects(project.git('config', '--local', 'countersign.sync'));
  });

  it('take the style of trailers with them, if it is one', async () => {
    await project.countersignOutput(...files, '--trailers', 'kernel');
    assert.equal(await project.git('config', '--local', 'countersign.trailers'), 'kernel\n');
    const { code, stderr } = await project.countersign([...files, '--trailers', 'fancy']);
    assert.equal(code, 2);
    assert.match(stderr, /--trailers is one of assisted-by, kernel, .*, not "fancy"/);
  });
});

describe("others' git hooks", () => {
  const hooks: Readonly<Record<string, [string, number]>> = {
    'with set -eu, without a final line break': ['#!/usr/bin/env bash\nset -eu\necho "$1" >> "$HOME/../log"', 0o755],
    'with options in the first line': ['#!/bin/sh -eu\necho "$1" >> "$HOME/../log"\n', 0o700],
    'with lines that end as on Windows': ['#!/bin/sh\n# a comment\r\necho "$1" >> "$HOME/../log" #\r\n', 0o775],
    'in another encoding': ['#!/bin/sh\n# \xe4\xff\necho "$1" >> "$HOME/../log"\n', 0o755],
    'without a first line': ['echo "$1" >> "$HOME/../log"\n', 0o755],
  };
  for (const [what, [text, mode]] of Object.entries(hooks)) {
    it(`${what} still run, and are the same afterwards to the byte and the bit`, async () => {
      await foreignHook('', mode);
      await writeFile(hookFile('commit-msg'), text, 'latin1');
      await project.countersignOutput(...files);
      const probe = await HookProbe.set(project);
      await commit();
      assert.equal((await log()).trimEnd(), '.git/COMMIT_EDITMSG');
      assert.ok((await probe.calls()).includes('commit-msg .git/COMMIT_EDITMSG'));
      await project.countersignOutput('uninstall', '--git');
      assert.equal(await readFile(hookFile('commit-msg'), 'latin1'), text);
      assert.equal((await stat(hookFile('commit-msg'))).mode & 0o7777, mode);
    });
  }

  it('still stop a commit', async () => {
    await foreignHook('#!/bin/sh\nexit 3\n');
    await project.countersignOutput(...files);
    await assert.rejects(commit());
    assert.equal(await project.git('rev-list', '--count', 'HEAD'), '1\n');
  });

  for (const shell of ['#!/bin/sh', '#!/bin/sh -e', '#!/usr/bin/env bash']) {
    it(`read the input that ours reads, too (${shell})`, async () => {
      const text = `${shell}\n[ "$#" -gt 0 ]\nwhile read -r line; do echo "> $line" >> "$HOME/../log"; done\n`;
      await foreignHook(text, 0o755, hookFile('post-rewrite'));
      await foreignHook(text, 0o755, hookFile('pre-push'));
      await project.countersignOutput(...files, '--sync');
      const probe = await HookProbe.set(project);
      await commit();
      await project.git('branch', 'side');
      await commit('--amend');
      await project.git('init', '-q', '--bare', '../remote');
      await project.git('remote', 'add', 'origin', '../remote');
      await project.git('push', '-q', 'origin', 'HEAD', 'side');
      const nothing = await project.git('push', '-q', 'origin', 'HEAD');
      assert.equal(nothing, '');
      const foreign = (await log()).trimEnd().split('\n');
      assert.equal(foreign.length, 3, foreign.join('\n'));
      assert.match(foreign[0] as string, /^> [0-9a-f]{40} [0-9a-f]{40}$/);
      assert.match(foreign[2] as string, /^> refs\/heads\/side [0-9a-f]{40} refs\/heads\/side 0{40}$/);
      const own = (await probe.calls()).filter((line) => /^(<|post-rewrite|pre-push)/.test(line));
      assert.deepEqual(own.slice(0, 2), ['post-rewrite amend', foreign[0]?.replace('>', '<')]);
      assert.deepEqual(own.slice(2, 5), [
        'pre-push origin ../remote',
        ...foreign.slice(1).map((l) => l.replace('>', '<')),
      ]);
    });
  }

  it('that are no shell scripts are left alone, with a word on it', async () => {
    const foreign = '#!/usr/bin/env python3\nprint("hello")\n';
    await foreignHook(foreign);
    const { code, stderr, stdout } = await project.countersign(files);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^countersign: git commit-msg: .* was left alone: it is no shell script \(#!\/usr\/bin\/env python3\)/,
    );
    assert.match(stdout, /post-commit written/);
    assert.equal(await readFile(hookFile('commit-msg'), 'utf8'), foreign);
  });

  it('that were switched off stay so', async () => {
    await foreignHook('#!/bin/sh\necho ran >> "$HOME/../log"\n', 0o644);
    const { code, stderr } = await project.countersign(files);
    assert.equal(code, 1);
    assert.match(stderr, /commit-msg was left alone: it is not executable, so git passes over it/);
    await commit();
    assert.equal(await log(), '');
  });

  it('that are kept elsewhere, behind a link, are not written to', async () => {
    const script = '#!/bin/sh\nexit 0\n';
    await project.write({ 'scripts/commit-msg': script });
    await symlink('../../scripts/commit-msg', hookFile('commit-msg'));
    const { stderr } = await project.countersign(files);
    assert.match(stderr, /commit-msg was left alone: it is a link to \.\.\/\.\.\/scripts\/commit-msg/);
    assert.equal(await readFile(inProject('scripts/commit-msg'), 'utf8'), script);
  });
});

describe('core.hooksPath', () => {
  /** What it is set to, and why nothing is written there unasked. */
  const folders: Readonly<Record<string, RegExp>> = {
    '.husky/_': /points to \.husky\/_, where the files are the project's: "--work-tree"/,
    githooks: /points to githooks, where/,
    '~/hooks': /points to .*\/home\/hooks, which is not this repository's alone/,
  };
  for (const [folder, said] of Object.entries(folders)) {
    it(`${folder} is somebody's: nothing is written, and it is said why`, async () => {
      await project.git('config', 'core.hooksPath', folder);
      await project.write({
        'githooks/commit-msg': '#!/bin/sh\n',
        '.husky/_/h': '',
        '../hooks/commit-msg': '#!/bin/sh\n',
      });
      await project.git('add', 'githooks');
      const { code, stdout, stderr } = await project.countersign(files);
      assert.equal(code, 1);
      assert.match(stderr, /^countersign: no git hook was set: core\.hooksPath [^\n]+\n$/);
      assert.match(stderr, said);
      assert.match(stdout, /without hooks the pending change is recorded all the same/);
      assert.equal(await project.git('diff', '--name-only'), '');
      assert.equal(await project.git('config', 'core.hooksPath'), `${folder}\n`);
      assert.equal(await readFile(path.join(project.home, 'hooks/commit-msg'), 'utf8'), '#!/bin/sh\n');
      await assert.rejects(stat(hookFile('commit-msg')), { code: 'ENOENT' });
    });
  }

  it('is written to in the work tree when told to, with lines that hold for everybody', async () => {
    await project.git('config', 'core.hooksPath', inProject('githooks'));
    await project.write({ 'githooks/commit-msg': '#!/bin/sh\necho ran >> "$HOME/../log"\n' });
    await chmod(inProject('githooks/commit-msg'), 0o755);
    await project.git('add', '--all');
    await commit();
    await project.countersignOutput(...files, '--work-tree');
    assert.doesNotMatch(await project.git('diff'), new RegExp(project.home));
    const probe = await HookProbe.set(project);
    await commit();
    assert.ok((await probe.calls()).includes('commit-msg .git/COMMIT_EDITMSG'));
    assert.equal(await log(), 'ran\nran\n');
    await project.countersignOutput('uninstall', '--git');
    assert.equal(await project.git('status', '--porcelain'), '');
  });

  it('that leads into the work tree by a link is in the work tree', async () => {
    await project.write({ 'githooks/readme': 'hooks\n' });
    await rename(inProject('.git/hooks'), inProject('.git/hooks-before'));
    await symlink('../githooks', inProject('.git/hooks'));
    assert.equal((await project.countersign(files)).code, 1);
    assert.deepEqual(await readdir(inProject('githooks')), ['readme']);
  });

  it('in the git folder is written to, and never set', async () => {
    await project.git('config', 'core.hooksPath', inProject('.git/more'));
    await project.countersignOutput(...files);
    assert.ok((await readdir(inProject('.git/more'))).includes('commit-msg'));
    await project.git('config', '--unset', 'core.hooksPath');
    for (const args of [files, config, ['uninstall', '--git']]) {
      await project.countersignOutput(...args);
      await assert.rejects(project.git('config', 'core.hooksPath'));
    }
  });
});
