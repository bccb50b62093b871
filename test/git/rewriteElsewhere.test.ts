import assert from 'node:assert/strict';
import path from 'node:path';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

const quiet = ['-c', 'core.hooksPath=/dev/null'];

/** `side` with an assistant's commit and a person's; the work tree is on `main`, which has gone on. */
async function twoBranches(repository: Scenario): Promise<void> {
  await repository.git('checkout', '-q', '-b', 'side');
  await repository.assistantWrites({ 'a.js': 'a1();\na2();\n' });
  await repository.commit('Add a', '-m', 'Words about a.');
  await repository.personWrites({ 'b.js': 'b1();\n' });
  await repository.commit('Add b');
  await repository.git('checkout', '-q', 'main');
  await repository.writes({ 'c.js': 'c();\n' });
  await repository.commit('Meanwhile');
}

const both = ['a.js:1 ai', 'a.js:2 ai', 'b.js:1 human'];

/** A commit that a server makes of `side`'s text on top of `main`: no hook of ours runs. */
async function serverCommit(repository: Scenario, message: string): Promise<string> {
  await repository.git(...quiet, 'checkout', '-q', '--detach', 'main');
  await repository.git(...quiet, 'merge', '-q', '--squash', 'side');
  const tree = (await repository.git('write-tree')).trim();
  await repository.git(...quiet, 'reset', '-q', '--hard');
  const commit = await repository.gitWith({ input: message }, 'commit-tree', tree, '-p', 'main');
  await repository.git('update-ref', 'refs/heads/merged', commit.trim());
  return commit.trim();
}

