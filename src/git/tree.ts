import type { Git } from './git.ts';

export interface TreeFile {
  /** From the top of the tree. */
  readonly path: string;
  readonly object: string;
}

/** All files of a commit or a tree, by one process; none where there is no such commit. Submodules are left out. */
export async function listTree(git: Git, revision: string): Promise<TreeFile[]> {
  const output = await git.ask(['ls-tree', '-r', '-z', '--full-tree', revision]);
  return (output ?? '').split('\0').flatMap((entry) => {
    const tab = entry.indexOf('\t');
    const [, type, object] = entry.slice(0, tab).split(' ');
    return type === 'blob' && object !== undefined ? [{ path: entry.slice(tab + 1), object }] : [];
  });
}
