import { type AiAuthor, type Author, base, unknown } from './author.ts';
import { carry } from './carry.ts';
import { type Run, RunCursor, RunMap } from './runs.ts';
import { isBlank, linesOf } from './text.ts';

/**
 * The class of an added or changed line (DESIGN 2), over its visible characters that HEAD does not have:
 * `ai` all of them AI; `mixed` AI and others; `human`, `tool`, `unknown` none of them AI; `base` none at all, and the
 * line stands in HEAD as one piece (moved, re-indented, wrapped, joined).
 */
export const lineClasses = ['ai', 'mixed', 'human', 'tool', 'unknown', 'base'] as const;
export type LineClass = (typeof lineClasses)[number];

export interface ClassifiedLine {
  readonly class: LineClass;
  /** Who wrote it, or most of its AI part; absent for `base` lines. */
  readonly author?: Author;
  /** Whether the line counts in the AI share: `ai`, or `mixed` with half or more of it AI. */
  readonly countsAsAi: boolean;
  /** HEAD has some of its visible characters: its class is over the others, or over who took some out. */
  readonly isPart?: true;
}

/** Lines `start` to `start + count - 1` (0-based) of the new text. */
export interface LineRange {
  readonly start: number;
  readonly count: number;
}

const fresh = unknown.firstSeen;

/**
 * Classifies the added lines of one file.
 *
 * @param text the file as it is after the change
 * @param runs who wrote it
 * @param headText the file as HEAD has it, `''` where it has none
 * @param added the added lines, as git's diff between the two counts them
 */
export function classifyLines(
  text: string,
  runs: RunMap,
  headText: string,
  added: readonly LineRange[],
): ClassifiedLine[] {
  const overlay = carry(headText, RunMap.of(headText.length, base), text, fresh).runs;
  const lines = linesOf(text);
  const result: ClassifiedLine[] = [];
  const authors = new RunCursor(runs);
  const heads = new RunCursor(overlay);
  for (const { start, count } of added) {
    for (let line = start; line < start + count; line++) {
      const from = lines.starts[line];
      const to = lines.starts[line + 1];
      if (from === undefined || to === undefined) throw new RangeError(`line ${line + 1} is outside the text`);
      result.push(classify(text, from, to, authors.read(from, to), heads.read(from, to)));
    }
  }
  return result;
}

/**
 * Who wrote how many of a line's visible characters (UTF-16 code units), in order of first appearance; `base` for those
 * that HEAD has. What its class was made of.
 *
 * @param line 0-based
 */
export function authorShares(text: string, runs: RunMap, headText: string, line: number): ReadonlyMap<Author, number> {
  const { starts } = linesOf(text);
  const [start, end] = [starts[line], starts[line + 1]];
  if (start === undefined || end === undefined) throw new RangeError(`line ${line + 1} is outside the text`);
  const overlay = carry(headText, RunMap.of(headText.length, base), text, fresh).runs;
  const shares = new Map<Author, number>();
  eachVisible(
    text,
    start,
    end,
    new RunCursor(runs).read(start, end),
    new RunCursor(overlay).read(start, end),
    (author, inHead) => {
      const owner = inHead ? base : author;
      shares.set(owner, (shares.get(owner) ?? 0) + 1);
    },
  );
  return shares;
}

/** Visible characters by author, in order of first appearance. */
type Tally = Map<Author, number>;

