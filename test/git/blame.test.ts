import assert from 'node:assert/strict';
import path from 'node:path';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

interface Line {
  readonly line: number;
  readonly commit: string | null;
  readonly class: string;
  readonly tool?: string;
}

describeEverywhere('blame', { 'base.js': 'one();\ntwo();\nthree();\n' }, (now) => {
  async function blamed(repository: Scenario, file: string, args: readonly string[] = [], input?: string) {
    const name = path.relative(repository.cwd, path.join(repository.top, file));
    const options = { cwd: repository.cwd, ...(input !== undefined && { input }) };
    const { code, stdout, stderr } = await repository.project.countersign(['blame', name, '--json', ...args], options);
    assert.equal(code, 0, stderr);
    const { lines } = JSON.parse(stdout) as { lines: Line[] };
    return lines.map((line) => `${line.line} ${line.commit === null ? 'pending' : 'committed'} ${line.class}`);
  }

  async function history(repository: Scenario): Promise<void> {
    await repository.assistantWrites({ 'base.js': 'one();\nai();\ntwo();\nthree();\n' });
    await repository.commit('By AI');
    await repository.personWrites({ 'base.js': 'one();\nai();\ntwo();\nthree();\nmine();\n' });
  }

  const all = ['1 committed base', '2 committed ai', '3 committed base', '4 committed base', '5 pending human'];

  it('tells committed and pending lines', async () => {
    await history(now());
    assert.deepEqual(await blamed(now(), 'base.js'), all);
  });

  it('of some lines (-L), as git counts or finds them', async () => {
    await history(now());
    assert.deepEqual(await blamed(now(), 'base.js', ['-L', '2,3', '-L', '5,5']), [all[1], all[2], all[4]]);
    assert.deepEqual(await blamed(now(), 'base.js', ['-L', '/ai/,+1']), [all[1]]);
  });

  it('at a revision', async () => {
    await history(now());
    assert.deepEqual(await blamed(now(), 'base.js', ['--rev', 'HEAD~1']), [
      '1 committed base',
      '2 committed base',
      '3 committed base',
    ]);
    assert.deepEqual(await blamed(now(), 'base.js', ['--rev', 'HEAD']), all.slice(0, 4));
  });

  it('of text that is not saved (--contents -), over HEAD or another revision', async () => {
    await history(now());
    const unsaved = 'zero();\none();\nai();\nthree();\n';
    assert.deepEqual(await blamed(now(), 'base.js', ['--contents', '-'], unsaved), [
      '1 pending unknown',
      '2 committed base',
      '3 committed ai',
      '4 committed base',
    ]);
    assert.deepEqual(await blamed(now(), 'base.js', ['--contents', '-', '--rev', 'HEAD~1'], unsaved), [
      '1 pending unknown',
      '2 committed base',
      '3 pending ai',
      '4 committed base',
    ]);
    assert.deepEqual(await blamed(now(), 'base.js', ['--contents', '-', '-L', '3,3'], unsaved), ['3 committed ai']);
  });

  it('ignores white space with -w', async () => {
    await history(now());
    await now().writes({ 'base.js': 'one();\n    ai();\ntwo();\nthree();\nmine();\n' });
    await now().commit('Indent');
    assert.deepEqual((await blamed(now(), 'base.js', ['-w']))[1], '2 committed ai');
    assert.deepEqual((await blamed(now(), 'base.js', ['-w', '--contents', '-'], 'one();\n  ai();\n')).slice(0, 2), [
      '1 committed base',
      '2 committed ai',
    ]);
  });

  it('follows a line that a commit only indented anew to the one that made it', async () => {
    await history(now());
    await now().writes({ 'base.js': 'one();\n    ai();\ntwo();\nthree();\nmine();\n' });
    await now().commit('Indent');
    const repository = now();
    assert.deepEqual((await repository.lines())[0], 'base.js:2 base');
    assert.deepEqual((await blamed(repository, 'base.js'))[1], '2 committed ai');
  });

  it('follows moves with -M and -C', async () => {
    const block = 'function moved() {\n  const first = 1;\n  const second = 2;\n  return first + second;\n}\n';
    const repository = now();
    await repository.assistantWrites({ 'a.js': `${block}\nexport const tail = moved();\nexport const more = tail;\n` });
    await repository.commit('Add a');
    await repository.forgetPending();
    await repository.project.git('-c', 'core.hooksPath=/dev/null', 'status');
    await repository.writes({ 'a.js': 'export const more = 1;\n', 'b.js': block });
    await repository.git('add', '--all', ':/');
    await repository.git('-c', 'core.hooksPath=/dev/null', 'commit', '-qm', 'Move');
    assert.ok((await blamed(repository, 'b.js')).every((line) => line.endsWith('base')));
    assert.ok((await blamed(repository, 'b.js', ['-C'])).every((line) => line.endsWith('ai')));
  });

  it('of a file that is new, or empty', async () => {
    const repository = now();
    await repository.assistantWrites({ 'new.js': 'new();\n', 'empty.js': '' });
    assert.deepEqual(await blamed(repository, 'new.js'), ['1 pending ai']);
    assert.deepEqual(await blamed(repository, 'empty.js'), []);
  });

  it('of a renamed file that is not committed yet', async () => {
    const repository = now();
    await repository.assistantWrites({ 'base.js': 'one();\nai();\ntwo();\nthree();\n' });
    await repository.commit('By AI');
    await repository.writes({ 'renamed.js': await repository.read('base.js'), 'base.js': null });
    await repository.git('add', '--all', ':/');
    assert.deepEqual((await blamed(repository, 'renamed.js'))[1], '2 committed ai');
  });

  it('says in one line what it cannot do', async () => {
    const repository = now();
    for (const [args, words] of [
      [['missing.js'], /missing\.js is not there/],
      [['base.js', '--rev', 'nowhere'], /nowhere is not a commit/],
      [['base.js', '--contents', 'file'], /--contents takes - alone/],
      [['base.js', '-L', '99,100'], /lines/],
    ] as const) {
      const [file, ...more] = args;
      const name = path.relative(repository.cwd, path.join(repository.top, file));
      const { code, stderr } = await repository.project.countersign(['blame', name, ...more], { cwd: repository.cwd });
      assert.ok(code === 1 || code === 2);
      assert.match(stderr, words);
      assert.equal(stderr.trim().split('\n').length, 1);
    }
  });
});
