import assert from 'node:assert/strict';
import path from 'node:path';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

describeEverywhere('install --sync', { 'base.js': 'base();\n' }, (now) => {
  async function withRemote(repository: Scenario): Promise<string> {
    const remote = path.join(repository.project.home, 'remote.git');
    await repository.git('init', '-q', '--bare', remote);
    await repository.git('remote', 'add', 'origin', remote);
    return remote;
  }

  it('sends records along with a push, and a fetch brings them to another clone', async () => {
    const repository = now();
    const remote = await withRemote(repository);
    const before = await repository.git('config', '--local', '--list');
    assert.match(await repository.countersign('install', '--git', '--sync'), /pre-push/);
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a');
    await repository.git('push', '-q', 'origin', 'main');
    assert.match(await repository.project.gitWith({ cwd: remote }, 'for-each-ref'), /refs\/countersign\/records/);

    const clone = path.join(repository.project.home, 'clone');
    await repository.git('clone', '-q', '--branch', 'main', remote, clone);
    const here = { cwd: clone };
    assert.match((await repository.project.countersign(['show', 'HEAD'], here)).stdout, /not here/);
    await repository.project.countersign(['install', '--git', '--sync'], here);
    await repository.project.gitWith(here, 'fetch', '-q');
    assert.match((await repository.project.countersign(['show', 'HEAD'], here)).stdout, /its record fits exactly/);

    await repository.countersign('uninstall', '--git');
    assert.equal(await repository.git('config', '--local', '--list'), before);
  });

  it('leaves a push alone where nobody asked for it', async () => {
    const repository = now();
    const remote = await withRemote(repository);
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a');
    await repository.git('push', '-q', 'origin', 'main');
    assert.doesNotMatch(await repository.project.gitWith({ cwd: remote }, 'for-each-ref'), /countersign/);
  });
});
