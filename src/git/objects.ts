import type { Git } from './git.ts';

/** The empty tree of the repository's hash function. */
export function emptyTree(git: Git): Promise<string> {
  return git.text(['hash-object', '-t', 'tree', '--stdin'], { input: '' });
}

/**
 * The bytes of many objects by one process. A name is anything `git cat-file --batch` takes (an object id, `HEAD:path`);
 * what is missing is left out of the answer.
 */
export async function readObjects(
  git: Git,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, Buffer>> {
  const wanted = [...new Set(names)].filter((name) => !/[\r\n]/.test(name));
  const found = new Map<string, Buffer>();
  if (wanted.length === 0) return found;
  const output = await git.run(['cat-file', '--batch'], { input: `${wanted.join('\n')}\n`, signal });
  let position = 0;
  for (const name of wanted) {
    const end = output.indexOf(0x0a, position);
    const size = / (\d+)$/.exec(output.toString('utf8', position, end))?.[1];
    position = end + 1;
    if (size === undefined) continue; // `NAME missing`
    found.set(name, output.subarray(position, position + Number(size)));
    position += Number(size) + 1;
  }
  return found;
}

/** The object ids that names stand for, by one process; what is missing is left out. */
export async function checkObjects(git: Git, names: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(names)].filter((name) => !/[\r\n]/.test(name));
  if (wanted.length === 0) return new Map();
  const output = await git.text(['cat-file', '--batch-check=%(objectname)'], { input: `${wanted.join('\n')}\n` });
  const ids = output.split('\n');
  return new Map(wanted.flatMap((name, i) => (/^[0-9a-f]+$/.test(ids[i] ?? '') ? [[name, ids[i] as string]] : [])));
}