describeEverywhere('a rewrite without our hooks', { 'base.js': 'base();\n' }, (now) => {
  it("a forge's squash that lists the messages is known", async () => {
    const repository = now();
    await twoBranches(repository);
    const bodies = (await repository.git('log', '--reverse', '--format=* %B', 'main..side')).trim();
    await serverCommit(repository, `Side (#12)\n\n${bodies}\n`);
    assert.deepEqual([await repository.lines('merged'), await repository.fit('merged')], [both, 'exact']);
  });

  it("a forge's squash that keeps only a title knows nothing, and says so", async () => {
    const repository = now();
    await twoBranches(repository);
    await serverCommit(repository, 'Side (#12)\n');
    assert.equal(await repository.fit('merged'), 'none');
    assert.deepEqual(
      (await repository.lines('merged')).map((line) => line.split(' ')[1]),
      ['unknown', 'unknown', 'unknown'],
    );
    assert.match(await repository.countersign('show', 'merged'), /it names no record: nothing is known of its lines/);
  });

  it("a forge's squash after which somebody edited the message to name one record only", async () => {
    const repository = now();
    await twoBranches(repository);
    const body = (await repository.git('log', '-1', '--format=%B', 'side')).trim();
    await serverCommit(repository, `Side (#12)\n\n${body}\n`);
    assert.deepEqual(await repository.lines('merged'), ['a.js:1 unknown', 'a.js:2 unknown', 'b.js:1 human']);
    assert.equal(await repository.fit('merged'), 'partial 1 of 3');
  });

  it("a forge's rebase-merge fits exactly", async () => {
    const repository = now();
    await twoBranches(repository);
    await repository.git(...quiet, 'rebase', '-q', 'main', 'side');
    assert.deepEqual([await repository.fit('side~1'), await repository.fit('side')], ['exact', 'exact']);
  });

  it('git filter-branch that moves everything into a folder', async () => {
    const repository = now();
    await twoBranches(repository);
    const move =
      'git ls-files -s | sed "s-\\t-&moved/-" | GIT_INDEX_FILE=$GIT_INDEX_FILE.new git update-index --index-info && mv "$GIT_INDEX_FILE.new" "$GIT_INDEX_FILE"';
    const env = { FILTER_BRANCH_SQUELCH_WARNING: '1' };
    await repository.project.gitWith(
      { cwd: repository.top, env },
      'filter-branch',
      '-f',
      '--index-filter',
      move,
      'main..side',
    );
    assert.deepEqual(await repository.lines('side~1'), ['moved/a.js:1 ai', 'moved/a.js:2 ai']);
    assert.deepEqual(await repository.lines('side'), ['moved/b.js:1 human']);
  });

  it('git filter-branch that takes a file out of all commits', async () => {
    const repository = now();
    await twoBranches(repository);
    const env = { FILTER_BRANCH_SQUELCH_WARNING: '1' };
    const filter = 'git rm -q --cached --ignore-unmatch base.js';
    await repository.project.gitWith(
      { cwd: repository.top, env },
      'filter-branch',
      '-f',
      '--index-filter',
      filter,
      'side',
    );
    assert.deepEqual([await repository.lines('side'), await repository.fit('side')], [['b.js:1 human'], 'exact']);
  });

  it('an export and import of the whole history (as filter-repo does)', async () => {
    const repository = now();
    await twoBranches(repository);
    const stream = await repository.git('fast-export', '--all', '--signed-tags=strip');
    const changed = stream.replaceAll('Dev <dev@example.com>', 'Somebody <some@example.com>');
    await repository.gitWith({ input: changed }, 'fast-import', '--quiet', '--force');
    assert.equal((await repository.git('log', '-1', '--format=%an', 'side')).trim(), 'Somebody');
    assert.deepEqual([await repository.lines('side~1'), await repository.fit('side')], [both.slice(0, 2), 'exact']);
  });

  it('patches by mail (format-patch, am)', async () => {
    const repository = now();
    await twoBranches(repository);
    const patches = await repository.git('format-patch', '--stdout', 'main..side');
    await repository.gitWith({ input: patches }, 'am', '-q');
    assert.deepEqual(await repository.lines('HEAD~1'), both.slice(0, 2));
    assert.deepEqual([await repository.lines(), await repository.fit()], [both.slice(2), 'exact']);
  });

  it('a patch by mail that only applies in three ways', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.assistantWrites({ 'base.js': 'base();\nmore();\n' });
    await repository.commit('Add more');
    await repository.git('checkout', '-q', 'main');
    await repository.writes({ 'base.js': 'first();\nbase();\n' });
    await repository.commit('Meanwhile');
    const patch = await repository.git('format-patch', '--stdout', 'side~1..side');
    await repository.gitWith({ input: patch }, 'am', '-q', '--3way');
    assert.deepEqual([await repository.lines(), await repository.fit()], [['base.js:3 ai'], 'exact']);
  });

  it('a patch by mail whose message lost its trailers is known by what was pending here', async () => {
    const repository = now();
    await twoBranches(repository);
    const patch = await repository.git('format-patch', '--stdout', 'side~2..side~1');
    const bare = patch.replace(/^(Assisted-by|AI-Lines|Change-Risk|Provenance): .*\n/gm, '');
    await repository.gitWith({ input: bare }, 'am', '-q');
    assert.ok(!(await repository.message()).includes('Provenance'));
    assert.deepEqual(await repository.lines(), both.slice(0, 2));
    assert.match(await repository.note(), /^[0-9a-f]{64}$/);
  });

  it('git replace: what stands in for a commit is read', async () => {
    const repository = now();
    await twoBranches(repository);
    await repository.git('replace', 'main', 'side');
    assert.deepEqual(await repository.lines('main'), both.slice(2));
    await repository.git('replace', '-d', (await repository.git('rev-parse', 'main')).trim());
    assert.deepEqual(await repository.lines('main'), ['c.js:1 unknown']);
  });

  it('git replace --graft: a commit that becomes a root has all its text as added', async () => {
    const repository = now();
    await twoBranches(repository);
    await repository.git('replace', '--graft', 'side~1');
    assert.deepEqual(await repository.lines('side~1'), ['a.js:1 ai', 'a.js:2 ai', 'base.js:1 unknown']);
  });

  it('another message by a plumbing command keeps what it still names', async () => {
    const repository = now();
    await twoBranches(repository);
    const message = (await repository.message('side')).replace('Add b', 'Add b, in other words');
    const commit = await repository.gitWith({ input: message }, 'commit-tree', 'side^{tree}', '-p', 'side~1');
    assert.deepEqual(
      [await repository.lines(commit.trim()), await repository.fit(commit.trim())],
      [both.slice(2), 'exact'],
    );
  });

  it('a digest in prose, indented or in an upper block is no claim, and helps only lines that match', async () => {
    const repository = now();
    await twoBranches(repository);
    const digest = (await repository.trailers('side')).get('Provenance')?.[0] ?? '';
    await repository.writes({ 'd.js': 'd();\n' });
    await repository.commit(
      `Add d\n\nProvenance: ${digest}\n\nAs Provenance: ${digest} says.\n\n    Provenance: ${digest}\n\nEnd.`,
    );
    assert.deepEqual((await repository.resolved()).facts.claimed, []);
    assert.deepEqual([await repository.lines(), await repository.fit()], [['d.js:1 unknown'], 'partial 0 of 1']);
  });
});

