import { dirtyFiles } from '../git/workTree.ts';
import type { Place } from './place.ts';
import { textsAt } from './texts.ts';

/** A rebase makes many commits: once in a while, in ms, is enough. */
const pause = 10 * 60_000;

/** After a commit that changed these files: what says nothing about the next change of them is forgotten. */
export async function settle(place: Place, head: string, paths: readonly string[]): Promise<void> {
  const unsettled = paths.filter((file) => place.ledger.hasCuts(file));
  for (const [file, text] of await textsAt(place.repository, head, unsettled)) await place.ledger.settle(file, text);
}

/** Whether a commit of these files will leave nothing to do for the pending state. */
export function willBeSettled({ ledger }: Place, paths: readonly string[]): boolean {
  return !ledger.compactedBefore(pause) && !paths.some((file) => ledger.hasCuts(file));
}

/** Keeps the pending state within its limits. What differs from HEAD may have pending lines. */
export async function compactNowAndThen({ repository, ledger }: Place): Promise<void> {
  if (!ledger.compactedBefore(pause)) return;
  const pending = new Set(await dirtyFiles(repository));
  await ledger.compact((path) => pending.has(path));
}
