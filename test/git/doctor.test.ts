import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commitHooks } from '../../src/git/hooks/events.ts';
import { shellLauncher } from '../../src/launcher.ts';
import { version } from '../../src/version.ts';
import { Project } from '../support/project.ts';

interface Answer {
  readonly schema: string;
  readonly ok: boolean;
  readonly hooks: readonly { hook: string; state: string; where: string; reason?: string; mend?: string }[];
  readonly checks: readonly { check: string; state: string; detail: string; mend?: string }[];
}

describe('countersign doctor', () => {
  let project: Project;
  const hookFile = (name: string): string => path.join(project.dir, '.git/hooks', name);
  const change = async (file: string, edit: (text: string) => string): Promise<void> => {
    const before = await readFile(file, 'utf8');
    assert.notEqual(edit(before), before);
    await writeFile(file, edit(before));
  };

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
    await project.countersignOutput('install', '--git', '--hooks', 'files');
  });
  afterEach(() => project.dispose());

  async function ask(): Promise<Answer> {
    const { code, stdout } = await project.countersign(['doctor', '--json']);
    const answer = JSON.parse(stdout) as Answer;
    assert.equal(answer.schema, 'countersign/doctor/1');
    assert.equal(code, answer.ok ? 0 : 1);
    return answer;
  }

  /** How a hook stands; what is not as it should be has words for it. */
  async function hook(name = 'commit-msg'): Promise<string> {
    const { ok, hooks } = await ask();
    const found = hooks.find((one) => one.hook === name);
    assert.ok(found);
    assert.equal(found.mend !== undefined, found.state !== 'current');
    if (found.state !== 'current') assert.equal(ok, false);
    return `${found.state}${found.reason === undefined ? '' : `: ${found.reason}`}`;
  }

  async function check(name: string): Promise<string> {
    const found = (await ask()).checks.find((one) => one.check === name);
    assert.ok(found);
    return `${found.state}: ${found.detail}`;
  }

  /** Mends it as it was told to. */
  async function isMended(): Promise<void> {
    await project.countersignOutput('install', '--git', '--hooks', 'files');
    assert.equal((await ask()).ok, true);
  }

  it('finds all well after an install, a line for each thing', async () => {
    const { ok, hooks, checks } = await ask();
    assert.equal(ok, true);
    assert.deepEqual(
      hooks.map(({ hook: name, state }) => `${name} ${state}`),
      commitHooks.map((name) => `${name} current`),
    );
    assert.deepEqual(
      checks.map(({ check: name, state }) => `${name} ${state}`),
      ['git ok', 'launcher ok', 'pending state ok', 'records ok'],
    );
    const lines = (await project.countersignOutput('doctor')).trimEnd().split('\n');
    assert.equal(lines.length, hooks.length + checks.length);
    assert.ok(lines.includes('current  commit-msg: .git/hooks/commit-msg'), lines.join('\n'));
  });

  it('tells hooks that are absent', async () => {
    await rm(hookFile('commit-msg'));
    assert.equal(await hook(), 'absent');
    assert.equal(await hook('post-commit'), 'current');
    await isMended();
    await project.countersignOutput('uninstall', '--git');
    assert.ok((await ask()).hooks.every(({ state }) => state === 'absent'));
  });

  it("tells a hook that is somebody else's", async () => {
    await writeFile(hookFile('commit-msg'), '#!/bin/sh\n# countersign git-hook commit-msg "$@"\nexit 0\n');
    assert.equal(await hook(), 'foreign: it does not call us');
    await isMended();
  });

  it('tells a hook that another version set, or for another launcher', async () => {
    await change(hookFile('commit-msg'), (text) =>
      text.replace(/^countersign=.*$/m, "countersign='/old home/countersign'"),
    );
    assert.equal(await hook(), 'stale: another version, or another user, set it');
    await isMended();
    const first =
      "#!/bin/sh\n# >>> countersign >>>\nif [ -x '/l' ]; then '/l' git-hook commit-msg \"$@\" || exit $?; fi\n# <<< countersign <<<\n";
    await writeFile(hookFile('commit-msg'), first);
    assert.match(await hook(), /^stale/);
    await isMended();
  });

  it('tells a hook that git passes over', async () => {
    await chmod(hookFile('commit-msg'), 0o644);
    assert.equal(await hook(), 'damaged: it is not executable');
    await isMended();
    await change(hookFile('commit-msg'), (text) => text.replace('#!/bin/sh', '#!/usr/bin/python3'));
    assert.equal(await hook(), 'damaged: its first line names no shell');
  });

  it('tells lines that were cut in two', async () => {
    await change(hookFile('commit-msg'), (text) => text.replace('# <<< countersign <<<\n', ''));
    assert.equal(await hook(), 'damaged: our lines in it were changed');
    const { code, stderr } = await project.countersign(['install', '--git', '--hooks', 'files']);
    assert.equal(code, 1);
    assert.match(stderr, /commit-msg was left alone: it has lines of countersign that were changed: take them out/);
  });

  it('takes a call that a person wrote for one', async () => {
    await writeFile(
      hookFile('commit-msg'),
      '#!/usr/bin/env python3\nimport os\nos.system("countersign git-hook commit-msg")\n',
    );
    assert.equal(await hook(), 'current: called by hand');
  });

  it('tells of the launcher', async () => {
    const launcher = path.join(project.home, '.countersign/bin/countersign');
    const launch = { version, program: path.join(__dirname, '../../dist/cli.js'), runtime: process.execPath };
    for (const [text, said] of [
      [shellLauncher({ ...launch, version: '0.0.1' }), `it starts version 0.0.1, and this is ${version}`],
      [
        shellLauncher({ ...launch, program: '/nowhere/cli.js' }),
        'it starts /nowhere/cli.js, which is gone: hooks do nothing',
      ],
      [
        shellLauncher({ ...launch, runtime: '/nowhere/node' }),
        'it starts /nowhere/node, which is gone: hooks use the Node on the PATH, if any',
      ],
      ['#!/bin/sh\n', `${launcher} is not as it was written`],
    ] as const) {
      await writeFile(launcher, text);
      assert.equal(await check('launcher'), `wrong: ${said}`);
    }
    await isMended();
    await rm(launcher);
    assert.equal(await check('launcher'), `wrong: ${launcher} is not there: hooks do nothing`);
    await isMended();
  });

  it('tells where nothing can be recorded', async () => {
    const folder = path.join(project.dir, '.git/countersign');
    await rm(folder, { recursive: true, force: true });
    await writeFile(folder, '');
    assert.equal(await check('pending state'), `wrong: ${folder} is no folder: nothing is recorded`);
  });

  it('tells records that cannot be read', async () => {
    const blob = (await project.gitWith({ input: 'no tree' }, 'hash-object', '-w', '--stdin')).trim();
    await project.git('update-ref', 'refs/countersign/records', blob);
    assert.equal(await check('records'), 'wrong: refs/countersign/records cannot be read');
  });

  it("tells of assistants' hooks, which need not be there", async () => {
    const settings = path.join(project.home, '.claude/settings.json');
    assert.ok(!(await ask()).checks.some((one) => one.check === 'Claude Code'), 'of an assistant that is not here');
    await mkdir(path.dirname(settings));
    assert.equal(await check('Claude Code'), `note: ${settings} does not call us`);
    await project.countersignOutput('install', '--agents', 'claude');
    assert.match(await check('Claude Code'), /^ok: .*\.claude\/settings\.json: a test event took \d+ ms$/);
    const before = await readFile(settings, 'utf8');
    await change(settings, (text) => text.replace('"timeout": 10', '"timeout": 20'));
    assert.match(
      await check('Claude Code'),
      /^ok: .* \(hooks\.PreToolUse\[0\] was changed by hand\): a test event took/,
    );
    await writeFile(settings, before.replace('{', '{ "disableAllHooks": true,'));
    assert.equal(await check('Claude Code'), `note: ${settings}: all hooks are switched off: nothing is reported`);
    await writeFile(settings, before);
    await change(settings, (text) => text.replaceAll('; exit 0', ''));
    assert.equal(await check('Claude Code'), `wrong: ${settings} calls us in an old form`);
    await writeFile(settings, '{');
    assert.match(await check('Claude Code'), /^wrong: .* it is not valid JSON/);
  });

  it('sends a test event through the hooks of an assistant, and says why it was lost', async () => {
    await project.countersignOutput('install', '--agents', 'claude');
    const launcher = path.join(project.home, '.countersign/bin/countersign');
    await change(launcher, (text) => text.replace(/^program=.*$/m, "program='/nowhere'"));
    assert.match(await check('Claude Code'), /^wrong: .*: a test event was lost: the program behind it is gone$/);
    assert.deepEqual(await project.git('status', '--porcelain'), '');
  });

  it('says whether Codex trusts its hooks, and does not trust them in its place', async () => {
    await project.countersignOutput('install', '--agents', 'codex');
    assert.match(await check('Codex'), /^note: .*: a test event took \d+ ms; not trusted$/);
    await assert.rejects(readFile(path.join(project.home, '.codex/config.toml')), { code: 'ENOENT' });
  });

  it('asks for the hook of a push where records go along with it', async () => {
    assert.ok(!(await ask()).hooks.some((one) => one.hook === 'pre-push'));
    await project.git('config', 'countersign.sync', 'true');
    assert.equal(await hook('pre-push'), 'absent');
    await isMended();
    assert.equal(await hook('pre-push'), 'current');
  });

  it('says the same below the top and in a linked worktree', async () => {
    const linked = path.join(project.home, 'linked');
    await project.git('worktree', 'add', '-q', linked);
    await mkdir(path.join(linked, 'below'));
    for (const cwd of [linked, path.join(linked, 'below')]) {
      const { code, stdout } = await project.countersign(['doctor'], { cwd });
      assert.equal(code, 0, stdout);
    }
  });

  it('works with one line on standard error where there is no repository', async () => {
    const { code, stderr } = await project.countersign(['doctor'], { cwd: project.home });
    assert.equal(code, 1);
    assert.match(stderr, /^countersign: .* is not in a git repository/);
  });
});
