import { rm } from 'node:fs/promises';
import path from 'node:path';
import { namesIn, statIfThere } from './files.ts';

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
  for (const shard of await namesIn(folder)) {
    for (const name of await namesIn(path.join(folder, shard))) {
      const file = path.join(folder, shard, name);
      const stats = await statIfThere(file);
      if (stats) files.push({ file, hash: name, size: stats.size, stored: stats.mtimeMs });
    }
  }
  return files;
}
