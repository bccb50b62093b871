import assert from 'node:assert/strict';
import { describeEverywhere } from '../support/scenario.ts';

const base = { 'base.js': 'one();\ntwo();\nthree();\n' };

describeEverywhere('a rewrite that drops what named the records', base, (now) => {
  it('a cherry-pick of a commit that only a note tells of keeps its origins', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.assistantWrites({ 'a.js': 'a1();\na2();\n' });
    await repository.commit('Add a', '--no-verify');
    await repository.git('checkout', '-q', 'main');
    await repository.writes({ 'c.js': 'c();\n' });
    await repository.commit('Meanwhile');
    await repository.forgetPending();
    await repository.git('cherry-pick', 'side');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai', 'a.js:2 ai']);
  });

  it('each of several cherry-picked commits that only notes tell of keeps its origins', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.assistantWrites({ 'a.js': 'a1();\n' });
    await repository.commit('Add a', '--no-verify');
    await repository.assistantWrites({ 'b.js': 'b1();\n' });
    await repository.commit('Add b', '--no-verify');
    await repository.git('checkout', '-q', 'main');
    await repository.writes({ 'c.js': 'c();\n' });
    await repository.commit('Meanwhile');
    await repository.forgetPending();
    await repository.git('cherry-pick', 'side~1', 'side');
    assert.deepEqual([await repository.lines('HEAD~1'), await repository.lines()], [['a.js:1 ai'], ['b.js:1 ai']]);
  });

  it('a revert with other words keeps the origins of what it brought back', async () => {
    const repository = now();
    await repository.assistantWrites({ 'base.js': 'one();\ntwo();\nthree();\nfour();\nfive();\n' });
    await repository.commit('Add lines');
    await repository.writes({ 'base.js': 'one();\ntwo();\nthree();\nfive();\n' });
    await repository.commit('Take four out');
    await repository.forgetPending();
    await repository.git('revert', '--no-edit', 'HEAD');
    await repository.git('commit', '-q', '--amend', '-m', 'Four is back');
    assert.deepEqual(await repository.lines(), ['base.js:4 ai']);
  });

  it('the record of a revert with other words is judged like any other', async () => {
    const repository = now();
    await repository.assistantWrites({ 'base.js': 'one();\ntwo();\nthree();\nfour();\n' });
    await repository.commit('Add a line');
    await repository.writes({ 'base.js': 'one();\ntwo();\nthree();\n' });
    await repository.commit('Take four out');
    await repository.forgetPending();
    await repository.git('-c', 'core.hooksPath=/dev/null', 'revert', '--no-edit', 'HEAD');
    await repository.git('commit', '-q', '--amend', '--no-verify', '-m', 'Four is back');
    const { risk } = JSON.parse(await repository.countersign('show', 'HEAD', '--json')) as {
      risk: { percentile: number | null } | null;
    };
    assert.equal(typeof risk?.percentile, 'number');
    assert.deepEqual(await repository.lines(), ['base.js:4 ai']);
  });

  it('a squash with other words keeps the origins of commits that only notes tell of', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.assistantWrites({ 'a.js': 'a1();\n' });
    await repository.commit('Add a', '--no-verify');
    await repository.git('checkout', '-q', 'main');
    await repository.forgetPending();
    await repository.git('merge', '-q', '--squash', 'side');
    await repository.git('commit', '-qm', 'Other words');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai']);
  });
});
