import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isErrorCode } from '../errors.ts';

/** Only the owner reads what is kept here: it holds pieces of code. */
const folderMode = 0o700;
const fileMode = 0o600;

/** Replaces a file as a whole: a reader sees the old bytes or the new ones, never half of them. */
export async function replaceFile(file: string, data: string): Promise<void> {
  const partial = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  await mkdir(path.dirname(file), { recursive: true, mode: folderMode });
  try {
    await writeFile(partial, data, { mode: fileMode, flag: 'wx' });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/**
 * Appends whole lines by one write to a file opened for appending, so that writers never overwrite each other.
 *
 * @returns the size of the file, in bytes
 */
export async function appendLines(file: string, lines: readonly string[]): Promise<number> {
  await mkdir(path.dirname(file), { recursive: true, mode: folderMode });
  const handle = await open(file, 'a+', fileMode);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    // A writer that was killed may have left half a line: it must not swallow ours.
    const torn = size > 0 && (await handle.read(last, 0, 1, size - 1)).bytesRead === 1 && last[0] !== 0x0a;
    const data = Buffer.from(`${torn ? '\n' : ''}${lines.join('\n')}\n`);
    await handle.appendFile(data);
    return size + data.length;
  } finally {
    await handle.close();
  }
}

/** The file's text, or `undefined` where there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  return (await readBytesIfThere(file))?.toString('utf8');
}

/** The file's bytes, or `undefined` where there is no regular file. */
export async function readBytesIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    throw error;
  }
}

/** The names in a folder; none where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

/** What the file system says of a file; `undefined` where there is none (any more). */
export async function statIfThere(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** A lock that nobody touched for this long, in ms, was left behind. Its holders work for some milliseconds. */
const staleAfter = 10_000;
/** How long to wait for a lock, in ms, before giving up: a hook must not hang. */
const patience = 5_000;

/**
 * Runs `work` while no other process does so under the same lock file. A holder that died is recognised by its process
 * id, or by the lock's age where the id means nothing here.
 *
 * @throws where the lock cannot be had in time or the folder cannot be written
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true, mode: folderMode });
  const token = `${process.pid} ${randomBytes(8).toString('hex')}\n`;
  const deadline = Date.now() + patience;
  for (let pause = 1; !(await tryLock(file, token)); pause = Math.min(pause * 2, 50)) {
    if (Date.now() > deadline) throw new Error(`${file} is held by another process: remove it if none is running`);
    await removeIfStale(file);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * pause));
  }
  try {
    return await work();
  } finally {
    if ((await readIfThere(file)) === token) await rm(file, { force: true });
  }
}

async function tryLock(file: string, token: string): Promise<boolean> {
  try {
    await writeFile(file, token, { mode: fileMode, flag: 'wx' });
    return true;
  } catch (error) {
    if (isErrorCode(error, 'EEXIST')) return false;
    // Windows refuses to make a file that is being deleted.
    if (process.platform === 'win32' && isErrorCode(error, 'EPERM', 'EBUSY')) return false;
    throw error;
  }
}

/** Takes a dead holder's lock away: by renaming, so that of several that see it dead one does so. */
async function removeIfStale(file: string): Promise<void> {
  const content = await readIfThere(file);
  if (content === undefined) return;
  const age = Date.now() - ((await statIfThere(file))?.mtimeMs ?? Date.now());
  const holder = Number(content.split(' ')[0]);
  const dead = content !== '' && Number.isInteger(holder) && !isAlive(holder);
  if (!dead && age < staleAfter) return;
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.stale`;
  try {
    await rename(file, aside);
    // Between looking and renaming somebody else may have taken the lock: give it back.
    if ((await readIfThere(aside)) !== content) await rename(aside, file);
    else await rm(aside, { force: true });
  } catch (error) {
    if (!isErrorCode(error, 'ENOENT')) throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrorCode(error, 'EPERM');
  }
}
