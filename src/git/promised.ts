import type { Git } from './git.ts';

/**
 * In a partial clone, fetches together the blobs under a ref that were left at the server: git itself would fetch each
 * when it is read, one connection a blob.
 *
 * @returns ids of the objects that are still not here (the server cannot be reached): reading one would try again
 */
export async function stillPromised(git: Git, ref: string): Promise<Set<string>> {
  const remote = await promisor(git);
  if (remote === undefined) return new Set();
  const before = await absentObjects(git, ref);
  if (before.size === 0) return new Set();
  // As git itself asks for what it was promised.
  await git.ask(
    [
      ...['-c', 'fetch.negotiationAlgorithm=noop', 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head'],
      ...['--recurse-submodules=no', '--filter=blob:none', '--no-auto-gc', '--stdin', '--', remote],
    ],
    { input: `${[...before].join('\n')}\n` },
  );
  return absentObjects(git, ref);
}

/** The remote that has promised what this clone left out; `undefined` in a clone that has everything. */
async function promisor(git: Git): Promise<string | undefined> {
  const settings = await git.ask([
    'config',
    '--type=bool',
    '--get-regexp',
    '^remote\\..*\\.promisor$',
    '^(true|yes|on|1)$',
  ]);
  return /^remote\.(.*)\.promisor true$/m.exec(settings ?? '')?.[1];
}

/** Objects of a ref's tree that are not here, by id; looking does not fetch them. None where the ref cannot be read. */
async function absentObjects(git: Git, ref: string): Promise<Set<string>> {
  const output = await git.ask(['rev-list', '--objects', '--missing=print', '--no-object-names', `${ref}^{tree}`]);
  const lines = (output ?? '').split('\n').filter((line) => line.startsWith('?'));
  return new Set(lines.map((line) => line.slice(1)));
}
