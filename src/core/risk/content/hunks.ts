/** A part of a text that is looked at: changed lines with some around them. */
export interface Hunk {
  /** 1-based, inclusive. */
  readonly first: number;
  readonly last: number;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** Lines around a changed one that may belong to the same statement. */
const context = 4;

/** The parts of a text around some of its lines, ascending; with `telling` around those of them that have something of it. */
export function hunksOf(text: string, lines: readonly number[], telling?: RegExp): Hunk[] {
  return partsOf(text, telling ? tellingLines(text, lines, telling) : lines);
}

function tellingLines(text: string, lines: readonly number[], telling: RegExp): number[] {
  const all = text.split('\n');
  const found = lines.filter((line) => telling.test(all[line - 1] ?? ''));
  // What a pattern needs may stand on a line beside that was not touched.
  return found.length === lines.length
    ? found
    : [...new Set([...found, ...besides(all, lines, telling)])].sort((a, b) => a - b);
}

/** Changed lines of which a neighbour, changed or not, has something telling. */
function besides(all: readonly string[], lines: readonly number[], telling: RegExp): number[] {
  const changed = new Set(lines);
  return lines.filter((line) =>
    [line - 3, line - 2, line - 1, line + 1, line + 2, line + 3].some(
      (near) => !changed.has(near) && telling.test(all[near - 1] ?? ''),
    ),
  );
}

function partsOf(text: string, lines: readonly number[]): Hunk[] {
  const spans: [number, number][] = [];
  for (const line of lines) {
    const last = spans.at(-1);
    if (last && line - context <= last[1] + 1) last[1] = line + context;
    else spans.push([Math.max(1, line - context), line + context]);
  }
  const hunks: Hunk[] = [];
  let line = 1;
  let at = 0;
  for (const [first, last] of spans) {
    while (line < first && at < text.length) [line, at] = nextLine(text, line, at);
    const start = at;
    while (line <= last && at < text.length) [line, at] = nextLine(text, line, at);
    if (start < text.length) hunks.push({ first, last, start, end: at });
  }
  return hunks;
}

function nextLine(text: string, line: number, at: number): [number, number] {
  const end = text.indexOf('\n', at);
  return [line + 1, end < 0 ? text.length : end + 1];
}
