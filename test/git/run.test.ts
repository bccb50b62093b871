import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Files, Project } from '../support/project.ts';

describe('countersign run', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'one();\n' });
    await project.write({ 'a.js': 'one();\ntwo();\n' });
  });
  afterEach(() => project.dispose());

  const node = (...script: string[]): string[] => ['run', '--', process.execPath, '-e', ...script];

  async function validations(): Promise<string[]> {
    const lines = (await project.countersignOutput('status')).split('\n');
    return lines
      .filter((line) => / at \d{4}-/.test(line))
      .map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'TIME'));
  }

  it("gives the command's own output and exit code, and status tells how it went", async () => {
    const { code, stdout, stderr } = await project.countersign(node('console.log(1)'));
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '1\n', stderr: '' });
    const failed = await project.countersign(node('process.exit(3)'));
    assert.equal(failed.code, 3);
    assert.deepEqual(await validations(), [
      'node failed (exit code 3) at TIME, on what is there now',
      'node passed at TIME, on what is there now',
    ]);
  });

  it('says when files have changed since, and when they are as they were', async () => {
    await project.countersign(node('0'));
    await project.write({ 'b.js': 'new();\n' });
    assert.deepEqual(await validations(), ['node passed at TIME; 1 file differs from what it ran on: b.js']);
    await project.write({ 'b.js': null });
    assert.deepEqual(await validations(), ['node passed at TIME, on what is there now']);
  });

  it('prose makes nothing stale, and a commit of just that content leaves it as it is', async () => {
    await project.countersign(node('0'));
    await project.write({ 'README.md': 'Words.\n' });
    assert.deepEqual(await validations(), ['node passed at TIME, on what is there now']);
    await project.git('commit', '--quiet', '--all', '--message=Two');
    await project.write({ 'NEWS.md': 'More.\n' });
    assert.deepEqual(await validations(), ['node passed at TIME, on what is there now']);
  });

  it('a stale run of before the last commit is not told any more', async () => {
    await project.countersign(node('0'));
    await project.write({ 'a.js': 'one();\nthree();\n' });
    const later = new Date(Date.now() + 60_000).toISOString();
    const env = { GIT_COMMITTER_DATE: later };
    await project.gitWith({ env }, 'commit', '--quiet', '--all', '--message=Three');
    await project.write({ 'a.js': 'one();\nfour();\n' });
    assert.deepEqual(await validations(), []);
  });

  it('what is staged counts by itself', async () => {
    await project.write({ 'b.js': 'new();\n' });
    await project.git('add', 'a.js');
    await project.countersign(node('0'));
    const staged = async () => {
      const { validation } = JSON.parse(await project.countersignOutput('status', '--staged', '--json'));
      return validation.runs.map(({ freshness, changed }: never) => ({ freshness, changed }));
    };
    assert.deepEqual(await staged(), [{ freshness: 'stale', changed: { files: 1, first: ['b.js'] } }]);
    await project.git('add', 'b.js');
    assert.deepEqual(await staged(), [{ freshness: 'current', changed: undefined }]);
  });

  it('knows what it runs, and keeps no argument of it', async () => {
    await project.write({ 'package.json': '{"scripts":{"test":"echo"}}\n' });
    await project.countersign(['run', '--', 'npm', 'test', '--', '--token=hunter2']);
    const { validation } = JSON.parse(await project.countersignOutput('status', '--json'));
    const { at, ...run } = validation.runs[0];
    const expected = { kind: 'tests', name: 'npm test', source: 'run', outcome: 'passed', exitCode: 0 };
    assert.deepEqual(run, { ...expected, freshness: 'current' });
    assert.ok(Date.now() - Date.parse(at) < 60_000);
    const log = await readFile(path.join(project.dir, '.git/countersign/runs.ndjson'), 'utf8');
    assert.doesNotMatch(log, /hunter2|home/);
  });

  it('tells a command that a signal ended', async () => {
    assert.equal((await project.countersign(node('process.kill(process.pid)'))).code, 128 + 15);
    assert.deepEqual(await validations(), ['node was stopped at TIME, on what is there now']);
  });

  describe("assistants' commands", () => {
    const cwd = () => project.dir;
    const hook = async (event: object) => {
      const input = JSON.stringify({ version: 1, cwd: cwd(), tool: 'my-agent', session: 's-1', ...event });
      const { code, stderr } = await project.countersign(['hook', 'generic'], { input });
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    };
    const command = async (line: string, exitCode: number | undefined, change: Files = {}) => {
      await hook({ event: 'before-command', command: line });
      await project.write(change);
      await hook({ event: 'after-command', command: line, ...(exitCode !== undefined && { exitCode }) });
    };

    it('that run tests count by their exit code, on what was there', async () => {
      await command('npm test', 1);
      assert.deepEqual(await validations(), ['npm test failed (exit code 1) at TIME, on what is there now']);
      await command('npm test', 0, { 'coverage.txt': '100 %\n' });
      assert.deepEqual(await validations(), [
        'npm test passed at TIME; 1 file differs from what it ran on: coverage.txt',
      ]);
    });

    it('say nothing without an exit code, or with that of another program', async () => {
      await command('npm test', undefined);
      await command('npm test | tail', 0);
      await command('ls', 0);
      assert.deepEqual(await validations(), []);
    });

    it('that changed files beside it leave open what was tested', async () => {
      await command('make code && npm test', 0, { 'a.js': 'one();\nmade();\n' });
      assert.deepEqual(await validations(), ['npm test passed at TIME; it is not known on what']);
    });
  });

  it('says in one line that there is no such command, or none at all', async () => {
    const missing = await project.countersign(['run', '--', 'no-such-program']);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^countersign: no-such-program could not be started \(.*\)\n$/);
    assert.equal((await project.countersign(['run'])).code, 2);
  });
});
