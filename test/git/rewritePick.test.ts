import assert from 'node:assert/strict';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

const other = { tool: 'other-agent', model: 'm-2', session: 's-2' };
const base = { 'base.js': 'one();\ntwo();\nthree();\n' };

/** A commit by an assistant and a person on `side`; the work tree is on `main`, which has gone on. */
async function pickable(repository: Scenario): Promise<void> {
  await repository.git('checkout', '-q', '-b', 'side');
  await repository.assistantWrites({ 'a.js': 'a1();\na2();\na3();\n' });
  await repository.personWrites({ 'b.js': 'b1();\n' });
  await repository.commit('Add a and b');
  await repository.git('checkout', '-q', 'main');
  await repository.writes({ 'c.js': 'c();\n' });
  await repository.commit('Meanwhile');
}

const picked = ['a.js:1 ai', 'a.js:2 ai', 'a.js:3 ai', 'b.js:1 human'];

describeEverywhere('a cherry-pick', base, (now) => {
  it('fits exactly', async () => {
    const repository = now();
    await pickable(repository);
    await repository.git('cherry-pick', 'side');
    assert.deepEqual([await repository.lines(), await repository.fit()], [picked, 'exact']);
    assert.equal(await repository.note(), '');
  });

  it('with -x keeps its trailers a block', async () => {
    const repository = now();
    await pickable(repository);
    await repository.git('cherry-pick', '-x', 'side');
    assert.equal((await repository.trailers()).get('Provenance')?.length, 1);
    assert.deepEqual([await repository.lines(), await repository.fit()], [picked, 'exact']);
  });

  it('without a commit (-n), then committed with other words, has the origins of what was picked', async () => {
    const repository = now();
    await pickable(repository);
    await repository.forgetPending();
    await repository.git('cherry-pick', '-n', 'side');
    await repository.git('commit', '-qm', 'Other words');
    assert.deepEqual([await repository.lines(), await repository.fit()], [picked, 'exact']);
    assert.deepEqual((await repository.trailers()).get('AI-Lines'), ['3/4 added, 0 reviewed']);
  });

  it('of several commits', async () => {
    const repository = now();
    await pickable(repository);
    await repository.git('checkout', '-q', 'side');
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\na3();\na4();\n' }, other);
    await repository.commit('Add a4');
    await repository.git('checkout', '-q', 'main');
    await repository.git('cherry-pick', 'side~2..side');
    assert.deepEqual(await repository.lines('HEAD~1'), picked);
    assert.deepEqual(await repository.authors(), ['a.js:4 ai other-agent']);
  });

  it('with a conflict that an assistant resolves knows both', async () => {
    const repository = now();
    await pickable(repository);
    await repository.writes({ 'a.js': 'here();\n' });
    await repository.commit('A file of that name');
    await repository.gitFails('cherry-pick', 'side');
    await repository.assistantWrites({ 'a.js': 'here();\na1();\na2();\nresolved();\n' }, other);
    await repository.git('add', '--all', ':/');
    await repository.gitWith({ env: { GIT_EDITOR: 'true' } }, 'cherry-pick', '--continue');
    assert.deepEqual(await repository.authors(), [
      'a.js:2 ai my-agent',
      'a.js:3 ai my-agent',
      'a.js:4 ai other-agent',
      'b.js:1 human',
    ]);
  });

  it('of a merge', async () => {
    const repository = now();
    await pickable(repository);
    await repository.git('checkout', '-q', '-b', 'merged', 'main');
    await repository.git('merge', '-q', '--no-ff', '--no-edit', 'side');
    await repository.git('checkout', '-q', 'main');
    await repository.git('cherry-pick', '-m', '1', 'merged');
    // Its message names no record: the merge itself had no line of its own. The file's content is known here.
    assert.deepEqual(await repository.lines(), picked);
  });

  it('into a clone that has no records says that they are missing', async () => {
    const repository = now();
    await pickable(repository);
    await repository.git('cherry-pick', 'side');
    await repository.git('update-ref', '-d', 'refs/countersign/records');
    assert.equal(await repository.fit(), 'missing');
  });
});

