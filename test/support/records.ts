import { sha256 } from '../../src/core/digest.ts';
import { recordsRef } from '../../src/git/records.ts';
import type { Project } from './project.ts';

/** Bytes that are named after their digest as a record's are, though they are none. */
export function recordOf(text: string): { digest: string; bytes: string; path: string } {
  const bytes = `${JSON.stringify({ record: text })}\n`;
  const digest = sha256(bytes);
  return { digest, bytes, path: `${digest.slice(0, 2)}/${digest}.json` };
}

/** Paths in the tree of a ref; none where there is no such ref. */
export async function stored(project: Project, ref = recordsRef, cwd = project.dir): Promise<string[]> {
  const refs = await project.gitWith({ cwd }, 'for-each-ref', '--format=%(refname)', ref);
  if (refs === '') return [];
  const paths = await project.gitWith({ cwd }, 'ls-tree', '-r', '--name-only', ref);
  return paths
    .split('\n')
    .filter((path) => path !== '')
    .sort();
}
