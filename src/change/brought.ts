import { onSomeBranch, operationSources } from '../git/brought.ts';
import { readObjects } from '../git/objects.ts';
import type { Repository } from '../git/repository.ts';
import type { Snapshot, SnapshotChange, Snapshots } from '../git/snapshot.ts';
import { textContent } from './texts.ts';

/** What git put into the work tree: nobody wrote it meanwhile. */
export interface Brought {
  /** Paths whose whole text is from a branch. */
  readonly whole: ReadonlySet<string>;
  /** By path the texts that parts may be from: an operation under way, a stash, the new HEAD. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/**
 * @param newHead the commit that HEAD was moved to, `null` where it was not
 * @param own commits that were made of what was written meanwhile
 */
export async function broughtByGit(
  { git }: Repository,
  changes: readonly SnapshotChange[],
  newHead: string | null,
  own: ReadonlySet<string>,
): Promise<Brought> {
  const written = changes.flatMap(({ path, after }) => (after === null ? [] : [[path, after] as const]));
  if (written.length === 0) return { whole: new Set(), texts: new Map() };
  const [whole, operations] = await Promise.all([onSomeBranch(git, new Map(written), own), operationSources(git)]);
  const sources = newHead === null ? operations : [...operations, newHead];
  const names = written
    .filter(([path]) => !whole.has(path))
    .map(([path]) => ({ path, names: sources.map((source) => `${source}:${path}`) }));
  const objects = await readObjects(
    git,
    names.flatMap((entry) => entry.names),
  );
  const textOf = (name: string): string[] => {
    const bytes = objects.get(name);
    const content = bytes && textContent(bytes);
    return content?.kind === 'text' ? [content.text] : [];
  };
  return { whole, texts: new Map(names.map((entry) => [entry.path, entry.names.flatMap(textOf)])) };
}

/** New files that are, to the byte, what another one was before: moved or copied, and not written. Path → that other one. */
export async function copiesOf(
  snapshots: Snapshots,
  before: Snapshot,
  changes: readonly SnapshotChange[],
): Promise<Map<string, string>> {
  const made = changes.filter((change) => change.before === null);
  if (made.length === 0) return new Map();
  const paths = await snapshots.pathsByBlob(before);
  return new Map(
    made.flatMap(({ path, after }) => {
      const original = after === null ? undefined : paths.get(after);
      return original === undefined ? [] : [[path, original]];
    }),
  );
}
