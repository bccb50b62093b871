import assert from 'node:assert/strict';
import { activated } from '../support/extension.ts';

describe('the VSIX for the marketplace', () => {
  it('is active, and asks for no proposed API', async () => {
    const { isActive, packageJSON } = await activated('countersign.countersign');
    assert.ok(isActive);
    assert.ok(!Object.hasOwn(packageJSON, 'enabledApiProposals'));
  });
});
