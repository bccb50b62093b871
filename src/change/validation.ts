import type { ValidationEntry } from '../ledger/journal.ts';
import type { Place } from './place.ts';
import { takeSnapshot } from './snapshot.ts';

/** A run of tests or a scanner, and whether the work tree is still what it ran on; unknown where that was not noted. */
export interface Validation {
  readonly entry: ValidationEntry;
  readonly isCurrent: boolean | undefined;
}

/** The last run of each command, the youngest first. */
export async function lastValidations(place: Place): Promise<Validation[]> {
  const entries = place.ledger.journal.entries().filter((entry) => entry.entry === 'validation');
  const last = new Map(entries.map((entry) => [entry.command.join('\0'), entry]));
  if (last.size === 0) return [];
  const { tree } = await takeSnapshot(place);
  return [...last.values()]
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .map((entry) => ({ entry, isCurrent: entry.tree === undefined ? undefined : entry.tree === tree }));
}
