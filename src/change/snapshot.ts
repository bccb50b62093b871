import path from 'node:path';
import { type Snapshot, Snapshots } from '../git/snapshot.ts';
import { snapshotFolder } from '../ledger/ledger.ts';
import { withLock } from '../ledger/lock.ts';
import type { Place } from './place.ts';

export function snapshotsOf({ repository, ledger }: Place): Snapshots {
  return new Snapshots(repository, path.join(ledger.folder, snapshotFolder));
}

/** What the work tree holds now, ignored files aside; one process at a time. */
export async function takeSnapshot(place: Place): Promise<Snapshot> {
  const lock = path.join(place.ledger.folder, `${snapshotFolder}.lock`);
  return await withLock(lock, () => snapshotsOf(place).take());
}
