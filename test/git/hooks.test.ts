import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Project } from '../support/project.ts';
import { assistantWrites, shown } from '../support/reports.ts';

describe('git hooks', () => {
  let project: Project;
  const hookFile = (name: string): string => path.join(project.dir, '.git/hooks', name);

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
  });
  afterEach(() => project.dispose());

  it('are set, set again without a change, and gone after uninstall', async () => {
    await project.countersignOutput('install', '--git');
    const first = await readFile(hookFile('commit-msg'), 'utf8');
    assert.match(await project.countersignOutput('install', '--git'), /commit-msg unchanged/);
    assert.equal(await readFile(hookFile('commit-msg'), 'utf8'), first);
    await project.countersignOutput('uninstall', '--git');
    await assert.rejects(stat(hookFile('commit-msg')), { code: 'ENOENT' });
    assert.equal(await project.git('config', '--local', '--get-regexp', 'hook', '^$').catch(() => ''), '');
  });

  it('a dry run says what would happen and writes nothing', async () => {
    assert.match(
      await project.countersignOutput('install', '--git', '--agents', 'all', '--dry-run'),
      /would be written/,
    );
    await assert.rejects(stat(hookFile('commit-msg')), { code: 'ENOENT' });
    await assert.rejects(stat(path.join(project.home, '.countersign')), { code: 'ENOENT' });
    await assert.rejects(stat(path.join(project.home, '.claude')), { code: 'ENOENT' });
  });

  it('of others still run and are byte for byte the same afterwards', async () => {
    const foreign = '#!/usr/bin/env bash\r\nset -e\necho ran >> "$(git rev-parse --git-dir)/ran"';
    await writeFile(hookFile('commit-msg'), foreign.replace('\r', ''), { mode: 0o755 });
    await project.countersignOutput('install', '--git');
    await assistantWrites(project, { 'b.txt': 'b\n' });
    await project.git('add', '--all');
    await project.git('commit', '-qm', 'Add b');
    assert.equal(await readFile(path.join(project.dir, '.git/ran'), 'utf8'), 'ran\n');
    assert.deepEqual(await shown(project), ['b.txt:1 ai']);
    await project.countersignOutput('uninstall', '--git');
    assert.equal(await readFile(hookFile('commit-msg'), 'utf8'), foreign.replace('\r', ''));
  });

  it('that are no shell scripts are left alone, with a word on it', async () => {
    const foreign = '#!/usr/bin/env python3\nprint("hello")\n';
    await writeFile(hookFile('commit-msg'), foreign, { mode: 0o755 });
    const { code, stderr } = await project.countersign(['install', '--git']);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^countersign: git commit-msg: .* was left alone: it is no shell script \(#!\/usr\/bin\/env python3\)/,
    );
    assert.equal(await readFile(hookFile('commit-msg'), 'utf8'), foreign);
  });

  it('of a hook manager (core.hooksPath) are left alone, with a word on it', async () => {
    await mkdir(path.join(project.dir, '.husky/_'), { recursive: true });
    await project.git('config', 'core.hooksPath', '.husky/_');
    const { code, stderr } = await project.countersign(['install', '--git']);
    assert.equal(code, 1);
    assert.match(stderr, /^countersign: no git hook was set: core\.hooksPath points to \.husky\/_, .*--work-tree/);
    assert.equal(await project.git('status', '--porcelain'), '');
  });

  it('let a commit through when the program is gone, or broken', async () => {
    await project.countersignOutput('install', '--git');
    const launcher = path.join(project.home, '.countersign/bin/countersign');
    const script = await readFile(launcher, 'utf8');
    await writeFile(launcher, script.replace(/^program=.*$/m, "program='/nowhere/cli.js'"));
    await project.git('commit', '-q', '--allow-empty', '-m', 'Gone');
    await chmod(launcher, 0o600);
    await project.git('commit', '-q', '--allow-empty', '-m', 'Not executable');
    assert.equal(await project.git('rev-list', '--count', 'HEAD'), '3\n');
  });

  it('let a commit through when the pending state cannot be read or written', async () => {
    await project.countersignOutput('install', '--git');
    await assistantWrites(project, { 'b.txt': 'b\n' });
    await project.git('add', '--all');
    await project.git('update-ref', 'refs/countersign/records/blocked', 'HEAD'); // a folder where the ref should be
    await project.git('commit', '-qm', 'Add b');
    assert.equal((await project.git('log', '-1', '--format=%B')).trim(), 'Add b');
  });

  it('work under a home and a path with blanks, quotes and other letters', async () => {
    const odd = path.join(project.home, "it's ünïcode $HOME");
    await mkdir(odd);
    const env = { HOME: odd };
    assert.equal((await project.countersign(['install', '--git', '--agents', 'claude'], { env })).code, 0);
    await assistantWrites(project, { 'dïr/na me"$(x).txt': 'b\n' });
    await project.git('add', '--all');
    await project.gitWith({ env }, 'commit', '-qm', 'Add b');
    assert.deepEqual(await shown(project), ['dïr/na me"$(x).txt:1 ai']);
  });
});
