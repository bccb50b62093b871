import assert from 'node:assert/strict';
import path from 'node:path';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

const other = { tool: 'other-agent', model: 'm-2', session: 's-2' };

/** Two commits on `side`: a file by an assistant, a file by a person. One on `main` meanwhile. */
async function twoBranches(repository: Scenario): Promise<void> {
  await repository.git('checkout', '-q', '-b', 'side');
  await repository.assistantWrites({ 'a.js': 'a1();\na2();\n' });
  await repository.commit('Add a');
  await repository.personWrites({ 'b.js': 'b1();\n' });
  await repository.commit('Add b');
  await repository.git('checkout', '-q', 'main');
  await repository.writes({ 'c.js': 'c();\n' });
  await repository.commit('Meanwhile');
  await repository.git('checkout', '-q', 'side');
}

describeEverywhere('a rebase', { 'base.js': 'one();\ntwo();\nthree();\n' }, (now) => {
  it('that is clean changes nothing, and notes nothing', async () => {
    const repository = now();
    await twoBranches(repository);
    await repository.git('rebase', '-q', 'main');
    assert.deepEqual(await repository.authors('HEAD~1'), ['a.js:1 ai my-agent', 'a.js:2 ai my-agent']);
    assert.deepEqual(await repository.lines(), ['b.js:1 human']);
    assert.deepEqual([await repository.fit('HEAD~1'), await repository.fit()], ['exact', 'exact']);
    assert.deepEqual([await repository.note('HEAD~1'), await repository.note()], ['', '']);
  });

  it('by the apply backend changes nothing either', async () => {
    const repository = now();
    await twoBranches(repository);
    await repository.git('rebase', '-q', '--apply', 'main');
    assert.deepEqual(await repository.lines('HEAD~1'), ['a.js:1 ai', 'a.js:2 ai']);
    assert.deepEqual([await repository.lines(), await repository.fit()], [['b.js:1 human'], 'exact']);
  });

  it('--onto another branch keeps what is taken along', async () => {
    const repository = now();
    await twoBranches(repository);
    await repository.git('rebase', '-q', '--onto', 'main', 'HEAD~1');
    assert.deepEqual([await repository.lines(), await repository.fit()], [['b.js:1 human'], 'exact']);
    assert.equal((await repository.git('rev-list', '--count', 'main..HEAD')).trim(), '1');
  });

  it('in another order', async () => {
    const repository = now();
    await twoBranches(repository);
    const [a, b] = await repository.last(2);
    await repository.rebase('main', [`pick ${b}`, `pick ${a}`]);
    assert.deepEqual(await repository.lines('HEAD~1'), ['b.js:1 human']);
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 ai']);
    assert.deepEqual([await repository.fit('HEAD~1'), await repository.fit()], ['exact', 'exact']);
  });

  it('that squashes two commits knows the lines of both', async () => {
    const repository = now();
    await twoBranches(repository);
    const [a, b] = await repository.last(2);
    await repository.rebase('main', [`pick ${a}`, `squash ${b}`]);
    assert.equal((await repository.git('rev-list', '--count', 'main..HEAD')).trim(), '1');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 ai', 'b.js:1 human']);
    assert.equal(await repository.fit(), 'exact');
  });

  it('that squashes commits of one file tells their lines apart', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'function a() {\n  one();\n}\n' });
    await repository.commit('Add a');
    await repository.personWrites({ 'a.js': 'function a() {\n  one();\n  mine();\n}\n' });
    await repository.commit('Change a');
    await repository.assistantWrites({ 'a.js': 'function a() {\n  one();\n  mine();\n  last();\n}\n' }, other);
    await repository.commit('Change a again');
    const [a, b, c] = await repository.last(3);
    await repository.rebase('HEAD~3', [`pick ${a}`, `squash ${b}`, `squash ${c}`]);
    assert.deepEqual(await repository.authors(), [
      'a.js:1 ai my-agent',
      'a.js:2 ai my-agent',
      'a.js:3 human',
      'a.js:4 ai other-agent',
      'a.js:5 ai my-agent',
    ]);
  });

  it('with a fixup, whose message git throws away, notes its record', async () => {
    const repository = now();
    await twoBranches(repository);
    const [a, b] = await repository.last(2);
    await repository.rebase('main', [`pick ${a}`, `fixup ${b}`]);
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 ai', 'b.js:1 human']);
    assert.match(await repository.note(), /^[0-9a-f]{64}$/);
  });

  it('--autosquash', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\n' });
    await repository.commit('Add a');
    await repository.personWrites({ 'b.js': 'b1();\n' });
    await repository.commit('Add b');
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\n' }, other);
    await repository.git('commit', '-qa', '--fixup', 'HEAD~1');
    const env = { GIT_SEQUENCE_EDITOR: 'true', GIT_EDITOR: 'true' };
    await repository.gitWith({ env }, 'rebase', '-q', '-i', '--autosquash', 'HEAD~3');
    assert.deepEqual(await repository.authors('HEAD~1'), ['a.js:1 ai my-agent', 'a.js:2 ai other-agent']);
    assert.deepEqual([await repository.lines(), await repository.fit()], [['b.js:1 human'], 'exact']);
  });

  it('of a fixup that changes a line knows whose the new one is', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\na3();\n' });
    await repository.commit('Add a');
    await repository.personWrites({ 'a.js': 'a1();\nmine();\na3();\n' });
    await repository.commit('Change a');
    const [a, b] = await repository.last(2);
    await repository.rebase('HEAD~2', [`pick ${a}`, `fixup ${b}`]);
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 human', 'a.js:3 ai']);
  });

  it('that joins two changes of one line knows that it is of both', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'first();\ncall(alpha);\n' });
    await repository.commit('Add a');
    await repository.personWrites({ 'a.js': 'first();\ncall(alpha, beta);\n' });
    await repository.commit('Change a');
    const [a, b] = await repository.last(2);
    await repository.rebase('HEAD~2', [`pick ${a}`, `squash ${b}`]);
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 mixed']);
  });

  it('that joins two changes of one line elsewhere does not take the last for the whole', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'first();\ncall(alpha);\n' });
    await repository.commit('Add a');
    await repository.personWrites({ 'a.js': 'first();\ncall(alpha, beta);\n' });
    await repository.commit('Change a');
    const [a, b] = await repository.last(2);
    await repository.forgetPending();
    await repository.rebase('HEAD~2', [`pick ${a}`, `squash ${b}`]);
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 unknown']);
  });

  it('with new words for a commit (reword) has its trailers again', async () => {
    const repository = now();
    await twoBranches(repository);
    const [a, b] = await repository.last(2);
    const list = path.join(repository.project.home, 'list');
    await repository.project.write({ '../list': `reword ${a}\npick ${b}\n` });
    const env = { ...(await repository.editorThatWrites('Other words\n')), GIT_SEQUENCE_EDITOR: `cp '${list}'` };
    await repository.gitWith({ env }, 'rebase', '-q', '-i', 'main');
    assert.match(await repository.message('HEAD~1'), /^Other words\n\nAssisted-by: my-agent \(m-1\)\n/);
    assert.deepEqual(
      [await repository.lines('HEAD~1'), await repository.fit('HEAD~1')],
      [['a.js:1 ai', 'a.js:2 ai'], 'exact'],
    );
    assert.deepEqual([await repository.lines(), await repository.fit()], [['b.js:1 human'], 'exact']);
  });

  it('that stops to edit a commit knows who changed it', async () => {
    const repository = now();
    await twoBranches(repository);
    const [a, b] = await repository.last(2);
    await repository.rebase('main', [`edit ${a}`, `pick ${b}`]);
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\nlater();\n' }, other);
    await repository.git('commit', '-qa', '--amend', '--no-edit');
    await repository.git('rebase', '--continue');
    assert.deepEqual(await repository.authors('HEAD~1'), [
      'a.js:1 ai my-agent',
      'a.js:2 ai my-agent',
      'a.js:3 ai other-agent',
    ]);
    assert.deepEqual([await repository.lines(), await repository.fit()], [['b.js:1 human'], 'exact']);
  });

  it('that splits a commit', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\n', 'z.js': 'z1();\n' });
    await repository.personWrites({ 'b.js': 'b1();\n' });
    await repository.commit('Add all');
    const [all] = await repository.last(1);
    await repository.rebase('HEAD~1', [`edit ${all}`]);
    await repository.git('reset', '-q', 'HEAD^');
    await repository.git('add', ':/a.js', ':/b.js');
    await repository.git('commit', '-qm', 'First part');
    await repository.commit('Second part');
    await repository.git('rebase', '--continue');
    assert.deepEqual(await repository.lines('HEAD~1'), ['a.js:1 ai', 'b.js:1 human']);
    assert.deepEqual([await repository.lines(), await repository.fit()], [['z.js:1 ai'], 'exact']);
  });

  it('that drops a commit says nothing of it', async () => {
    const repository = now();
    await twoBranches(repository);
    const [, b] = await repository.last(2);
    await repository.rebase('main', [`pick ${b}`]);
    assert.deepEqual(await repository.lines(), ['b.js:1 human']);
    assert.ok(!(await repository.message()).includes('Assisted-by'));
    assert.equal(await repository.note(), '');
  });

  it('that keeps merges', async () => {
    const repository = now();
    await twoBranches(repository);
    await repository.git('checkout', '-q', '-b', 'third', 'HEAD~1');
    await repository.assistantWrites({ 'd.js': 'd();\n' });
    await repository.commit('Add d');
    await repository.git('merge', '-q', '--no-edit', 'side');
    await repository.git('rebase', '-q', '--rebase-merges', 'main');
    assert.deepEqual(await repository.lines(':/Add d'), ['d.js:1 ai']);
    assert.deepEqual(await repository.lines(':/Add b'), ['b.js:1 human']);
    assert.deepEqual(await repository.lines(), []);
  });

  it('that is aborted leaves the commits as they were', async () => {
    const repository = now();
    await conflict(repository);
    await repository.git('rebase', '--abort');
    assert.deepEqual(
      [await repository.authors(), await repository.fit()],
      [['base.js:2 ai my-agent', 'side.js:1 ai my-agent'], 'exact'],
    );
  });

  it('with a conflict resolved to its own text keeps its author', async () => {
    const repository = now();
    await conflict(repository);
    await repository.git('checkout', '--theirs', ':/base.js');
    await goOn(repository);
    assert.deepEqual(await repository.authors(), ['base.js:2 ai my-agent', 'side.js:1 ai my-agent']);
  });

  it("with a conflict resolved to the other side's text has only the rest", async () => {
    const repository = now();
    await conflict(repository);
    await repository.git('checkout', '--ours', ':/base.js');
    await goOn(repository);
    assert.deepEqual(await repository.authors(), ['side.js:1 ai my-agent']);
  });

  it('with a conflict resolved by another assistant knows both', async () => {
    const repository = now();
    await conflict(repository);
    await repository.assistantWrites({ 'base.js': 'one();\nresolved();\nthree();\n' }, other);
    await goOn(repository);
    assert.deepEqual(await repository.authors(), ['base.js:2 ai other-agent', 'side.js:1 ai my-agent']);
  });

  it('with a conflict resolved by a person knows both', async () => {
    const repository = now();
    await conflict(repository);
    await repository.personWrites({ 'base.js': 'one();\nresolved();\nthree();\n' });
    await goOn(repository);
    assert.deepEqual(await repository.lines(), ['base.js:2 human', 'side.js:1 ai']);
  });

  it('with a conflict resolved by nobody knows leaves that unknown', async () => {
    const repository = now();
    await conflict(repository);
    await repository.writes({ 'base.js': 'one();\nresolved();\nthree();\n' });
    await goOn(repository);
    assert.deepEqual(await repository.lines(), ['base.js:2 unknown', 'side.js:1 ai']);
    assert.equal(await repository.fit(), 'partial 1 of 2');
  });

  it('with a conflict resolved by an own commit at the stop', async () => {
    const repository = now();
    await conflict(repository);
    await repository.assistantWrites({ 'base.js': 'one();\nresolved();\nthree();\n' }, other);
    await repository.commit('Change, resolved');
    await repository.git('rebase', '--continue');
    assert.deepEqual(await repository.authors(), ['base.js:2 ai other-agent', 'side.js:1 ai my-agent']);
  });

  it('takes along what only a note had named', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a', '--no-verify');
    await repository.git('checkout', '-q', 'main');
    await repository.writes({ 'c.js': 'c();\n' });
    await repository.commit('Meanwhile');
    await repository.git('rebase', '-q', 'main', 'side');
    assert.equal((await repository.message()).trim(), 'Add a');
    assert.deepEqual([await repository.lines(), await repository.fit()], [['a.js:1 ai'], 'exact']);
  });

  it('--autostash gives the pending lines back', async () => {
    const repository = now();
    await twoBranches(repository);
    await repository.assistantWrites({ 'base.js': 'one();\ntwo();\nthree();\nnew();\n' });
    await repository.git('rebase', '-q', '--autostash', 'main');
    assert.deepEqual(await repository.pending(), ['base.js:4 ai']);
  });

  it('onto a branch that renamed the file still fits', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.assistantWrites({ 'base.js': 'one();\ntwo();\nthree();\nfour();\n' });
    await repository.commit('Add four');
    await repository.git('checkout', '-q', 'main');
    await repository.writes({ 'renamed.js': await repository.read('base.js'), 'base.js': null });
    await repository.commit('Rename');
    await repository.git('rebase', '-q', 'main', 'side');
    assert.deepEqual([await repository.lines(), await repository.fit()], [['renamed.js:4 ai'], 'exact']);
  });
});

/** A rebase of `side`, one commit by an assistant, that has stopped at line 2 of base.js. */
async function conflict(repository: Scenario): Promise<void> {
  await repository.git('checkout', '-q', '-b', 'side');
  await repository.assistantWrites({ 'base.js': 'one();\nside();\nthree();\n', 'side.js': 'more();\n' });
  await repository.commit('Change');
  await repository.git('checkout', '-q', 'main');
  await repository.writes({ 'base.js': 'one();\nmain();\nthree();\n' });
  await repository.commit('Change it too');
  await repository.gitFails('rebase', '-q', 'main', 'side');
}

async function goOn(repository: Scenario): Promise<void> {
  await repository.git('add', ':/base.js');
  await repository.gitWith({ env: { GIT_EDITOR: 'true' } }, 'rebase', '--continue');
}
