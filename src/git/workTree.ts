import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { isErrorCode } from '../errors.ts';
import type { Repository } from './repository.ts';

/** The commit HEAD points to; `null` on an unborn branch. */
export async function headCommit({ git }: Repository): Promise<string | null> {
  return (await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])) ?? null;
}

/** When HEAD's commit was made, in ms since 1970; 0 on an unborn branch. */
export async function lastCommitTime({ git }: Repository): Promise<number> {
  const seconds = await git.ask(['log', '-1', '--format=%ct', 'HEAD', '--']);
  return 1000 * Number(seconds ?? 0);
}

/** Untracked files that are not ignored. */
export async function untrackedFiles({ git }: Repository): Promise<string[]> {
  return splitNul(await git.run(['ls-files', '--others', '--exclude-standard', '-z']));
}

/** Lists every file that differs, by itself: no folder for its files, no rename for two paths. */
export const statusCommand = [
  'status',
  '--porcelain=v1',
  '-z',
  '--untracked-files=all',
  '--no-renames',
  '--ignore-submodules=all',
] as const;

/** Files of the work tree that differ from HEAD in any way: staged, unstaged, untracked (ignored ones aside), deleted. */
export async function dirtyFiles({ git }: Repository): Promise<string[]> {
  const entries = splitNul(await git.run(statusCommand));
  return entries.map((entry) => entry.slice(3));
}

function splitNul(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry !== '');
}

/** Files above this many bytes are counted, not attributed. */
export const maxFileSize = 16 * 1024 * 1024;

export type FileContent =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly isLink?: true }
  | { readonly kind: 'absent' }
  /** A folder, a device, or a file above the limit. */
  | { readonly kind: 'skipped' };

/**
 * What git would take from the work tree: a file's bytes, or where a symbolic link points to.
 *
 * @param maxSize in bytes; a file above it is skipped
 */
export function readWorkTreeFile({ top }: Repository, relativePath: string, maxSize = maxFileSize): FileContent {
  const file = path.join(top, relativePath);
  try {
    const stats = lstatSync(file);
    if (stats.isSymbolicLink()) return { kind: 'bytes', bytes: Buffer.from(readlinkSync(file)), isLink: true };
    if (!stats.isFile() || stats.size > maxSize) return { kind: 'skipped' };
    return { kind: 'bytes', bytes: readFileSync(file) };
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR')) return { kind: 'absent' };
    throw error;
  }
}

/** When a file's content was last changed, in ms since 1970; `undefined` where there is none. */
export function lastChange({ top }: Repository, relativePath: string): number | undefined {
  try {
    return lstatSync(path.join(top, relativePath), { throwIfNoEntry: false })?.mtimeMs;
  } catch (error) {
    if (isErrorCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}
