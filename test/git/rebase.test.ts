import assert from 'node:assert/strict';
import { describeEverywhere } from '../support/scenario.ts';

describeEverywhere('a rebase', { 'base.js': 'base();\n' }, (now) => {
  it('that is clean changes nothing', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a');
    await repository.personWrites({ 'b.js': 'b();\n' });
    await repository.commit('Add b');
    await repository.git('checkout', '-q', 'main');
    await repository.writes({ 'c.js': 'c();\n' });
    await repository.commit('Meanwhile');
    await repository.git('rebase', '-q', 'main', 'side');
    assert.deepEqual(await repository.authors('side~1'), ['a.js:1 ai my-agent']);
    assert.deepEqual(await repository.lines('side'), ['b.js:1 human']);
    assert.equal(await repository.fit('side'), 'exact');
  });
});
