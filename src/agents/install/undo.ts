import { lineHunks } from './lineHunks.ts';

/** `text` goes in the place of `length` code units at `at`. */
export interface TextEdit {
  readonly at: number;
  readonly length: number;
  readonly text: string;
}

/**
 * The edits that make `before` of `after` again. They hold what `after` has lost of `before` and nothing else of it:
 * settings files may have keys in them.
 */
export function undoEdits(after: string, before: string): TextEdit[] {
  let at = 0;
  let line = 0;
  const lines = after.split(/(?<=\n)/);
  return lineHunks(after, before).map((hunk) => {
    for (; line < hunk.start; line++) at += lines[line]?.length ?? 0;
    const [from, to] = [hunk.lines.join(''), hunk.newLines.join('')];
    const head = commonHead(from, to);
    const tail = commonTail(from.slice(head), to.slice(head));
    return { at: at + head, length: from.length - head - tail, text: to.slice(head, to.length - tail) };
  });
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

function commonHead(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function commonTail(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a[a.length - 1 - length] === b[b.length - 1 - length]) length++;
  return length;
}
