import { openRepository, type Repository } from '../git/repository.ts';
import { Ledger } from '../ledger/ledger.ts';

/** A repository and its pending state. */
export interface Place {
  readonly repository: Repository;
  readonly ledger: Ledger;
}

export async function openPlace(folder: string): Promise<Place> {
  const repository = await openRepository(folder);
  return { repository, ledger: new Ledger(repository.gitDir) };
}
