import assert from 'node:assert/strict';
import path from 'node:path';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

const other = { tool: 'other-agent', model: 'm-2', session: 's-2' };

/** `side` with two commits by an assistant; the work tree is on `main`, which has gone on. */
async function diverged(repository: Scenario, ours = 'one();\ntwo();\nthree();\n// main\n'): Promise<void> {
  await repository.git('checkout', '-q', '-b', 'side');
  await repository.assistantWrites({ 'base.js': 'one();\nside();\nthree();\n' });
  await repository.commit('Change base');
  await repository.assistantWrites({ 'a.js': 'a1();\na2();\n' });
  await repository.commit('Add a');
  await repository.git('checkout', '-q', 'main');
  await repository.writes({ 'base.js': ours });
  await repository.commit('Meanwhile');
}

const conflicting = 'one();\nmain();\nthree();\n';

describeEverywhere('a merge', { 'base.js': 'one();\ntwo();\nthree();\n' }, (now) => {
  it('that is clean has no lines of its own, and no trailers', async () => {
    const repository = now();
    await diverged(repository);
    await repository.git('merge', '-q', '--no-edit', 'side');
    assert.deepEqual(await repository.lines(), []);
    assert.equal((await repository.message()).trim(), "Merge branch 'side'");
    assert.equal(await repository.note(), '');
  });

  it('without a commit (--no-commit) that is then made by hand', async () => {
    const repository = now();
    await diverged(repository);
    await repository.git('merge', '-q', '--no-commit', 'side');
    await repository.personWrites({ 'extra.js': 'extra();\n' });
    await repository.commit('Merge, and one more thing');
    assert.deepEqual(await repository.lines(), ['extra.js:1 human']);
  });

  it('with a conflict that an assistant resolves has just the resolution', async () => {
    const repository = now();
    await diverged(repository, conflicting);
    await repository.gitFails('merge', '-q', 'side');
    await repository.assistantWrites({ 'base.js': 'one();\nboth();\nthree();\n' }, other);
    await repository.commit('Merge side');
    assert.deepEqual(await repository.authors(), ['base.js:2 ai other-agent']);
    assert.deepEqual((await repository.trailers()).get('AI-Lines'), ['1/1 added, 0 reviewed']);
  });

  it("with a conflict resolved to one side's text has no line of its own", async () => {
    const repository = now();
    await diverged(repository, conflicting);
    await repository.gitFails('merge', '-q', 'side');
    await repository.git('checkout', '--theirs', ':/base.js');
    await repository.commit('Merge side');
    assert.deepEqual(await repository.lines(), []);
  });

  it('by the strategies ours and theirs', async () => {
    const repository = now();
    await diverged(repository, conflicting);
    await repository.git('merge', '-q', '--no-edit', '-X', 'theirs', 'side');
    assert.deepEqual(await repository.lines(), []);
    await repository.git('reset', '-q', '--hard', 'HEAD~1');
    await repository.git('merge', '-q', '--no-edit', '-s', 'ours', 'side');
    assert.deepEqual(await repository.lines(), []);
  });

  it('of three branches at once', async () => {
    const repository = now();
    await diverged(repository);
    await repository.git('checkout', '-q', '-b', 'third', 'HEAD~1');
    await repository.personWrites({ 'd.js': 'd();\n' });
    await repository.commit('Add d');
    await repository.git('checkout', '-q', 'main');
    await repository.git('merge', '-q', '--no-edit', 'side', 'third');
    assert.equal((await repository.git('rev-list', '--parents', '-1', 'HEAD')).trim().split(' ').length, 4);
    assert.deepEqual(await repository.lines(), []);
  });

  it('that only goes forward leaves the commits of others alone', async () => {
    const repository = now();
    await diverged(repository);
    await repository.git('reset', '-q', '--hard', 'HEAD~1');
    await repository.git('merge', '-q', '--ff-only', 'side');
    assert.deepEqual([await repository.lines(), await repository.note()], [['a.js:1 ai', 'a.js:2 ai'], '']);
  });

  it('squashed knows the lines of all commits, whatever its words', async () => {
    const repository = now();
    await diverged(repository);
    await repository.forgetPending();
    await repository.git('merge', '-q', '--squash', 'side');
    await repository.git('commit', '-qm', 'All of side');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 ai', 'base.js:2 ai']);
    assert.deepEqual((await repository.trailers()).get('AI-Lines'), ['3/3 added, 0 reviewed']);
  });

  it("squashed with git's own words has one block that claims one record", async () => {
    const repository = now();
    await diverged(repository);
    await repository.git('merge', '-q', '--squash', 'side');
    await repository.gitWith({ env: { GIT_EDITOR: 'true' } }, 'commit', '-q');
    assert.equal((await repository.trailers()).get('Provenance')?.length, 1);
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 ai', 'base.js:2 ai']);
    assert.equal(await repository.fit(), 'exact');
  });

  it('squashed and committed past the hooks is known by its words', async () => {
    const repository = now();
    await diverged(repository);
    await repository.forgetPending();
    await repository.git('merge', '-q', '--squash', 'side');
    await repository.gitWith({ env: { GIT_EDITOR: 'true' } }, '-c', 'core.hooksPath=/dev/null', 'commit', '-q');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 ai', 'base.js:2 ai']);
  });

  it('of a renamed file with changes to it', async () => {
    const repository = now();
    await diverged(repository);
    await repository.writes({ 'renamed.js': await repository.read('base.js'), 'base.js': null });
    await repository.commit('Rename');
    await repository.git('merge', '-q', '--no-edit', 'side');
    assert.deepEqual(await repository.lines(), []);
    assert.match(await repository.read('renamed.js'), /side\(\)/);
  });

  it('of a subtree has no lines of its own', async () => {
    const repository = now();
    const { project, top } = repository;
    const library = path.join(project.home, 'library');
    await project.git('init', '-q', '--initial-branch=main', library);
    await project.write({ '../library/lib.js': 'l1();\nl2();\nl3();\n' });
    await project.gitWith({ cwd: library }, 'add', '--all');
    const identity = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.com'];
    await project.gitWith({ cwd: library }, ...identity, 'commit', '-qm', 'Library');
    await repository.git('fetch', '-q', library, 'main');
    await repository.git('merge', '-q', '-s', 'ours', '--no-commit', '--allow-unrelated-histories', 'FETCH_HEAD');
    await project.gitWith({ cwd: top }, 'read-tree', '--prefix=vendor/', '-u', 'FETCH_HEAD');
    await repository.git('commit', '-qm', 'Merge the library');
    assert.deepEqual(await repository.lines(), []);
  });
});

