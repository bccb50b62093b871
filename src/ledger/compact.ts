import path from 'node:path';
import { namesIn, removeFile, statIfThere } from './files.ts';

/** How much is kept of what nothing pending needs. */
export interface Limits {
  /** Total size of the stored texts, in bytes. */
  readonly size: number;
  /** Age of a text or a step, in ms. */
  readonly age: number;
  /** Steps of one path. */
  readonly steps: number;
  /** What is younger than this, in ms, is never removed: a text's journal entry may be about to be written. */
  readonly grace: number;
}

export const defaultLimits: Limits = {
  size: 64 * 1024 * 1024,
  age: 30 * 24 * 60 * 60_000,
  steps: 1_000,
  grace: 60 * 60_000,
};

interface StoredFile {
  readonly file: string;
  readonly name: string;
  readonly size: number;
  /** In ms. */
  readonly stored: number;
}

/**
 * Removes stored texts that are too old, and the oldest ones above the size limit. What `needed` names stays whatever its
 * age. Returns how many were removed.
 */
export function removeTexts(folder: string, needed: ReadonlySet<string>, limits: Limits): number {
  const now = Date.now();
  const files = namesIn(folder)
    .flatMap((shard) => filesIn(path.join(folder, shard)))
    .filter(({ name }) => !isLeftover(name));
  let left = files.reduce((sum, { size }) => sum + size, 0);
  let removed = 0;
  for (const { file, name, size, stored } of files.sort((a, b) => a.stored - b.stored)) {
    const age = now - stored;
    if (needed.has(name) || age < limits.grace || (age < limits.age && left <= limits.size)) continue;
    removeFile(file);
    left -= size;
    removed++;
  }
  return removed;
}

/** Removes what writers left behind that were killed: half-written files and locks. */
export function removeLeftovers(folder: string, limits: Limits): void {
  for (const { file, name, stored } of filesIn(folder)) {
    if (isLeftover(name) && Date.now() - stored >= limits.grace) removeFile(file);
  }
}

function isLeftover(name: string): boolean {
  return /\.(tmp|lock|stale)$/.test(name);
}

/** The files of a folder; those in folders of it aside. */
export function filesIn(folder: string): StoredFile[] {
  return namesIn(folder).flatMap((name) => {
    const file = path.join(folder, name);
    const stats = statIfThere(file);
    return stats?.isFile() ? [{ file, name, size: stats.size, stored: stats.mtimeMs }] : [];
  });
}
