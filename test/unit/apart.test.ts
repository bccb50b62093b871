import assert from 'node:assert/strict';
import { type Apart, apartReason, isLfsPointer } from '../../src/core/apart.ts';

describe('what is listed apart', () => {
  it('is told by its path', () => {
    const paths: [path: string, reason: Apart | undefined][] = [
      ['package-lock.json', 'lock'],
      ['deep/in/Cargo.lock', 'lock'],
      ['go.sum', 'lock'],
      ['my-package-lock.json', undefined],
      ['yarn.lock/readme.md', undefined],
      ['flock.ts', undefined],
      ['src/__snapshots__/a.test.js.snap', 'snapshot'],
      ['src/__image_snapshots__/a.txt', 'snapshot'],
      ['tests/snapshots/case.snap', 'snapshot'],
      ['src/snapshots/store.ts', undefined],
      ['src/snap.ts', undefined],
    ];
    for (const [path, reason] of paths) assert.equal(apartReason(path), reason, path);
  });

  it('is what the repository says it is, and not what it says it is not', () => {
    assert.equal(apartReason('a.ts', { generated: true }), 'generated');
    assert.equal(apartReason('a.ts', { vendored: true }), 'vendored');
    assert.equal(apartReason('yarn.lock', { generated: true }), 'generated');
    assert.equal(apartReason('yarn.lock', { generated: false }), undefined);
    assert.equal(apartReason('yarn.lock', { vendored: false }), 'lock');
    assert.equal(apartReason('a.ts', { generated: false, vendored: true }), 'vendored');
  });

  it('is a pointer to large file storage, not a text about one', () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 1\n`;
    assert.ok(isLfsPointer(pointer));
    assert.ok(!isLfsPointer(`# ${pointer}`));
    assert.ok(!isLfsPointer(pointer.replace('sha256', 'md5')));
    assert.ok(!isLfsPointer(pointer + 'x'.repeat(1024)));
  });
});
