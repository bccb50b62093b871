import { align } from './align.ts';
import type { LineRange } from './lineClass.ts';
import { lineContent, linesOf } from './text.ts';

/**
 * The lines of `text` that are added or changed against `headText`, without asking git: for a document that is being
 * typed in. A change of line ends is none.
 */
export function addedLines(headText: string, text: string): LineRange[] {
  const [before, after] = [linesOf(headText), linesOf(text)];
  const contents = (lines: typeof before): string[] =>
    Array.from({ length: lines.count }, (_, i) => lineContent(lines, i));
  const ranges: LineRange[] = [];
  let next = 0;
  for (const { b, length } of [...align(contents(before), contents(after)).matches, { b: after.count, length: 0 }]) {
    if (b > next) ranges.push({ start: next, count: b - next });
    next = b + length;
  }
  return ranges;
}
