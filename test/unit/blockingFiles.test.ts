import assert from 'node:assert/strict';
import * as promises from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as blocking from '../../src/cli/blockingFiles.ts';

describe('files, at once', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await promises.mkdtemp(path.join(os.tmpdir(), 'countersign-test-'));
  });

  afterEach(() => promises.rm(folder, { recursive: true }));

  /** What a run of the hook's kind of work leaves and answers. */
  async function work(files: typeof blocking | typeof promises): Promise<unknown[]> {
    const file = (name: string): string => path.join(folder, 'a/b', name);
    await files.mkdir(file('.'), { recursive: true, mode: 0o700 });
    await files.writeFile(file('new'), 'text\n', { mode: 0o600, flag: 'wx' });
    const taken = await files.writeFile(file('new'), '', { flag: 'wx' }).catch(({ code }) => code);
    await files.rename(file('new'), file('moved'));
    const handle = await files.open(file('moved'), 'a+', 0o600);
    const last = Buffer.alloc(2);
    const { bytesRead } = await handle.read(last, 0, 2, (await handle.stat()).size - 2);
    await handle.appendFile('more\n');
    await handle.close();
    const text = await files.readFile(file('moved'), 'utf8');
    const stats = await files.lstat(file('moved'));
    const names = await (files.readdir as typeof promises.readdir)(file('.'));
    const real = await files.realpath(path.join(folder, 'a/../a'));
    await files.rm(file('moved'), { force: true });
    await files.rm(file('moved'), { force: true });
    const gone = await files.readFile(file('moved')).catch(({ code }) => code);
    await files.rm(path.join(folder, 'a'), { recursive: true });
    return [taken, last.toString(), bytesRead, text, stats?.size, Number(stats?.mode) & 0o777, names, real, gone];
  }

  it('do as the promises do', async () => {
    const expected = await work(promises);
    assert.deepEqual(expected.slice(0, 4), ['EEXIST', 't\n', 2, 'text\nmore\n']);
    assert.deepEqual(await work(blocking), expected);
  });
});
