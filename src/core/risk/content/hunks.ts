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

/** Changed lines with something telling on them, or near them: what a pattern needs may stand on a line that was not touched. */
function tellingLines(text: string, lines: readonly number[], telling: RegExp): number[] {
  const tells = text.split('\n').map((line) => telling.test(line));
  const changed = new Set(lines);
  return lines.filter((line) => {
    if (tells[line - 1]) return true;
    return besides.some((distance) => tells[line + distance - 1] && !changed.has(line + distance));
  });
}

const besides = [-3, -2, -1, 1, 2, 3];

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
