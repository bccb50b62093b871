import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from '../support/program.ts';

const dist = path.join(__dirname, '../../dist');

describe('what V8 made of the program', () => {
  let folder: string;
  let cache: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'code cache '));
    cache = path.join(folder, 'cache');
    await cp(dist, folder, { recursive: true, filter: (source) => path.basename(source) !== 'cache' });
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function version(): Promise<string> {
    const args = [path.join(folder, 'cli.js'), '--version'];
    const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd: folder, env: process.env });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    return stdout.trim();
  }

  async function kept(): Promise<Map<string, number>> {
    const names = await readdir(cache);
    const times = await Promise.all(names.map(async (name) => (await stat(path.join(cache, name))).mtimeMs));
    return new Map(names.map((name, i) => [name, times[i] as number]));
  }

  it('is kept once for each bundle that was loaded, readable by its owner alone', async () => {
    const first = await version();
    const files = await kept();
    assert.deepEqual([...files.keys()].map((name) => name.replace(/-.*/, '')).sort(), ['commands.js', 'main.js']);
    assert.equal(await version(), first);
    assert.deepEqual(await kept(), files, 'taken as it is');
    if (process.platform !== 'win32') assert.equal((await stat(cache)).mode & 0o777, 0o700);
  });

  it('is kept for each command by itself, with the functions that it calls, and for none that is called wrongly', async () => {
    await version();
    const run = async (...args: readonly string[]): Promise<number | null> =>
      (await runProgram(process.execPath, [path.join(folder, 'cli.js'), ...args], { cwd: folder, env: process.env }))
        .code;
    const before = await kept();
    assert.equal(await run('help'), 0);
    const more = [...(await kept()).keys()].filter((name) => !before.has(name)).map((name) => name.replace(/-v.*/, ''));
    assert.deepEqual(more.sort(), ['commands.js-help', 'main.js-help']);
    const known = await kept();
    assert.equal(await run('no-such-command'), 2);
    assert.deepEqual(await kept(), known);
  });

  it('is not taken for another program of the same length', async () => {
    const first = await version();
    const bundle = path.join(folder, 'commands.js');
    const text = await readFile(bundle, 'utf8');
    const other = first.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    await writeFile(bundle, text.replaceAll(`"${first}"`, `"${other}"`));
    assert.equal(await version(), other);
  });

  it('does no harm where it is damaged, or cannot be kept', async () => {
    const first = await version();
    for (const name of (await kept()).keys()) await writeFile(path.join(cache, name), 'garbage');
    assert.equal(await version(), first);
    await rm(cache, { recursive: true });
    await writeFile(cache, 'a file in its place');
    assert.equal(await version(), first);
    assert.equal(await readFile(cache, 'utf8'), 'a file in its place');
  });
});
