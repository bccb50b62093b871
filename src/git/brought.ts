import type { Git } from './git.ts';
import { checkObjects } from './objects.ts';

/** So many stash entries are looked into, and so many branches. */
const maxStashes = 10;
const maxBranches = 50;

/** Where git has the texts from that it may put into the work tree by itself, besides HEAD: an operation under way, a stash. */
const operations = ['MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REVERT_HEAD', 'REBASE_HEAD'];

/** Names for git of what a path holds there: by line, a text that is partly from one of them is partly git's. */
export async function operationSources(git: Git): Promise<string[]> {
  const log = await git.ask(['rev-list', '--walk-reflogs', `--max-count=${maxStashes}`, 'refs/stash', '--']);
  const stashes = (log ?? '').split('\n').filter((id) => id !== '');
  // The third parent of a stash has the untracked files.
  return [...operations, ...stashes, ...stashes.map((stash) => `${stash}^3`)];
}

/**
 * Of the paths with their blobs, those that some branch has just so: checked out or restored from there, not written.
 *
 * @param own commits that were made of what was written: a branch that is at one of them tells nothing
 */
export async function onSomeBranch(
  git: Git,
  blobs: ReadonlyMap<string, string>,
  own: ReadonlySet<string>,
): Promise<Set<string>> {
  const format = ['--format=%(objectname)', `--count=${maxBranches}`, '--sort=-committerdate'];
  const tips = (await git.text(['for-each-ref', ...format, 'refs/heads', 'refs/remotes'])).split('\n');
  const paths = [...blobs.keys()].filter((path) => !/[\r\n]/.test(path));
  const names = tips
    .filter((tip) => tip !== '' && !own.has(tip))
    .flatMap((tip) => paths.map((path) => ({ path, name: `${tip}:${path}` })));
  const found = await checkObjects(
    git,
    names.map(({ name }) => name),
  );
  return new Set(names.filter(({ path, name }) => found.get(name) === blobs.get(path)).map(({ path }) => path));
}
