import type { Git } from './git.ts';
import { readObjects } from './objects.ts';
import { recordPath, recordsRef } from './records.ts';

/** The digests of all records that are stored here. */
export async function storedDigests(git: Git): Promise<string[]> {
  const output = await git.ask(['ls-tree', '-r', '-z', '--name-only', recordsRef]);
  return (output ?? '').split('\0').flatMap((path) => /^[0-9a-f]{2}\/([0-9a-f]{64})\.json$/.exec(path)?.[1] ?? []);
}

/** So many records are held at once. */
const batchSize = 500;

/**
 * The digests of the records that are stored here, by the change that they say they are of. Their bytes have not been
 * checked: that is for who uses one.
 */
export async function digestsByChange(git: Git): Promise<ReadonlyMap<string, readonly string[]>> {
  const digests = await storedDigests(git);
  const byChange = new Map<string, string[]>();
  for (let start = 0; start < digests.length; start += batchSize) {
    const batch = digests.slice(start, start + batchSize);
    const name = (digest: string): string => `${recordsRef}:${recordPath(digest)}`;
    const objects = await readObjects(git, batch.map(name));
    for (const digest of batch) {
      // Within a value the quotation marks would be escaped.
      const change = /"change":"([0-9a-f]{64})"/.exec(objects.get(name(digest))?.toString('utf8') ?? '')?.[1];
      if (change !== undefined) byChange.set(change, [...(byChange.get(change) ?? []), digest]);
    }
  }
  return byChange;
}
