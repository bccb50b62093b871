import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isErrorCode } from '../errors.ts';
import { fileMode, inFolder, readIfThere, removeFile, statIfThere } from './files.ts';

/** A lock that nobody touched for this long, in ms, was left behind. Its holders work for some milliseconds. */
const staleAfter = 10_000;
/** How long to wait for a lock, in ms, before giving up: a hook must not hang. */
const patience = 5_000;

/** Says who holds a lock: the process, and a number that another process of the same id would not have. */
const token = `${process.pid} ${randomBytes(8).toString('hex')}\n`;

/**
 * Runs `work` while no other process, and nothing else in this one, does so under the same lock file. A holder that died is
 * recognised by its process id, or by the lock's age where the id means nothing here.
 *
 * @throws where the lock cannot be had in time or the folder cannot be written
 */
export async function withLock<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (let pause = 1; !tryLock(file); pause = Math.min(pause * 2, 50)) {
    if (Date.now() > deadline) throw new Error(`${file} is held by another process: remove it if none is running`);
    removeIfStale(file);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * pause));
  }
  try {
    return await work();
  } finally {
    // Somebody who took it for stale has one of their own.
    if (readIfThere(file) === token) removeFile(file);
  }
}

/** In each folder of locks a file with our token: a lock is a further name of it. */
const tokenFiles = new Map<string, string>();

process.once('exit', () => {
  for (const file of tokenFiles.values()) removeFile(file);
});

/**
 * A lock is there with its holder's token or not at all, whenever a holder is killed; and a file system makes a name
 * much faster than a file.
 */
function tryLock(file: string): boolean {
  const folder = path.dirname(file);
  const known = tokenFiles.get(folder);
  try {
    if (known !== undefined) {
      const now = new Date();
      utimesSync(known, now, now);
    }
    linkSync(known ?? makeTokenFile(folder), file);
    return true;
  } catch (error) {
    if (isErrorCode(error, 'EEXIST')) return false;
    // Windows refuses to make a file that is being deleted.
    if (process.platform === 'win32' && isErrorCode(error, 'EPERM', 'EBUSY')) return false;
    // Somebody tidied the folder up: begin anew.
    if (!isErrorCode(error, 'ENOENT') || known === undefined) throw error;
    tokenFiles.delete(folder);
    return tryLock(file);
  }
}

function makeTokenFile(folder: string): string {
  const file = path.join(folder, `holder.${token.trim().replace(' ', '.')}.tmp`);
  inFolder(file, () => writeFileSync(file, token, { mode: fileMode }));
  tokenFiles.set(folder, file);
  return file;
}

/** Takes a dead holder's lock away: by renaming, so that of several that see it dead one does so. */
function removeIfStale(file: string): void {
  const content = readIfThere(file);
  if (content === undefined) return;
  // A clock that was put back makes a lock look as if it were yet to come: it is as stale as one that is long gone.
  const age = Math.abs(Date.now() - (statIfThere(file)?.mtimeMs ?? Date.now()));
  const holder = Number(content.split(' ')[0]);
  const dead = content !== '' && Number.isInteger(holder) && !isAlive(holder);
  if (!dead && age < staleAfter) return;
  const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.stale`;
  try {
    renameSync(file, aside);
    // Between looking and renaming somebody else may have taken the lock: give it back.
    if (readIfThere(aside) !== content) renameSync(aside, file);
    else removeFile(aside);
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
