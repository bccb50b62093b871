import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readPending } from '../../src/change/pending.ts';
import { openPlace } from '../../src/change/place.ts';
import type { FileChange } from '../../src/core/change.ts';
import { type ChangeFeatures, featuresOfChange } from '../../src/git/history/changeFeatures.ts';
import { readIndex, updateHistoryIndex } from '../../src/git/history/historyIndex.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { Project } from '../support/project.ts';

const lines = (count: number, word = 'line'): string =>
  Array.from({ length: count }, (_, i) => `${word} ${i}\n`).join('');

describe('features of a change', () => {
  let project: Project;
  let repository: Repository;

  beforeEach(async () => {
    project = await Project.create({
      ...{ 'a.ts': lines(10), 'src/b.ts': lines(20, 'b'), 'src/gone.ts': lines(7, 'gone'), 'yarn.lock': lines(9) },
      'picture.png': 'x\0y',
    });
    repository = await openRepository(project.dir);
    await commit('fix: b', { 'src/b.ts': lines(21, 'b') }, 'Ann');
    await commit('More', { 'src/b.ts': lines(22, 'b'), 'a.ts': lines(12) }, 'Bob');
  });
  afterEach(() => project.dispose());

  async function commit(message: string, files: Record<string, string> = {}, author = 'Dev'): Promise<void> {
    await project.write(files);
    await project.git('add', '--all');
    const env = { ...project.env, GIT_AUTHOR_NAME: author };
    await project.gitWith({ env }, 'commit', '--quiet', '--message', message);
  }

  const head = async (): Promise<string> => (await project.git('rev-parse', 'HEAD')).trim();
  const staged = async (): Promise<FileChange[]> => readPending(await openPlace(project.dir), { staged: true });
  const pending = async (facts: { message?: string; budget?: number; time?: number } = {}): Promise<ChangeFeatures> =>
    featuresOfChange(repository, await staged(), { base: await head(), author: 'Dev', ...facts });

  /** New, changed, renamed and changed, deleted; and what does not count. */
  async function changeMuch(): Promise<void> {
    await project.git('mv', 'src/b.ts', 'src/renamed.ts');
    await project.write({
      ...{ 'src/renamed.ts': lines(24, 'b'), 'a.ts': lines(9), 'src/gone.ts': null, 'new/x.ts': lines(5, 'x') },
      ...{ 'yarn.lock': lines(100), 'picture.png': 'z\0', 'empty.ts': '' },
    });
    await project.git('add', '--all');
  }

  it('of a pending change are those that the index gives its commit', async () => {
    await updateHistoryIndex(repository);
    await changeMuch();
    const { features, without, reference } = await pending({ message: 'fix: much' });
    assert.equal(reference.length, 3);
    assert.deepEqual(without, []);
    await commit('fix: much');
    await updateHistoryIndex(repository);
    const committed = readIndex(repository)?.reference.at(-1);
    assert.ok(committed?.history && features.history);
    assert.ok(Math.abs(committed.history.age - features.history.age) < 0.01);
    const { age } = features.history;
    assert.deepEqual({ ...committed, history: { ...committed.history, age } }, features);
    assert.deepEqual(
      { ...features, entropy: 0, history: { ...features.history, age: 0 } },
      {
        ...{
          linesAdded: 7,
          linesDeleted: 10,
          files: 4,
          directories: 3,
          entropy: 0,
          fileLines: (12 + 22 + 7 + 0) / 4,
          fix: true,
        },
        // a.ts: 2 before, b.ts: 3, gone.ts: 1, each once more, and x.ts for the first time. By Dev, Ann and Bob.
        history: { age: 0, changes: 10, developers: 3 },
      },
    );
  });

  it('are known without an index where there is the time', async () => {
    await changeMuch();
    const patient = await pending({ message: 'fix: much' });
    assert.deepEqual([patient.features.history?.changes, patient.without], [10, []]);
    const hasty = await pending({ message: 'fix: much', budget: 5_000 });
    assert.equal(hasty.features.history, undefined);
    assert.deepEqual(
      hasty.without.map(({ what }) => what),
      ['history'],
    );
    assert.match(hasty.without[0]?.why ?? '', /"countersign index"/);
    assert.equal(hasty.features.fileLines, (12 + 22 + 7 + 0) / 4);
  });

  it('take the commits in that the index does not know yet, forwards and backwards', async () => {
    await updateHistoryIndex(repository);
    await commit('Again', { 'a.ts': lines(13) }, 'Cid');
    await project.write({ 'a.ts': lines(14) });
    await project.git('add', '--all');
    const ahead = await pending({ budget: 5_000 });
    assert.deepEqual([ahead.features.history?.changes, ahead.features.history?.developers], [4, 3]);
    assert.equal(ahead.reference.length, 4);
    const back = await featuresOfChange(repository, await staged(), {
      base: await parent(3),
      author: 'Dev',
      budget: 5_000,
    });
    assert.deepEqual([back.features.history?.changes, back.features.history?.developers], [2, 1]);
    assert.equal(back.reference.length, 1);
  });

  const parent = async (steps: number): Promise<string> => (await project.git('rev-parse', `HEAD~${steps}`)).trim();

  it('do with what the index says where HEAD has left it, and say so', async () => {
    await updateHistoryIndex(repository);
    await project.git('checkout', '--quiet', '--orphan', 'other');
    await commit('Anew', { 'a.ts': lines(13) });
    await project.write({ 'a.ts': lines(14) });
    await project.git('add', '--all');
    const { features, without } = await pending({ budget: 5_000, message: 'x' });
    assert.equal(features.history?.changes, 3);
    assert.deepEqual(
      without.map(({ what }) => what),
      ['the latest history'],
    );
  });

  it('take no longer than they may', async () => {
    await updateHistoryIndex(repository);
    await commit('Again', { 'a.ts': lines(13) });
    await project.write({ 'a.ts': lines(14) });
    await project.git('add', '--all');
    const files = await staged();
    const slow = path.join(project.home, 'slow');
    await project.run('mkdir', [slow]);
    writeFileSync(path.join(slow, 'git'), '#!/bin/sh\nexec sleep 30\n', { mode: 0o755 });
    const base = await head();
    const before = process.env['PATH'];
    process.env['PATH'] = `${slow}${path.delimiter}${before}`;
    try {
      const start = performance.now();
      const { features, without } = await featuresOfChange(repository, files, {
        base,
        author: 'Dev',
        message: 'x',
        budget: 150,
      });
      assert.ok(performance.now() - start < 2_000);
      assert.deepEqual([features.linesAdded, features.fileLines, features.history?.changes], [1, undefined, 3]);
      assert.deepEqual(
        without.map(({ what }) => what),
        ['the latest history', 'size of the files'],
      );
      assert.ok(without.every(({ why }) => why.includes('not the time')));
    } finally {
      process.env['PATH'] = before;
    }
  });

  it('before the first commit everything is new', async () => {
    const files = await staged();
    const { features, without } = await featuresOfChange(repository, files, {
      base: null,
      author: 'Dev',
      message: 'x',
    });
    assert.deepEqual(
      [features.files, features.fileLines, features.history],
      [0, 0, { age: 0, changes: 0, developers: 0 }],
    );
    assert.deepEqual(without, []);
  });

  it('know a fix by the message, else by the branch, else not', async () => {
    const fixOf = async (message?: string): Promise<boolean | undefined> =>
      (await pending(message === undefined ? {} : { message })).features.fix;
    assert.deepEqual([await fixOf(), await fixOf('Mend the bug'), await fixOf('Add x')], [undefined, true, false]);
    await project.git('checkout', '--quiet', '-b', 'fix/crash');
    assert.deepEqual([await fixOf(), await fixOf('Add x')], [true, false]);
    await project.git('checkout', '--quiet', '--detach');
    assert.equal(await fixOf(), undefined);
  });
});
