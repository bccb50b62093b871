import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** All `*.test.ts` below a folder, absolute and in a fixed order. */
export async function testFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.test.ts'))
    .sort()
    .map((entry) => path.join(folder, entry));
}
