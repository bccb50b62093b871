import { align, type Match } from './align.ts';
import { unknown } from './author.ts';
import { carry } from './carry.ts';
import { type Run, RunCursor, RunMap } from './runs.ts';
import { type Lines, lineContent, linesOf, visibleLength } from './text.ts';

/** A range of UTF-16 offsets, its end exclusive. */
export type Extent = readonly [start: number, end: number];

/** What a line of the new text is made of. */
export interface LineOrigin {
  /** The old lines (0-based) that visible text of the line stems from, the one with most of it first. */
  readonly lines: readonly number[];
  /** Whether other new lines stem from the same old line, too. */
  readonly isShared: boolean;
  /** Visible stretches of the line, by UTF-16 offsets in the new text: new ones, and those that stem from old lines. */
  readonly fresh: readonly Extent[];
  readonly kept: readonly Extent[];
}

/** Which old lines the lines of the next version stem from: each old line goes through `carry` with a name of its own. */
export class LineOrigins {
  readonly oldLines: Lines;
  readonly newLines: Lines;
  #origins: LineOrigin[] | undefined;
  #matches: readonly Match[] | undefined;
  /** UTF-16 code units that both texts have in common at their start and, behind it, at their end. */
  readonly #prefix: number;
  readonly #suffix: number;

  constructor(oldText: string, newText: string) {
    this.oldLines = linesOf(oldText);
    this.newLines = linesOf(newText);
    const shorter = Math.min(oldText.length, newText.length);
    let prefix = 0;
    while (prefix < shorter && oldText.charCodeAt(prefix) === newText.charCodeAt(prefix)) prefix++;
    let suffix = 0;
    while (
      suffix < shorter - prefix &&
      oldText.charCodeAt(oldText.length - suffix - 1) === newText.charCodeAt(newText.length - suffix - 1)
    ) {
      suffix++;
    }
    this.#prefix = prefix;
    this.#suffix = suffix;
  }

  of(line: number): LineOrigin {
    const same = this.#unchanged(line);
    if (same === undefined) {
      this.#origins ??= this.#trace();
      return this.#origins[line] as LineOrigin;
    }
    return { lines: [same], isShared: false, fresh: [], kept: [extentOf(this.newLines, line)] };
  }

  /** Whether the line has left its place among the lines around it. */
  isMoved(line: number, source: number): boolean {
    if (this.#unchanged(line) !== undefined) return false;
    const before = this.#matching().findLast(({ b }) => b < line);
    const after = this.#matching().find(({ b }) => b > line);
    return (before !== undefined && before.a + before.length > source) || (after !== undefined && after.a <= source);
  }

  /** The old line, where the new one is the same in its place: the cheaper question, asked before the lines are traced. */
  #unchanged(line: number): number | undefined {
    const [start, end] = extentOf(this.newLines, line);
    if (end <= this.#prefix) return line;
    if (start > this.newLines.text.length - this.#suffix) return line + this.oldLines.count - this.newLines.count;
    const match = this.#matching().find(({ b, length }) => b <= line && line < b + length);
    return match && match.a + line - match.b;
  }

  #matching(): readonly Match[] {
    this.#matches ??= align(contents(this.oldLines), contents(this.newLines)).matches;
    return this.#matches;
  }

  #trace(): LineOrigin[] {
    const tags = Array.from({ length: this.oldLines.count }, (_, line): Run => {
      const [start, end] = extentOf(this.oldLines, line);
      return { length: end - start, author: { origin: 'tool', name: `${line}`, evidence: 'inferred', at: '' } };
    });
    const { runs } = carry(this.oldLines.text, RunMap.from(tags), this.newLines.text, unknown.firstSeen);
    const cursor = new RunCursor(runs);
    const lines = Array.from({ length: this.newLines.count }, (_, line) => this.#read(cursor, line));
    const heirs = new Map<number, number>();
    for (const line of lines.flatMap((origin) => origin.lines)) heirs.set(line, (heirs.get(line) ?? 0) + 1);
    return lines.map((origin) => ({ ...origin, isShared: origin.lines.some((line) => (heirs.get(line) ?? 0) > 1) }));
  }

  #read(cursor: RunCursor, line: number): Omit<LineOrigin, 'isShared'> {
    const { text } = this.newLines;
    const [start, end] = extentOf(this.newLines, line);
    const isEmpty = visibleLength(text.slice(start, end)) === 0;
    const shares = new Map<number, number>();
    const fresh: Extent[] = [];
    const kept: Extent[] = [];
    let offset = start;
    for (const { length, author } of cursor.read(start, end)) {
      const stretch: Extent = [offset, offset + length];
      const share = isEmpty ? length : visibleLength(text.slice(...stretch));
      offset += length;
      if (share === 0) continue;
      if (author.origin === 'tool') {
        kept.push(stretch);
        shares.set(Number(author.name), (shares.get(Number(author.name)) ?? 0) + share);
      } else {
        fresh.push(stretch);
      }
    }
    const lines = [...shares].sort((a, b) => b[1] - a[1]).map(([source]) => source);
    return { lines, fresh, kept };
  }
}

function contents(lines: Lines): string[] {
  return Array.from({ length: lines.count }, (_, line) => lineContent(lines, line));
}

/** Where a line (0-based) lies, its line break included. */
export function extentOf({ starts }: Lines, line: number): Extent {
  return [starts[line] as number, starts[line + 1] as number];
}
