import type { Git } from './git.ts';
import { readObjects } from './objects.ts';
import { recordsRef } from './records.ts';

/** Where a stored record and its signature lie. */
export interface StoredRecord {
  /** Ids of git's objects. */
  readonly id?: string;
  readonly signatureId?: string;
}

/** All records that are stored here, by digest: far quicker than to ask for each by its path. */
export async function listRecords(git: Git): Promise<ReadonlyMap<string, StoredRecord>> {
  const output = await git.ask(['ls-tree', '-r', '-z', '--full-tree', recordsRef]);
  const stored = new Map<string, StoredRecord>();
  for (const entry of (output ?? '').split('\0')) {
    const [, id, digest = '', type] =
      /^\d+ blob ([0-9a-f]+)\t[0-9a-f]{2}\/([0-9a-f]{64})\.(json|sig)$/.exec(entry) ?? [];
    if (id !== undefined) stored.set(digest, { ...stored.get(digest), [type === 'sig' ? 'signatureId' : 'id']: id });
  }
  return stored;
}

/** So many records are held at once. */
const batchSize = 2000;

/**
 * The digests of stored records by the change that they say they are of. Their bytes have not been checked: that is for
 * who uses one.
 */
export async function digestsByChange(
  git: Git,
  stored: ReadonlyMap<string, StoredRecord>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const records = [...stored].flatMap(([digest, { id }]) => (id === undefined ? [] : [{ digest, id }]));
  const byChange = new Map<string, string[]>();
  for (let start = 0; start < records.length; start += batchSize) {
    const batch = records.slice(start, start + batchSize);
    const objects = await readObjects(
      git,
      batch.map(({ id }) => id),
    );
    for (const { digest, id } of batch) {
      // Within a value the quotation marks would be escaped.
      const change = /"change":"([0-9a-f]{64})"/.exec(objects.get(id)?.toString('utf8') ?? '')?.[1];
      if (change !== undefined) byChange.set(change, [...(byChange.get(change) ?? []), digest]);
    }
  }
  return byChange;
}
