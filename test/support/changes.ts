import type { Author, Review } from '../../src/core/author.ts';
import type { AddedLine, FileChange } from '../../src/core/change.ts';
import { lineHash } from '../../src/core/digest.ts';
import { ai, person } from './authors.ts';

type Kind = Review | 'human' | 'unknown';

/** A file to which lines are added, from the first on, as a person or an assistant wrote them. */
export function changed(
  path: string,
  counts: Partial<Record<Kind, number>>,
  more: Partial<FileChange> = {},
): FileChange {
  const lines: AddedLine[] = [];
  for (const [kind, count] of Object.entries(counts) as [Kind, number][]) {
    for (let i = 0; i < count; i++) lines.push(lineOf(kind, lines.length + 1));
  }
  return { path, deleted: 0, lines, ...more };
}

function lineOf(kind: Kind, number: number): AddedLine {
  const line = { number, hash: lineHash(`line ${number}`) };
  if (kind === 'unknown') return { ...line, class: 'unknown', countsAsAi: false };
  const author: Author = kind === 'human' ? person : ai('s-1', { review: kind });
  return { ...line, class: kind === 'human' ? 'human' : 'ai', countsAsAi: kind !== 'human', author };
}
