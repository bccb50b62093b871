import { align } from '../../core/align.ts';
import { lineAt, linesOf } from '../../core/text.ts';

/** Lines of one text in the place of lines of another; line numbers from 0. */
export interface Hunk {
  readonly start: number;
  readonly lines: readonly string[];
  readonly newStart: number;
  readonly newLines: readonly string[];
}

/** Where two texts differ, in whole lines with their line ends, in order. */
export function lineHunks(before: string, after: string): Hunk[] {
  const [a, b] = [allLines(before), allLines(after)];
  const hunks: Hunk[] = [];
  let [nextA, nextB] = [0, 0];
  for (const match of [...align(a, b).matches, { a: a.length, b: b.length, length: 0 }]) {
    if (match.a > nextA || match.b > nextB) {
      const [lines, newLines] = [a.slice(nextA, match.a), b.slice(nextB, match.b)];
      hunks.push({ start: nextA, lines, newStart: nextB, newLines });
    }
    [nextA, nextB] = [match.a + match.length, match.b + match.length];
  }
  return hunks;
}

function allLines(text: string): string[] {
  const lines = linesOf(text);
  return Array.from({ length: lines.count }, (_, i) => lineAt(lines, i));
}

/** Lines shown around a change. */
const context = 3;

/** What changes in a file, line by line: `-` gone, `+` new, a space for what stays around it, `@@` where a part begins. */
export function unifiedDiff(before: string, after: string): string[] {
  const old = allLines(before);
  const shown: string[] = [];
  let end = 0;
  const stays = (from: number, to: number): void => {
    for (const line of old.slice(from, to)) shown.push(` ${bare(line)}`);
  };
  const hunks = lineHunks(before, after);
  hunks.forEach((hunk, i) => {
    const from = Math.max(end, hunk.start - context);
    if (i === 0 || from > end) shown.push(`@@ line ${from + 1} @@`);
    stays(from, hunk.start);
    for (const line of hunk.lines) shown.push(`-${bare(line)}`);
    for (const line of hunk.newLines) shown.push(`+${bare(line)}`);
    end = hunk.start + hunk.lines.length;
    const next = hunks[i + 1]?.start ?? old.length;
    const to = Math.min(next, end + context);
    stays(end, to);
    end = to;
  });
  return shown;
}

function bare(line: string): string {
  return line.replace(/\r?\n$/, '');
}
