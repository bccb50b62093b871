import assert from 'node:assert/strict';
import { ChangedFiles } from '../../src/change/changedFiles.ts';
import { readPending } from '../../src/change/pending.ts';
import { openPlace } from '../../src/change/place.ts';
import { Project } from '../support/project.ts';

describe('the texts of a change', () => {
  let project: Project;
  afterEach(() => project.dispose());

  async function read(staged: boolean, texts = new ChangedFiles()): Promise<ChangedFiles> {
    await readPending(await openPlace(project.dir), { staged, texts });
    return texts;
  }

  for (const staged of [true, false]) {
    it(`are those before and after, with the lines that differ: ${staged ? 'the index' : 'the work tree'}`, async () => {
      project = await Project.create({
        'a.txt': 'one\ntwo\nthree\n',
        'gone.txt': 'old\n',
        'old.txt': 'a\nb\nc\nd\n',
        'yarn.lock': 'x\n',
      });
      await project.write({
        'a.txt': 'ONE\ntwo\n',
        'gone.txt': null,
        'new.txt': 'n\nm\n',
        'yarn.lock': 'y\n',
        'picture.bin': Buffer.from([0, 1, 2]).toString('latin1'),
      });
      await project.git('mv', 'old.txt', 'renamed.txt');
      await project.write({ 'renamed.txt': 'a\nb\nc\nd\ne\n' });
      if (staged) await project.git('add', '--all');
      const { files, skipped, linesBefore } = await read(staged);
      assert.equal(skipped, 0);
      assert.deepEqual([...linesBefore].sort(), [
        ['a.txt', 3],
        ['gone.txt', 1],
        ['new.txt', 0],
        ['renamed.txt', 4],
        ['yarn.lock', 1],
      ]);
      assert.deepEqual(
        [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
        [
          { path: 'a.txt', before: 'one\ntwo\nthree\n', after: 'ONE\ntwo\n', added: [1], removed: [1, 3] },
          { path: 'gone.txt', before: 'old\n', after: undefined, added: [], removed: [1] },
          { path: 'new.txt', before: undefined, after: 'n\nm\n', added: [1, 2], removed: [] },
          {
            ...{ path: 'renamed.txt', oldPath: 'old.txt', before: 'a\nb\nc\nd\n', after: 'a\nb\nc\nd\ne\n' },
            ...{ added: [5], removed: [] },
          },
          { path: 'yarn.lock', before: 'x\n', after: 'y\n', added: [1], removed: [1], apart: 'lock' },
        ],
      );
    });
  }

  it('are kept within limits; what is above them is counted', async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
    await project.write({ 'a.txt': 'aa\n', 'b.txt': 'b\n', 'c.txt': 'c'.repeat(50), 'd.txt': 'd\n', 'e.txt': 'e\n' });
    await project.git('add', '--all');
    const limits = { files: 3, text: 40, texts: 100 };
    const few = await read(true, new ChangedFiles(limits));
    assert.deepEqual([few.files.map(({ path }) => path), few.skipped], [['a.txt', 'b.txt', 'd.txt'], 2]);
    const little = await read(true, new ChangedFiles({ ...limits, files: 9, texts: 8 }));
    assert.deepEqual([little.files.map(({ path }) => path), little.skipped], [['a.txt', 'b.txt'], 3]);
  });
});