describeEverywhere('pending text', { 'base.js': 'one();\ntwo();\nthree();\n' }, (now) => {
  const added = { 'base.js': 'one();\nai();\ntwo();\nthree();\n', 'a.js': 'a();\n' };
  const known = ['base.js:2 ai', 'a.js:1 ai'];

  for (const [title, save, restore] of [
    ['stash push and pop', ['stash', 'push', '-q', '-u'], ['stash', 'pop', '-q']],
    ['stash push and apply', ['stash', 'push', '-q', '-u'], ['stash', 'apply', '-q']],
    ['stash push --keep-index and pop', ['stash', 'push', '-q', '-u', '--all'], ['stash', 'pop', '-q', '--index']],
    ['stash branch', ['stash', 'push', '-q', '-u'], ['stash', 'branch', 'from-stash']],
  ] as const) {
    it(`has its origins back after ${title}`, async () => {
      const repository = now();
      await repository.assistantWrites(added);
      await repository.git(...save);
      assert.deepEqual(await repository.pending(), []);
      await repository.git(...restore);
      assert.deepEqual((await repository.pending()).sort(), [...known].sort());
    });
  }

  it('has its origins back after a stash of one path', async () => {
    const repository = now();
    await repository.assistantWrites(added);
    await repository.git('stash', 'push', '-q', '--', ':/base.js');
    assert.deepEqual(await repository.pending(), ['a.js:1 ai']);
    await repository.git('stash', 'pop', '-q');
    assert.deepEqual((await repository.pending()).sort(), [...known].sort());
  });

  it('keeps the origins of what a stash brings back onto another text', async () => {
    const repository = now();
    await repository.assistantWrites({ 'base.js': 'one();\ntwo();\nthree();\nai();\n' });
    await repository.git('stash', 'push', '-q');
    await repository.writes({ 'base.js': 'zero();\none();\ntwo();\nthree();\n' });
    await repository.commit('Zero');
    await repository.git('stash', 'pop', '-q');
    assert.deepEqual(await repository.pending(), ['base.js:5 ai']);
  });

  it('keeps its origins through a checkout of another branch that takes it along', async () => {
    const repository = now();
    await repository.git('branch', 'side');
    await repository.assistantWrites(added);
    await repository.git('checkout', '-q', 'side');
    assert.deepEqual((await repository.pending()).sort(), [...known].sort());
  });

  it('keeps its origins through a checkout that merges it (-m)', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.writes({ 'base.js': 'one();\ntwo();\nthree();\nside();\n' });
    await repository.commit('Side');
    await repository.git('checkout', '-q', 'main');
    await repository.assistantWrites({ 'base.js': 'ai();\none();\ntwo();\nthree();\n' });
    await repository.git('checkout', '-q', '-m', 'side');
    assert.deepEqual(await repository.pending(), ['base.js:1 ai']);
  });

  for (const mode of ['--soft', '--mixed', '--keep'] as const) {
    it(`after reset ${mode} has the lines of the commit that was taken back`, async () => {
      const repository = now();
      await repository.assistantWrites({ 'base.js': 'one();\nai();\ntwo();\nthree();\n' });
      await repository.commit('By AI');
      await repository.personWrites({ 'base.js': 'one();\nai();\nmine();\ntwo();\nthree();\n' });
      await repository.commit('By a person');
      if (mode === '--keep') {
        await repository.personWrites({ 'new.js': 'new();\n' });
        await repository.git('reset', '-q', mode, 'HEAD~2');
        assert.deepEqual(await repository.pending(), ['new.js:1 human']);
        return;
      }
      await repository.git('reset', '-q', mode, 'HEAD~2');
      assert.deepEqual(await repository.pending(), ['base.js:2 ai', 'base.js:3 human']);
      await repository.commit('Both in one');
      assert.deepEqual(await repository.lines(), ['base.js:2 ai', 'base.js:3 human']);
    });
  }

  it('after reset --hard is gone, and has its origins back when it comes back', async () => {
    const repository = now();
    await repository.assistantWrites({ 'base.js': 'one();\nai();\ntwo();\nthree();\n' });
    await repository.commit('By AI');
    const [commit] = await repository.last(1);
    await repository.git('reset', '-q', '--hard', 'HEAD~1');
    assert.deepEqual(await repository.pending(), []);
    await repository.git('checkout', '-q', commit ?? '', '--', ':/base.js');
    assert.deepEqual(await repository.pending(), ['base.js:2 ai']);
  });

  it('after reset --merge keeps what was not staged', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a');
    await repository.assistantWrites({ 'a.js': 'a();\nb();\n' });
    await repository.git('reset', '-q', '--merge', 'HEAD');
    assert.deepEqual(await repository.pending(), ['a.js:2 ai']);
  });

  it('of another worktree is not mixed with this one', async () => {
    const repository = now();
    const linked = path.join(repository.project.home, 'another');
    await repository.git('worktree', 'add', '-q', '-b', 'another', linked);
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a');
    await repository.project.gitWith({ cwd: linked }, 'cherry-pick', 'main');
    assert.deepEqual([await repository.lines('another'), await repository.fit('another')], [['a.js:1 ai'], 'exact']);
  });

  it('pulled with --rebase and --autostash keeps both: what is committed and what is pending', async () => {
    const repository = now();
    const { project } = repository;
    const remote = path.join(project.home, 'remote.git');
    await repository.git('init', '-q', '--bare', remote);
    await repository.git('remote', 'add', 'origin', remote);
    await repository.git('push', '-q', 'origin', 'main:main');
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a');
    await repository.git('push', '-q', 'origin', 'main~1:refs/heads/theirs');
    const tree = (await repository.gitWith({ input: '' }, 'hash-object', '-t', 'tree', '-w', '--stdin')).trim();
    const theirs = (await repository.gitWith({ input: 'Theirs\n' }, 'commit-tree', tree, '-p', 'main~1')).trim();
    await repository.git('push', '-q', 'origin', `${theirs}:refs/heads/main`);
    await repository.assistantWrites({ 'b.js': 'b();\n' });
    await repository.git('add', ':/b.js');
    await repository.git('pull', '-q', '--rebase', '--autostash', 'origin', 'main');
    assert.deepEqual([await repository.lines(), await repository.fit()], [['a.js:1 ai'], 'exact']);
    assert.deepEqual(await repository.pending(), ['b.js:1 ai']);
  });
});
