import assert from 'node:assert/strict';
import { Project } from '../support/project.ts';

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
      .filter((line) => line.includes(' -e '))
      .map((line) => line.replace(/^.* -e /, '').replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'TIME'));
  }

  it("gives the command's own output and exit code, and status tells how it went", async () => {
    const { code, stdout, stderr } = await project.countersign(node('console.log(1)'));
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '1\n', stderr: '' });
    const failed = await project.countersign(node('process.exit(3)'));
    assert.equal(failed.code, 3);
    assert.deepEqual(await validations(), [
      'process.exit(3) failed (exit code 3) at TIME, on what is there now',
      'console.log(1) passed at TIME, on what is there now',
    ]);
  });

  it('says when files have changed since, and when they are as they were', async () => {
    await project.countersign(node('0'));
    await project.write({ 'b.js': 'new();\n' });
    assert.deepEqual(await validations(), ['0 passed at TIME; files have changed since']);
    await project.write({ 'b.js': null });
    assert.deepEqual(await validations(), ['0 passed at TIME, on what is there now']);
  });

  it('tells a command that a signal ended', async () => {
    assert.equal((await project.countersign(node('process.kill(process.pid)'))).code, 128 + 15);
    assert.deepEqual(await validations(), ['process.kill(process.pid) was stopped at TIME, on what is there now']);
  });

  it('says in one line that there is no such command, or none at all', async () => {
    const missing = await project.countersign(['run', '--', 'no-such-program']);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^countersign: no-such-program could not be started \(.*\)\n$/);
    assert.equal((await project.countersign(['run'])).code, 2);
  });
});
