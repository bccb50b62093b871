import type { AttributedText } from './attribution.ts';
import { type Author, base } from './author.ts';
import { carry } from './carry.ts';
import { RunCursor, type RunMap } from './runs.ts';
import { lineAt, linesOf, visibleLength } from './text.ts';

/** Visible characters of a line that say by themselves where it is from; shorter ones stand beside one that does. */
const tellingLength = 12;

/** Stands for what a former text does not have: nothing that is stored has it. */
const fresh: Author = base;

/**
 * The authors of a text that is older than the last one of its path, line by line, as what is staged may be: a line of
 * which the last text does not tell all, for it was changed since, has the authors that it had as a whole in a former one.
 *
 * @param runs what is known from the last text
 * @param formers the texts before, the youngest first
 */
export function fillFromFormer(text: string, runs: RunMap, formers: Iterable<AttributedText>): RunMap {
  const lines = linesOf(text);
  const open = linesWhere(text, runs, (author) => author.origin === 'unknown');
  let result = runs;
  for (const former of formers) {
    if (!open.includes(true)) break;
    const carried = carry(former.text, former.runs, text, fresh).runs;
    const isNew = linesWhere(text, carried, (author) => author === fresh);
    const given = open.map((isOpen, line) => isOpen && !isNew[line] && isTelling(lineAt(lines, line)));
    for (let line = 1; line < given.length; line++) given[line] ||= isBeside(open, isNew, given, line, line - 1);
    for (let line = given.length - 2; line >= 0; line--) given[line] ||= isBeside(open, isNew, given, line, line + 1);
    if (!given.includes(true)) continue;
    result = withLines(text, result, carried, given);
    given.forEach((isGiven, line) => {
      if (isGiven) open[line] = false;
    });
  }
  return result;
}

function isTelling(line: string): boolean {
  return visibleLength(line) >= tellingLength;
}

function isBeside(open: boolean[], isNew: boolean[], given: boolean[], line: number, neighbour: number): boolean {
  return open[line] === true && !isNew[line] && given[neighbour] === true;
}

/** The lines with a run or a cut of such an author. */
function linesWhere(text: string, runs: RunMap, is: (author: Author) => boolean): boolean[] {
  const lines = linesOf(text);
  const authors = new RunCursor(runs);
  return Array.from({ length: lines.count }, (_, line) =>
    authors.read(lines.starts[line] as number, lines.starts[line + 1] as number).some(({ author }) => is(author)),
  );
}

/** `runs`, with the lines that are given as `other` has them. */
function withLines(text: string, runs: RunMap, other: RunMap, given: readonly boolean[]): RunMap {
  const { starts } = linesOf(text);
  const result = runs.clone();
  const authors = new RunCursor(other);
  given.forEach((isGiven, line) => {
    const [start, end] = [starts[line] as number, starts[line + 1] as number];
    if (isGiven) result.replace(start, end - start, authors.read(start, end), true);
  });
  return result;
}
