import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { isErrorCode } from '../errors.ts';

// The files of the ledger are small and many, and the file system answers sooner than a thread pool: an observation
// that takes 0.2 ms by synchronous calls takes 1.3 ms by the others, most of it spent waiting.

/** Only the owner reads what is kept here: it holds pieces of code. */
const folderMode = 0o700;
export const fileMode = 0o600;

/** Runs `work` again after making the file's folder, where it is the folder that is missing. */
export function inFolder<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isErrorCode(error, 'ENOENT')) throw error;
    mkdirSync(path.dirname(file), { recursive: true, mode: folderMode });
    return work();
  }
}

/** Replaces a file as a whole: a reader sees the old bytes or the new ones, never half of them. */
export function replaceFile(file: string, data: string | Uint8Array): void {
  const partial = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    inFolder(file, () => writeFileSync(partial, data, { mode: fileMode, flag: 'wx' }));
    renameSync(partial, file);
  } catch (error) {
    removeFile(partial);
    throw error;
  }
}

/**
 * Appends whole lines by one write to a file opened for appending, so that writers never overwrite each other.
 *
 * @returns the size of the file, in bytes
 */
export function appendLines(file: string, lines: readonly string[]): number {
  const descriptor = inFolder(file, () => openSync(file, 'a+', fileMode));
  try {
    const { size } = fstatSync(descriptor);
    const last = Buffer.alloc(1);
    // A writer that was killed may have left half a line: it must not swallow ours.
    const torn = size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
    const data = Buffer.from(`${torn ? '\n' : ''}${lines.join('\n')}\n`);
    if (writeSync(descriptor, data) !== data.length) throw new Error(`${file} could not be written: is the disk full?`);
    return size + data.length;
  } finally {
    closeSync(descriptor);
  }
}

/** The file's text, or `undefined` where there is none. */
export function readIfThere(file: string): string | undefined {
  return readBytesIfThere(file)?.toString('utf8');
}

/** The file's bytes, or `undefined` where there is no regular file. */
export function readBytesIfThere(file: string): Buffer | undefined {
  // Most that is asked for is not there, and an error costs as much as reading several files.
  return statIfThere(file) && ifThere(() => readFileSync(file));
}

/** The names in a folder; none where there is no folder. */
export function namesIn(folder: string): string[] {
  return ifThere(() => readdirSync(folder)) ?? [];
}

/** What the file system says of a file; `undefined` where there is none (any more). */
export function statIfThere(file: string): Stats | undefined {
  return ifThere(() => statSync(file, { throwIfNoEntry: false }));
}

/** Removes a file; it need not be there. */
export function removeFile(file: string): void {
  ifThere(() => unlinkSync(file));
}

/** Removes a folder with what is in it; it need not be there. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function ifThere<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    throw error;
  }
}
