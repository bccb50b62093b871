import assert from 'node:assert/strict';
import { afterUnhookedCommit } from '../../src/change/afterCommit.ts';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

const quiet = ['-c', 'core.hooksPath=/dev/null'];

describeEverywhere('a commit that no hook saw', { 'base.js': 'base();\n' }, (now) => {
  /** What an editor does that sees another HEAD. */
  async function seen(repository: Scenario, ...args: readonly string[]): Promise<void> {
    const before = (await repository.git('rev-parse', 'HEAD')).trim();
    await repository.git(...quiet, ...args);
    await afterUnhookedCommit(repository.place, before);
  }

  it('gets its record by a note once an editor sees it', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.git('add', ':/a.js');
    await seen(repository, 'commit', '-qm', 'Add a');
    assert.equal((await repository.message()).trim(), 'Add a');
    assert.deepEqual([await repository.lines(), await repository.fit()], [['a.js:1 ai'], 'exact']);
    assert.match(await repository.note(), /^[0-9a-f]{64}$/);
  });

  it('has one note, whoever looks', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a', '--no-verify');
    await Promise.all([1, 2, 3].map(() => afterUnhookedCommit(repository.place, 'HEAD~1')));
    assert.match(await repository.note(), /^[0-9a-f]{64}$/);
  });

  it('that is an amend keeps what the first one had', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.git('add', ':/a.js');
    await seen(repository, 'commit', '-qm', 'Add a');
    await repository.assistantWrites({ 'a.js': 'a();\nb();\n' });
    await seen(repository, 'commit', '-qa', '--amend', '-m', 'Add a and b');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 ai']);
  });

  it("is left alone where it is somebody else's: fetched, checked out, or reset to", async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.git('add', ':/a.js');
    await repository.git(...quiet, 'commit', '-qm', 'Add a');
    await repository.git('checkout', '-q', 'main');
    await seen(repository, 'merge', '-q', '--ff-only', 'side');
    await seen(repository, 'reset', '-q', '--hard', 'HEAD');
    await seen(repository, 'checkout', '-q', 'side');
    assert.equal(await repository.note(), '');
  });
});
