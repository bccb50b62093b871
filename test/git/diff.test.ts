import assert from 'node:assert/strict';
import { chmod, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lineHash } from '../../src/core/digest.ts';
import { type DiffFile, readDiff } from '../../src/git/diff.ts';
import { Git } from '../../src/git/git.ts';
import { Project } from '../support/project.ts';

describe("git's diff", () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'one\ntwo\nthree\nfour\nfive\n', 'b.txt': 'b\n', 'c.txt': 'c' });
  });
  afterEach(() => project.dispose());

  async function staged(): Promise<Map<string, DiffFile>> {
    await project.git('add', '--all');
    const files = await readDiff(new Git(project.dir), 'diff-index', ['--cached', 'HEAD']);
    return new Map(files.map((file) => [file.path, file]));
  }

  it('counts lines as numstat does, lines that look like its own headers among them', async () => {
    const odd =
      '--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\ndiff --git a/x b/x\n\\ No newline at end of file\nBinary files a and b differ\n\n';
    await project.write({
      'a.txt': `${odd}one\ntwo\nFOUR\nfive\n${odd}`,
      'b.txt': null,
      'c.txt': 'c\nd',
      'new.txt': odd,
    });
    const files = await staged();
    const numstat = await project.git('diff', '--cached', '--numstat', '--no-renames', '--diff-algorithm=histogram');
    for (const row of numstat.trim().split('\n')) {
      const [added, deleted, name = ''] = row.split('\t');
      const file = files.get(name);
      assert.deepEqual([file?.added.length, file?.deleted], [Number(added), Number(deleted)], name);
    }
    const lines = odd.split('\n').slice(0, -1);
    assert.deepEqual(
      files.get('new.txt')?.added,
      lines.map((text, i) => ({ number: i + 1, hash: lineHash(text) })),
    );
  });

  it('says which lines of the old file are gone', async () => {
    await project.write({ 'a.txt': 'one\nTWO\nfive\nsix\n', 'b.txt': null, 'c.txt': 'c\nd' });
    const files = await staged();
    const removed = (name: string) => files.get(name)?.removed;
    assert.deepEqual(removed('a.txt'), [{ first: 2, count: 3 }]);
    assert.deepEqual(removed('b.txt'), [{ first: 1, count: 1 }]);
    assert.deepEqual(removed('c.txt'), [{ first: 1, count: 1 }], 'it had no line break at its end');
  });

  it('follows a rename, and takes modes, links, binary files and submodules for what they are', async () => {
    await project.git('mv', 'a.txt', 'sub dir/ä"b\\.txt').catch(async () => {
      await project.write({ 'sub dir/x': '' });
      await project.git('mv', 'a.txt', 'sub dir/ä"b\\.txt');
    });
    await chmod(path.join(project.dir, 'b.txt'), 0o755);
    await rm(path.join(project.dir, 'c.txt'));
    await symlink('b.txt', path.join(project.dir, 'c.txt'));
    await writeFile(path.join(project.dir, 'd.bin'), Buffer.from([0, 10, 1, 10]));
    await project.git('init', '-q', 'module');
    await project.gitWith(
      { cwd: path.join(project.dir, 'module') },
      '-c',
      'user.name=a',
      '-c',
      'user.email=b',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
    );
    const files = await staged();
    assert.equal(files.get('sub dir/ä"b\\.txt')?.oldPath, 'a.txt');
    assert.deepEqual(files.get('sub dir/ä"b\\.txt')?.added, []);
    assert.deepEqual([files.get('b.txt')?.newMode, files.get('b.txt')?.added], ['100755', []]);
    assert.deepEqual([files.get('c.txt')?.newMode, files.get('c.txt')?.added.length], ['120000', 1]);
    assert.ok(files.get('d.bin')?.binary);
    assert.deepEqual([files.get('module')?.newMode, files.get('module')?.added], ['160000', []]);
  });

  it('hashes a line without its CR', async () => {
    await project.git('config', 'core.autocrlf', 'false');
    await project.write({ 'b.txt': 'b\r\nc\r\n' });
    const files = await staged();
    assert.deepEqual(
      files.get('b.txt')?.added.map(({ hash }) => hash),
      [lineHash('b'), lineHash('c')],
    );
  });
});
