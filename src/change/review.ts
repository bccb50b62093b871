import type { FileChange } from '../core/change.ts';
import { readPending } from './pending.ts';
import type { Place } from './place.ts';
import { workTreeText } from './texts.ts';

/**
 * A person says that they have read the AI text of a pending file, as it stands in the work tree. Returns the number of
 * AI lines that were not reviewed before.
 */
export async function reviewFile(place: Place, path: string): Promise<number> {
  const content = workTreeText(place.repository, path);
  if (content.kind !== 'text') return 0;
  const open = unreviewed((await readPending(place, { staged: false })).find((file) => file.path === path));
  const runs = place.ledger
    .attribute(path, content.text)
    .map((author) => (author.origin === 'ai' ? { ...author, review: 'reviewed' } : author));
  const hash = await place.ledger.observe(path, content.text, { how: 'edited', runs });
  await place.ledger.journal.append({ entry: 'review', at: new Date().toISOString(), path, hash, lines: open });
  return open;
}

function unreviewed(file: FileChange | undefined): number {
  const lines = file?.lines ?? [];
  return lines.filter((line) => line.countsAsAi && line.author?.origin === 'ai' && line.author.review !== 'reviewed')
    .length;
}
