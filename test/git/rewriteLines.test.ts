import assert from 'node:assert/strict';
import { describeEverywhere } from '../support/scenario.ts';

const base = { 'base.js': 'one();\ntwo();\nthree();\n' };

describeEverywhere('a line that only a part of is known', base, (now) => {
  it('a line that an assistant only cut something out of is not all its own where the whole line is new', async () => {
    const repository = now();
    await repository.writes({ 'a.js': 'call(first, second);\n' });
    await repository.commit('By nobody');
    await repository.assistantWrites({ 'a.js': 'call(first);\n' });
    await repository.commit('Cut by AI');
    await repository.writes({ 'a.js': null });
    await repository.commit('Take it out');
    await repository.forgetPending();
    await repository.git('revert', '--no-edit', 'HEAD');
    assert.notDeepEqual(await repository.lines(), ['a.js:1 ai']);
  });

  it('a squash on a server does not give a line that a person and an assistant wrote to one of them', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.assistantWrites({ 'a.js': 'const total = computeTheSum(first, second);\n' });
    await repository.commit('By AI');
    await repository.personWrites({ 'a.js': 'const total = computeTheSum(first, another);\n' });
    await repository.commit('By a person');
    const body = await repository.git('log', '--reverse', '--format=* %B', 'main..side');
    const made = await repository.git('commit-tree', 'side^{tree}', '-p', 'main', '-m', `Both (#1)\n\n${body}`);
    await repository.forgetPending();
    assert.deepEqual(await repository.lines(made.trim()), ['a.js:1 unknown']);
  });

  it('an amend with other words keeps in mind that a person cut something out of an AI line', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'call(first, second);\n' });
    await repository.personWrites({ 'a.js': 'call(first);\n' });
    await repository.commit('Add a');
    assert.deepEqual(await repository.lines(), ['a.js:1 mixed']);
    await repository.git('commit', '-q', '--amend', '-m', 'Other words');
    assert.deepEqual(await repository.lines(), ['a.js:1 mixed']);
  });

  it('a revert brings lines back into a file that was renamed since', async () => {
    const repository = now();
    await repository.assistantWrites({ 'base.js': 'one();\ntwo();\nthree();\nfour();\nfive();\nsix();\n' });
    await repository.commit('Add lines');
    await repository.writes({ 'base.js': 'one();\ntwo();\nthree();\nfour();\nsix();\n' });
    await repository.commit('Take five out');
    await repository.writes({ 'base.js': null, 'moved.js': await repository.read('base.js') });
    await repository.commit('Move');
    await repository.forgetPending();
    await repository.git('revert', '--no-edit', 'HEAD~1');
    assert.deepEqual(await repository.lines(), ['moved.js:5 ai']);
  });
});
