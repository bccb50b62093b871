import { align } from '../../core/align.ts';
import { lineHunks } from './lineHunks.ts';

/** `text` goes in the place of `length` code units at `at`. */
export interface TextEdit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/**
 * The edits that make `before` of `after` again. They hold what `after` has lost of `before`, word for word, and nothing
 * else of it: settings files may have keys in them.
 */
export function undoEdits(after: string, before: string): TextEdit[] {
  const lines = after.split(/(?<=\n)/);
  let [at, line] = [0, 0];
  return lineHunks(after, before).flatMap((hunk) => {
    for (; line < hunk.start; line++) at += lines[line]?.length ?? 0;
    return wordEdits(hunk.lines.join(''), hunk.newLines.join(''), at);
  });
}

function wordEdits(from: string, to: string, start: number): TextEdit[] {
  const [a, b] = [wordsOf(from), wordsOf(to)];
  const edits: TextEdit[] = [];
  let [nextA, nextB, at] = [0, 0, start];
  for (const match of [...align(a, b).matches, { a: a.length, b: b.length, length: 0 }]) {
    const [gone, text] = [a.slice(nextA, match.a).join(''), b.slice(nextB, match.b).join('')];
    if (gone !== '' || text !== '') edits.push({ at, length: gone.length, text });
    [nextA, nextB] = [match.a + match.length, match.b + match.length];
    at += gone.length + a.slice(match.a, nextA).join('').length;
  }
  return edits;
}

function wordsOf(text: string): string[] {
  return text.match(/\w+|\s+|[^\w\s]/g) ?? [];
}

/** @throws {RangeError} where the edits are of another text */
export function undone(after: string, edits: readonly TextEdit[]): string {
  let result = '';
  let end = 0;
  for (const { at, length, text } of edits) {
    if (at < end || at + length > after.length) throw new RangeError('the edits do not fit the text');
    result += after.slice(end, at) + text;
    end = at + length;
  }
  return result + after.slice(end);
}
