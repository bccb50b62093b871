import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LinguistAttributes } from '../core/apart.ts';
import { isErrorCode } from '../errors.ts';
import type { Repository } from './repository.ts';

/**
 * What `.gitattributes` say of paths by `linguist-generated` and `linguist-vendored`; a path of which they say nothing is
 * left out. Git is asked only where one of the files that speak for these paths names such an attribute: most repositories
 * have none, and a hook shall not pay for the question.
 *
 * @param source where git looks first: the work tree's files, or the index
 */
export async function readLinguist(
  { git, top, commonDir }: Repository,
  paths: readonly string[],
  source: 'work-tree' | 'index',
): Promise<ReadonlyMap<string, LinguistAttributes>> {
  const attributes = new Map<string, { generated?: boolean; vendored?: boolean }>();
  if (!mentionsLinguist(top, commonDir, paths)) return attributes;
  const options = source === 'index' ? ['--cached'] : [];
  const input = paths.map((name) => `${name}\0`).join('');
  const query = ['check-attr', ...options, '-z', '--stdin', 'linguist-generated', 'linguist-vendored'];
  const fields = (await git.run(query, { input })).toString('utf8').split('\0');
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [name, attribute, value] = [fields[i] as string, fields[i + 1], fields[i + 2]];
    if (value === 'unspecified') continue;
    const known = attributes.get(name) ?? {};
    known[attribute === 'linguist-generated' ? 'generated' : 'vendored'] = value !== 'unset' && value !== 'false';
    attributes.set(name, known);
  }
  return attributes;
}

/** Whether an attributes file of the repository, the top's or one on the way to a path, names such an attribute. */
function mentionsLinguist(top: string, commonDir: string, paths: readonly string[]): boolean {
  if (paths.length === 0) return false;
  const folders = new Set(['']);
  for (const name of paths) {
    for (let folder = path.posix.dirname(name); folder !== '.'; folder = path.posix.dirname(folder)) {
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  const files = [path.join(commonDir, 'info/attributes')];
  for (const folder of folders) files.push(path.join(top, folder, '.gitattributes'));
  return files.some((file) => contentOf(file).includes('linguist-'));
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    // Also where a folder of the commit is no folder in the work tree.
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EACCES')) return '';
    throw error;
  }
}