describeEverywhere('an amend', { 'base.js': 'one();\ntwo();\nthree();\n' }, (now) => {
  it('on a machine that knows nothing of the pending text keeps what the commit had', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\n' });
    await repository.commit('Add a');
    await repository.forgetPending();
    await repository.writes({ 'a.js': 'a1();\na2();\na3();\n' });
    await repository.git('commit', '-qa', '--amend', '--no-edit');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 ai', 'a.js:3 unknown']);
    assert.equal((await repository.trailers()).get('Provenance')?.length, 1);
  });

  it('past the hooks has its records by a note', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\n' });
    await repository.commit('Add a');
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\n' }, other);
    await repository.git('commit', '-qa', '--amend', '--no-verify', '-m', 'Add a and more');
    assert.equal((await repository.message()).trim(), 'Add a and more');
    assert.deepEqual(await repository.authors(), ['a.js:1 ai my-agent', 'a.js:2 ai other-agent']);
    assert.equal(await repository.fit(), 'exact');
  });

  it('by another author, at another time', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\n' });
    await repository.commit('Add a');
    await repository.forgetPending();
    await repository.git('commit', '-q', '--amend', '--reset-author', '-m', 'Add a again');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai']);
  });

  it("that takes the assistant's lines out has none of its trailers", async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\n' });
    await repository.personWrites({ 'b.js': 'b1();\n' });
    await repository.commit('Add a and b');
    await repository.git('rm', '-q', '--cached', ':/a.js');
    await repository.git('commit', '-q', '--amend', '--no-edit');
    assert.deepEqual([...(await repository.trailers()).keys()], ['Change-Risk', 'Provenance']);
    assert.deepEqual([await repository.lines(), await repository.fit()], [['b.js:1 human'], 'exact']);
  });

  it('of a merge keeps to its resolution', async () => {
    const repository = now();
    await diverged(repository, conflicting);
    await repository.gitFails('merge', '-q', 'side');
    await repository.assistantWrites({ 'base.js': 'one();\nboth();\nthree();\n' }, other);
    await repository.commit('Merge side');
    await repository.git('commit', '-q', '--amend', '--no-edit');
    assert.deepEqual(await repository.authors(), ['base.js:2 ai other-agent']);
    assert.equal(await repository.fit(), 'exact');
  });

  it('twice names one record', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a1();\n' });
    await repository.commit('Add a');
    for (const line of ['a2();\n', 'a3();\n']) {
      await repository.assistantWrites({ 'a.js': `${await repository.read('a.js')}${line}` });
      await repository.git('commit', '-qa', '--amend', '--no-edit');
    }
    assert.equal((await repository.trailers()).get('Provenance')?.length, 1);
    assert.deepEqual(
      [await repository.lines(), await repository.fit()],
      [['a.js:1 ai', 'a.js:2 ai', 'a.js:3 ai'], 'exact'],
    );
  });
});
