import assert from 'node:assert/strict';
import { freshnessOf } from '../../../src/core/validation/freshness.ts';

describe('freshness of what was validated', () => {
  it('is unknown where it was not noted what it ran on', () => {
    assert.deepEqual(freshnessOf(undefined), { freshness: 'unknown' });
  });

  it('is current where nothing has changed, or prose alone', () => {
    assert.deepEqual(freshnessOf([]), { freshness: 'current' });
    assert.deepEqual(freshnessOf(['README.md', 'docs/use.rst', 'LICENSE', 'lib/CHANGELOG']), { freshness: 'current' });
  });

  it('is stale where anything else has, and says what', () => {
    const changed = ['README.md', 'package-lock.json', 'a.txt', 'page.mdx', 'src/license.ts'];
    assert.deepEqual(freshnessOf(changed), {
      freshness: 'stale',
      changed: { files: 4, first: ['package-lock.json', 'a.txt', 'page.mdx'] },
    });
    assert.deepEqual(freshnessOf('untold'), { freshness: 'stale' });
  });
});
