import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseVersion } from '../../src/git/git.ts';
import { commitHooks } from '../../src/git/hooks/events.ts';
import { HookProbe } from '../support/hookProbe.ts';
import { Project } from '../support/project.ts';

const config = ['install', '--git', '--hooks', 'config'];

describe("git hooks in the repository's configuration", () => {
  let project: Project;
  let runs: boolean;
  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
    const { major, minor } = parseVersion(await project.git('version'));
    runs = major > 2 || minor >= 54;
  });
  afterEach(() => project.dispose());

  const configFile = (): Promise<string> => readFile(path.join(project.dir, '.git/config'), 'utf8');
  const hookFiles = async (): Promise<string[]> =>
    (await readdir(path.join(project.dir, '.git/hooks'))).filter((name) => !name.endsWith('.sample'));
  const states = async (): Promise<string[]> => {
    const { stdout } = await project.countersign(['doctor', '--json']);
    const { hooks } = JSON.parse(stdout) as { hooks: { hook: string; state: string; reason?: string }[] };
    return hooks.map(({ hook, state, reason }) => `${hook} ${state}${reason === undefined ? '' : `: ${reason}`}`);
  };

  it('have a section each, the command before the event, and leave no byte behind', async () => {
    const before = await configFile();
    const said = await project.countersignOutput(...config);
    const launcher = path.join(project.home, '.countersign/bin/countersign');
    const sections = commitHooks.map((hook) => {
      const rest = hook === 'commit-msg' ? '[ $? -ne 1 ]' : ':';
      const command = `f() { set -- '${launcher}' git-hook ${hook} \\"$@\\"; [ ! -x \\"$1\\" ] || \\"$@\\" || ${rest}; }; f`;
      return `[hook "countersign-${hook}"]\n\tcommand = "${command}"\n\tevent = ${hook}\n`;
    });
    assert.equal(await configFile(), before + sections.join(''));
    assert.match(said, runs ? /runs hooks from its configuration/ : /passes over hooks in its configuration/);
    assert.match(await project.countersignOutput(...config), /hook\.countersign-commit-msg unchanged/);
    assert.deepEqual(await hookFiles(), []);
    await project.countersignOutput('uninstall', '--git');
    assert.equal(await configFile(), before);
  });

  it('are what a dry run shows', async () => {
    const before = await configFile();
    const shown = (await project.countersignOutput(...config, '--dry-run')).match(/(?<=^ {2}\+ ).*$/gm) ?? [];
    assert.equal(await configFile(), before);
    await project.countersignOutput(...config);
    assert.equal(await configFile(), `${before}${shown.join('\n')}\n`);
  });

  it('are chosen where git runs them, and files where it does not', async () => {
    await project.countersignOutput('install', '--git');
    assert.equal((await hookFiles()).length, runs ? 0 : commitHooks.length);
    assert.ok((await states()).every((state) => state.endsWith(' current')));
  });

  it('take the place of files, and files theirs, so that nothing is called twice', async () => {
    const before = await configFile();
    await project.countersignOutput(...config);
    await project.countersignOutput('install', '--git', '--hooks', 'files');
    assert.equal(await configFile(), before);
    assert.equal((await hookFiles()).length, commitHooks.length);
    await project.countersignOutput(...config);
    assert.deepEqual(await hookFiles(), []);
  });

  it('call us as git runs them: with the arguments behind, and the input in front', async () => {
    await project.countersignOutput(...config, '--sync');
    const probe = await HookProbe.set(project);
    for (const [hook, ...args] of [
      ['commit-msg', '.git/MSG'],
      ['post-commit'],
      ['pre-push', 'origin', '../a b'],
    ] as const) {
      const command = (await project.git('config', `hook.countersign-${hook}.command`)).trim();
      // As git itself starts a command with characters for the shell.
      const run = await project.countersign(['run', '--', 'sh', '-c', `${command} "$@"`, command, ...args], {
        input: 'in\n',
      });
      assert.equal(run.code, 0, run.stderr);
      const input = hook === 'pre-push' ? ['< in'] : [];
      assert.deepEqual(await probe.calls(), [[hook, ...args].join(' '), ...input]);
    }
  });

  it('run at a commit before those in files where git runs them, else not at all', async () => {
    const file = path.join(project.dir, '.git/hooks/post-rewrite');
    await writeFile(file, '#!/bin/sh\necho file >> "$HOME/../probe.log"\nsed "s/^/< /" >> "$HOME/../probe.log"\n', {
      mode: 0o755,
    });
    await project.countersignOutput(...config);
    const probe = await HookProbe.set(project);
    await project.git('commit', '-q', '--allow-empty', '--amend', '-m', 'm');
    const calls = (await probe.calls()).map((call) => call.split(' ')[0]);
    const own = runs ? ['commit-msg', 'post-commit', 'post-rewrite', '<'] : [];
    assert.deepEqual(calls, [...own, 'file', '<']);
  });

  it('are whole after an install that was cut short', async () => {
    await project.git('config', 'hook.countersign-commit-msg.command', 'old');
    await project.countersignOutput(...config);
    assert.equal(await project.git('config', '--get-all', 'hook.countersign-commit-msg.event'), 'commit-msg\n');
    assert.match(await project.git('config', '--get-all', 'hook.countersign-commit-msg.command'), /^f\(\)/);
    await project.git('config', '--unset', 'hook.countersign-commit-msg.command');
    await project.git('config', '--add', 'hook.countersign-commit-msg.event', 'post-commit');
    await project.git('config', 'hook.countersign-commit-msg.enabled', 'false');
    await project.countersignOutput(...config);
    assert.equal(await project.git('config', '--get-all', 'hook.countersign-commit-msg.event'), 'commit-msg\n');
    await assert.rejects(project.git('config', 'hook.countersign-commit-msg.enabled'));
  });

  it('are told by doctor, as this git sees them', async () => {
    await project.countersignOutput(...config);
    const state = async (): Promise<string | undefined> =>
      (await states()).find((line) => line.startsWith('commit-msg '))?.slice('commit-msg '.length);
    const version = parseVersion(await project.git('version')).text;
    const seen = (words: string): string =>
      runs ? words : `absent: git ${version} passes over hooks in its configuration`;
    assert.equal(await state(), seen('current'));
    await project.git('config', 'hook.countersign-commit-msg.command', 'other');
    assert.equal(await state(), seen('stale: another version, or another user, set it'));
    await project.git('config', 'hook.countersign-commit-msg.enabled', 'no');
    assert.equal(await state(), seen('absent: hook.countersign-commit-msg.enabled switches it off'));
    await project.git('config', '--unset', 'hook.countersign-commit-msg.command');
    assert.equal(await state(), seen('damaged: it has no command, and git fails there'));
  });

  it('are those of every worktree, also where worktrees have settings of their own', async () => {
    await project.git('config', 'extensions.worktreeConfig', 'true');
    const linked = path.join(project.home, 'linked');
    await project.git('worktree', 'add', '-q', linked);
    assert.equal((await project.countersign(config, { cwd: linked })).code, 0);
    assert.match(await configFile(), /^\[hook "countersign-commit-msg"\]$/m);
    assert.equal((await project.countersign(['uninstall', '--git'], { cwd: project.dir })).code, 0);
    assert.doesNotMatch(await configFile(), /countersign/);
  });
});
