import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { isErrorCode } from '../errors.ts';

/** How much is kept of what nothing names any more. */
export interface Limits {
  /** Total size of the stored texts, in bytes. */
  readonly size: number;
  /** Age since a text was stored, in ms. */
  readonly age: number;
  /** A text that is younger than this, in ms, is never removed: its journal entry may be about to be written. */
  readonly grace: number;
}

export const defaultLimits: Limits = { size: 64 * 1024 * 1024, age: 30 * 24 * 60 * 60_000, grace: 60 * 60_000 };

interface StoredFile {
  readonly file: string;
  readonly hash: string;
  readonly size: number;
  /** In ms. */
  readonly stored: number;
}

/**
 * Removes stored texts that are too old, and the oldest ones above the size limit. What `needed` names stays whatever its
 * age: the last known text of each path, from which pending lines have their origin. Returns how many were removed.
 */
export async function pruneTexts(
  folder: string,
  needed: ReadonlySet<string>,
  limits: Limits = defaultLimits,
): Promise<number> {
  const now = Date.now();
  const files = await storedFiles(folder);
  let left = files.reduce((sum, { size }) => sum + size, 0);
  let removed = 0;
  for (const { file, hash, size, stored } of files.sort((a, b) => a.stored - b.stored)) {
    const age = now - stored;
    if (needed.has(hash) || age < limits.grace || (age < limits.age && left <= limits.size)) continue;
    await rm(file, { force: true });
    left -= size;
    removed++;
  }
  return removed;
}

async function storedFiles(folder: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const shard of await names(folder)) {
    for (const name of await names(path.join(folder, shard))) {
      const file = path.join(folder, shard, name);
      try {
        const { size, mtimeMs } = await stat(file);
        files.push({ file, hash: name, size, stored: mtimeMs });
      } catch (error) {
        if (!isErrorCode(error, 'ENOENT')) throw error; // another process was first
      }
    }
  }
  return files;
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}
