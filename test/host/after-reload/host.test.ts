import assert from 'node:assert/strict';
import { activated } from '../support/extension.ts';
import { git } from '../support/git.ts';

describe('the host after a reload of the window', () => {
  it('still has the extension, and the repository as the session before has left it', async () => {
    const { isActive } = await activated('countersign.countersign');
    assert.ok(isActive);
    assert.equal(await git('log', '-1', '--format=%an'), 'Ada Tester');
  });
});
