import { openRepository, type Repository } from '../git/repository.ts';
import { lastChange } from '../git/workTree.ts';
import { Ledger } from '../ledger/ledger.ts';
import { workTreeText } from './texts.ts';

/** A repository and its pending state. */
export interface Place {
  readonly repository: Repository;
  readonly ledger: Ledger;
}

export async function openPlace(folder: string): Promise<Place> {
  const repository = await openRepository(folder);
  return { repository, ledger: new Ledger(repository.gitDir, (path, since) => changedSince(repository, path, since)) };
}

/** What a file holds that was changed later than a time (ms since 1970); `''` where it is gone. */
function changedSince(repository: Repository, path: string, since: number): string | undefined {
  const changed = lastChange(repository, path);
  // Clocks of file systems are coarse: a change at the very same time counts.
  if (changed !== undefined && changed < since) return undefined;
  const content = workTreeText(repository, path);
  return content.kind === 'text' ? content.text : content.kind === 'absent' ? '' : undefined;
}
