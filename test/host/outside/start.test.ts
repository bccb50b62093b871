import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Lifetime } from '../../../scripts/lifetime.ts';
import { root } from '../../../scripts/paths.ts';
import { temporaryFolder } from '../../../scripts/vscode-host/isolation.ts';

describe('npm start', () => {
  let lifetime: Lifetime;
  let temporary: string;

  beforeEach(async () => {
    lifetime = new Lifetime();
    temporary = await temporaryFolder(lifetime, 'start-test');
  });

  afterEach(() => lifetime.end());

  async function start(...args: string[]): Promise<ChildProcess & { stdout: Readable; stderr: Readable }> {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join('scripts', 'start.ts'), ...args], {
      cwd: root,
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit');
    await lifetime.defer(async () => {
      child.kill('SIGTERM'); // which does nothing where it has ended
      await ended;
    });
    return child;
  }

  it('serves the demo until Ctrl+C, then is gone without a trace', async () => {
    const child = await start();
    const ended = once(child, 'exit');
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    const address = await Promise.race([
      firstAddress(child.stdout),
      ended.then(([code]) => assert.fail(`it ended with exit code ${code}: ${stderr}`)),
    ]);

    const entrance = await fetch(address, { redirect: 'manual' });
    const cookie = entrance.headers.get('set-cookie')?.split(';')[0] ?? '';
    const workbench = await fetch(new URL(entrance.headers.get('location') ?? '', address), { headers: { cookie } });
    assert.equal(workbench.status, 200);
    assert.match(await workbench.text(), /workbench/);
    assert.equal((await fetch(new URL('/', address))).status, 403, 'nobody gets in without the secret');

    child.kill('SIGINT');
    assert.deepEqual(await ended, [0, null]);
    await assert.rejects(fetch(address), 'nobody listens any more');
    // tsx has a cache there, too.
    const left = await readdir(temporary);
    assert.deepEqual(
      left.filter((name) => name.startsWith('countersign-')),
      [],
    );
  });

  it('says what is wrong with a folder that is not there', async () => {
    const child = await start(path.join(temporary, 'nowhere'));
    const stderr = child.stderr.toArray();
    assert.deepEqual(await once(child, 'exit'), [1, null]);
    assert.match(Buffer.concat(await stderr).toString(), /^\S+nowhere is not a folder: [^\n]+\n$/);
  });
});

/** The first address in what a program prints. */
async function firstAddress(output: Readable): Promise<string> {
  for await (const line of createInterface(output)) {
    const [address] = /http:\/\/\S+/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('It printed no address.');
}