describeEverywhere('a revert', base, (now) => {
  /** An assistant's lines, and a commit of a person's that takes two of them out. */
  async function takenOut(repository: Scenario): Promise<void> {
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\na3();\na4();\n' });
    await repository.commit('Add a');
    await repository.personWrites({ 'a.js': 'a1();\nmine();\na4();\n' });
    await repository.commit('Change a');
  }

  it('gives the lines that it brings back the origin they had', async () => {
    const repository = now();
    await takenOut(repository);
    await repository.git('revert', '--no-edit', 'HEAD');
    assert.deepEqual(await repository.authors(), ['a.js:2 ai my-agent', 'a.js:3 ai my-agent']);
  });

  it('does so where nothing else is known, as in a clone', async () => {
    const repository = now();
    await takenOut(repository);
    await repository.forgetPending();
    await repository.git('-c', 'core.hooksPath=/dev/null', 'revert', '--no-edit', 'HEAD');
    assert.deepEqual(await repository.authors(), ['a.js:2 ai my-agent', 'a.js:3 ai my-agent']);
    assert.equal(await repository.fit(), 'none');
  });

  it('of a revert', async () => {
    const repository = now();
    await takenOut(repository);
    await repository.forgetPending();
    await repository.git('revert', '--no-edit', 'HEAD');
    await repository.git('revert', '--no-edit', 'HEAD');
    assert.deepEqual(await repository.lines(), ['a.js:2 human']);
    await repository.git('revert', '--no-edit', 'HEAD');
    assert.deepEqual(await repository.authors(), ['a.js:2 ai my-agent', 'a.js:3 ai my-agent']);
  });

  it('without a commit (-n), then committed with other words', async () => {
    const repository = now();
    await takenOut(repository);
    await repository.forgetPending();
    await repository.git('revert', '-n', 'HEAD');
    await repository.git('commit', '-qm', 'Back to what it was');
    assert.deepEqual(await repository.authors(), ['a.js:2 ai my-agent', 'a.js:3 ai my-agent']);
    assert.equal(await repository.fit(), 'exact');
  });

  it('of a whole file that was deleted', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\n' });
    await repository.commit('Add a');
    await repository.writes({ 'a.js': null });
    await repository.commit('Delete a');
    await repository.forgetPending();
    await repository.git('revert', '--no-edit', 'HEAD');
    assert.deepEqual(await repository.authors(), ['a.js:1 ai my-agent', 'a.js:2 ai my-agent']);
  });

  it('with a conflict keeps what was not in it', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\nx();\ny();\nz();\na3();\n' });
    await repository.commit('Add a');
    await repository.writes({ 'a.js': 'a1();\nx();\ny();\nz();\nmine();\n' });
    await repository.commit('Change a');
    await repository.writes({ 'a.js': 'a1();\nx();\ny();\nz();\nlater();\n' });
    await repository.commit('Change it again');
    await repository.forgetPending();
    await repository.gitFails('revert', '--no-edit', 'HEAD~1');
    await repository.writes({ 'a.js': 'a1();\na2();\nx();\ny();\nz();\nresolved();\n' });
    await repository.git('add', '--all', ':/');
    await repository.gitWith({ env: { GIT_EDITOR: 'true' } }, 'revert', '--continue');
    assert.deepEqual(await repository.lines(), ['a.js:2 ai', 'a.js:6 unknown']);
  });

  it('that somebody only claims proves nothing', async () => {
    const repository = now();
    await takenOut(repository);
    const [id] = await repository.last(1);
    await repository.writes({ 'b.js': 'a2();\na3();\nforged();\n' });
    await repository.commit(`Add b\n\nThis reverts commit ${id}.`);
    assert.deepEqual(await repository.lines(), ['b.js:1 unknown', 'b.js:2 unknown', 'b.js:3 unknown']);
  });

  it('of a commit that is not here is read all the same', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\n' });
    await repository.commit(`Add a\n\nThis reverts commit ${'12'.repeat(20)}.`);
    assert.deepEqual([await repository.lines(), await repository.fit()], [['a.js:1 ai'], 'exact']);
  });
});
