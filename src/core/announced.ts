import { type Author, unknown } from './author.ts';
import { carry } from './carry.ts';
import { RunMap } from './runs.ts';
import { applyWritten, type Written } from './written.ts';

/** Stands for what was announced; nothing that is stored has it. */
const announced: Author = { origin: 'base' };

/** Fewer visible characters than this may well have been written by somebody else. */
const telling = 20;
/** So many replacements or hunks are tried one after the other. */
const maxParts = 16;

/**
 * The text that an edit left behind, where nobody says that it was carried out: the whole of what it announced, or its
 * first replacements or hunks, if the file holds them. `undefined` where it holds nothing of it that could not as well be
 * somebody else's.
 *
 * @param before what the file held when the edit was announced, `''` for none
 */
export function announcedIn(now: string, before: string, written: Written): string | undefined {
  if (now === before) return undefined;
  return firstParts(written)
    .map((part) => applyWritten(before, part))
    .find((after) => after !== undefined && after !== before && (now === after || holdsNew(now, before, after)));
}

/** All of it, then without its last part, and so on: a tool that fails half way has carried out the first ones. */
function firstParts(written: Written): Written[] {
  switch (written.form) {
    case 'content':
      return [written];
    case 'replacements':
      return prefixes(written.replacements).map((replacements) => ({ ...written, replacements }));
    case 'patch':
      return prefixes(written.hunks).map((hunks) => ({ ...written, hunks }));
  }
}

function prefixes<T>(list: readonly T[]): T[][] {
  const lengths = Array.from({ length: Math.min(list.length, maxParts) }, (_, i) => list.length - i);
  return lengths.map((length) => list.slice(0, length));
}

/** Whether all that is new in `after` stands in `now`, and is enough to tell who wrote it. */
function holdsNew(now: string, before: string, after: string): boolean {
  const fresh = carry(before, RunMap.of(before.length, unknown.firstSeen), after, announced).runs;
  const size = visibleSize(after, fresh);
  return size >= telling && visibleSize(now, carry(after, fresh, now, unknown.disk).runs) === size;
}

/** How many characters of what was announced are not white space. */
function visibleSize(text: string, runs: RunMap): number {
  let [size, offset] = [0, 0];
  for (const { length, author } of runs) {
    if (author.origin === 'base') size += text.slice(offset, offset + length).replace(/\s+/g, '').length;
    offset += length;
  }
  return size;
}