function classify(
  text: string,
  start: number,
  end: number,
  runs: readonly Run[],
  overlay: readonly Run[],
): ClassifiedLine {
  const tally: Tally = new Map();
  const [run, head] = [runs[0], overlay[0]];
  // Most lines have one author throughout: how many characters they have, does not matter then.
  if (runs.length === 1 && overlay.length === 1 && run && head && hasVisible(text, start, end)) {
    return head.author.origin === 'base' ? inHeadAsItIs : decide(tally.set(run.author, 1), []);
  }
  let blankLine = true;
  let isPart = false;
  eachVisible(text, start, end, runs, overlay, (author, inHead) => {
    blankLine = false;
    if (inHead) isPart = true;
    else tally.set(author, (tally.get(author) ?? 0) + 1);
  });
  if (blankLine) return blankLineClass(text, end, runs, overlay);
  const cuts = runs.filter((run) => run.length === 0).map((run) => run.author);
  const part = isPart ? ({ isPart } as const) : {};
  if (tally.size > 0) return { ...decide(tally, cuts), ...part };
  const wasCut = overlay.some((run) => run.length === 0);
  if (!wasCut) return inHeadAsItIs;
  // Only taking something out made this line: it is whose cut it was.
  const cutters: Tally = new Map(cuts.map((author) => [author, 1]));
  const found = cutters.size > 0 ? decide(cutters, []) : noCutter;
  return { ...found, ...part };
}

const inHeadAsItIs: ClassifiedLine = { class: 'base', countsAsAi: false };
const noCutter: ClassifiedLine = { class: 'unknown', author: unknown.disk, countsAsAi: false };

function hasVisible(text: string, start: number, end: number): boolean {
  for (let offset = start; offset < end; offset++) if (!isBlank(text.charCodeAt(offset))) return true;
  return false;
}

/** A blank line belongs to who made its line break; without one, to who wrote what is there. */
function blankLineClass(text: string, end: number, runs: readonly Run[], overlay: readonly Run[]): ClassifiedLine {
  const inHead = overlay.findLast((run) => run.length > 0)?.author.origin === 'base';
  const author = runs.findLast((run) => run.length > 0)?.author;
  if (inHead || !author || end > text.length) return inHeadAsItIs;
  return decide(new Map([[author, 1]]), []);
}

function decide(tally: Tally, cuts: readonly Author[]): ClassifiedLine {
  const sums = { base: 0, ai: 0, human: 0, tool: 0, unknown: 0 };
  for (const [author, count] of tally) sums[author.origin] += count;
  const total = sums.ai + sums.human + sums.tool + sums.unknown + sums.base;
  const mostOf = (origin: Author['origin']): Author | undefined =>
    [...tally].filter(([author]) => author.origin === origin).sort((a, b) => b[1] - a[1])[0]?.[0];
  if (sums.ai > 0) {
    const pure = sums.ai === total && cuts.every((author) => author.origin === 'ai');
    const author = mostOf('ai') as AiAuthor;
    return { class: pure ? 'ai' : 'mixed', author, countsAsAi: 2 * sums.ai >= total };
  }
  const aiCut = cuts.find((author) => author.origin === 'ai');
  if (aiCut) return { class: 'mixed', author: aiCut, countsAsAi: false };
  // A single character of unknown origin is enough not to call the line a person's.
  if (sums.unknown + sums.base > 0)
    return { class: 'unknown', author: mostOf('unknown') ?? unknown.disk, countsAsAi: false };
  const origin = sums.human >= sums.tool ? 'human' : 'tool';
  const author = mostOf(origin);
  return { class: origin, ...(author && { author }), countsAsAi: false };
}

/** Walks both run lists over the visible characters of one line. */
function eachVisible(
  text: string,
  start: number,
  end: number,
  runs: readonly Run[],
  overlay: readonly Run[],
  visit: (author: Author, inHead: boolean) => void,
): void {
  let [i, j] = [0, 0];
  let [leftInRun, leftInOverlay] = [runs[0]?.length ?? 0, overlay[0]?.length ?? 0];
  for (let offset = start; offset < end; offset++) {
    while (leftInRun === 0) leftInRun = (runs[++i] as Run).length;
    while (leftInOverlay === 0) leftInOverlay = (overlay[++j] as Run).length;
    if (!isBlank(text.charCodeAt(offset))) {
      visit((runs[i] as Run).author, (overlay[j] as Run).author.origin === 'base');
    }
    leftInRun--;
    leftInOverlay--;
  }
}

export interface LineCounts {
  ai: number;
  mixed: number;
  human: number;
  tool: number;
  unknown: number;
  base: number;
}
