import { type Author, sameAuthor } from './author.ts';
import { type Extent, extentOf, LineOrigins } from './lineOrigins.ts';
import { RunCursor, type RunMap } from './runs.ts';
import { lineContent, linesOf, visibleLength } from './text.ts';

/** What a path held at some time. */
export interface Version {
  readonly text: string;
  readonly runs: RunMap;
  /** When it was seen (ISO 8601, UTC); absent for a text that nobody has taken note of. */
  readonly at?: string;
  /** Who was given what had changed; absent where an editor says it for each part. */
  readonly by?: Author;
  /** Whether the path had held this very text before, so that it was brought back and not written. */
  readonly heldBefore: boolean;
}

/** What became of a line in one step. Line numbers are 1-based, in the version before the step. */
export type LineChange =
  /** The line, or `text` of it, is there for the first time. */
  | { readonly kind: 'written'; readonly text?: string }
  | { readonly kind: 'changed'; readonly removed: string; readonly added: string }
  /** Only its white space is another. */
  | { readonly kind: 'respaced' }
  | { readonly kind: 'moved'; readonly from: number }
  | { readonly kind: 'joined'; readonly from: readonly number[] }
  | { readonly kind: 'split'; readonly from: number }
  /** It did not change, but somebody is known now to have written it. */
  | { readonly kind: 'claimed' }
  /** Text of an author that was written long before was put in again, by an undo or a paste. */
  | { readonly kind: 'returned' }
  /** The whole file is again what it was before. */
  | { readonly kind: 'restored' };

export interface LineStep {
  /** ISO 8601, UTC: when it was written or, where nobody says so, seen; absent where nobody has taken note yet. */
  readonly at?: string;
  /** Who is known to have done it; absent where it happened in an editor that says it for no part. */
  readonly by?: Author;
  readonly change: LineChange;
}

/** How a line came about, as far as it is still kept. */
export interface LineHistory {
  /** The oldest first; never empty. */
  readonly steps: readonly LineStep[];
  /** Whether some earlier texts are no longer kept, or lie too far back to be looked at. */
  readonly isCut: boolean;
}

/** A report may wait this long, in ms, for its turn to be noted: the time it gives may lie before the last step's. */
const reportDelay = 10_000;

/** Follows one line from the newest version of its text backwards, collecting what became of it. */
export class LineTrace {
  readonly #steps: LineStep[] = [];
  #version: Version;
  /** The lines (0-based) of the version that the traced line stems from. */
  #lines: readonly number[];
  /** The text that was brought back: what lies between its two appearances is of no account. */
  #restored: string | undefined;

  /** @param line 1-based, in the newest version */
  constructor(newest: Version, line: number) {
    this.#version = newest;
    this.#lines = [line - 1];
  }

  /** Whether the line's beginning is found: older versions tell nothing more. */
  get done(): boolean {
    return this.#lines.length === 0;
  }

  /** Goes one version back; give them in order, the newest first. */
  back(older: Version): void {
    if (this.done) return;
    if (this.#restored !== undefined) {
      if (older.text !== this.#restored) return;
      this.#restored = undefined;
      this.#version = older;
      return;
    }
    const { steps, lines } = compare(older, this.#version, this.#lines);
    if (steps.length > 0 && this.#version.heldBefore) {
      this.#steps.push({ ...timed(this.#version.at), change: { kind: 'restored' } });
      this.#restored = this.#version.text;
      return;
    }
    this.#steps.push(...steps.reverse());
    this.#lines = lines;
    this.#version = older;
  }

  /** The steps found, the oldest first. What is left in the oldest version was written then or before. */
  finish(): LineStep[] {
    this.#steps.push(...written(this.#version, this.#lines).reverse());
    this.#lines = [];
    // A text that comes and goes many times is told once, when it came last.
    const isLast = (step: LineStep, i: number, steps: readonly LineStep[]): boolean =>
      step.change.kind !== 'restored' || steps[i + 1]?.change.kind !== 'restored';
    return this.#steps.reverse().filter(isLast);
  }
}

interface Comparison {
  /** In order of time. */
  readonly steps: LineStep[];
  /** The older version's lines that the newer one's lines stem from. */
  readonly lines: number[];
}

function compare(older: Version, newer: Version, lines: readonly number[]): Comparison {
  const origins = new LineOrigins(older.text, newer.text);
  const steps: LineStep[] = [];
  const born: number[] = [];
  const sources = new Set<number>();
  for (const line of lines) {
    const from = origins.of(line);
    for (const source of from.lines) sources.add(source);
    if (from.lines.length === 0) born.push(line);
    else steps.push(...new LineComparison(older, newer, origins, line).steps());
  }
  return { steps: [...written(newer, born, older), ...steps], lines: [...sources] };
}

/** Lines that are there for the first time: a step for each author. */
function written(version: Version, lines: readonly number[], older?: Version): LineStep[] {
  const all = linesOf(version.text);
  const extents = [...lines]
    .sort((a, b) => a - b)
    .map((line) => {
      const [start, end] = extentOf(all, line);
      // A blank line is whose line break it is.
      return visibleLength(version.text.slice(start, end)) === 0 ? ([end - 1, end] as const) : ([start, end] as const);
    });
  const pieces = piecesIn(version, extents);
  const isWhole = pieces.authors.length === 1 && lines.length === 1;
  const steps = pieces.authors.flatMap((by): LineStep[] => {
    const step: LineStep = {
      ...timed('at' in by ? by.at : version.at),
      by,
      change: isWhole ? { kind: 'written' } : { kind: 'written', text: pieces.text(by) },
    };
    return returned(by, older) ? [step, { ...timed(version.at), by, change: { kind: 'returned' } }] : [step];
  });
  return steps.sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
}

/** Whether text that is new since `older` was written well before it. A burst of a person's typing has one time. */
function returned(author: Author, older: Version | undefined): boolean {
  if ((author.origin !== 'ai' && author.origin !== 'tool') || older?.at === undefined) return false;
  return Date.parse(author.at) + reportDelay < Date.parse(older.at);
}

/** What became of one line between two versions. */
class LineComparison {
  readonly #older: Version;
  readonly #newer: Version;
  readonly #origins: LineOrigins;
  readonly #line: number;

  constructor(older: Version, newer: Version, origins: LineOrigins, line: number) {
    this.#older = older;
    this.#newer = newer;
    this.#origins = origins;
    this.#line = line;
  }

  steps(): LineStep[] {
    const place = this.#place();
    const words = place === undefined || place.kind === 'moved' ? this.#words() : this.#additions();
    const steps = [...this.#claims(), ...(place ? [this.#seen(place)] : []), ...words];
    return steps.length === 0 && this.#isRespaced() ? [this.#seen({ kind: 'respaced' })] : steps;
  }

  /** Where it stems from, if that is not the line in its place. */
  #place(): LineChange | undefined {
    const { lines, isShared } = this.#origins.of(this.#line);
    const [source = 0] = lines;
    if (lines.length > 1) return { kind: 'joined', from: lines.map((line) => line + 1).sort((a, b) => a - b) };
    if (isShared) return { kind: 'split', from: source + 1 };
    return this.#origins.isMoved(this.#line, source) ? { kind: 'moved', from: source + 1 } : undefined;
  }

  /** What was put in and taken out, by whom. */
  #words(): LineStep[] {
    const { lines, fresh } = this.#origins.of(this.#line);
    const put = piecesIn(this.#newer, fresh);
    const authors = distinct([...put.authors, ...this.#newCutters(lines)]);
    const { removed, added } = changedPart(this.#contentBefore(), lineContent(this.#origins.newLines, this.#line));
    const [only] = authors;
    if (!only) return removed === '' ? [] : [this.#seen({ kind: 'changed', removed, added: '' })];
    if (authors.length === 1) return [this.#by(only, { kind: 'changed', removed, added })];
    return authors.map((by) => {
      const own = put.text(by);
      return this.#by(by, { kind: 'changed', removed: own === '' ? removed : '', added: own });
    });
  }

  /** What was put into a line made of several, or of a part of one: how it differs from these says nothing. */
  #additions(): LineStep[] {
    const put = piecesIn(this.#newer, this.#origins.of(this.#line).fresh);
    return put.authors.map((by) => this.#by(by, { kind: 'changed', removed: '', added: put.text(by) }));
  }

  /** Who is known as the author of what stayed, and was not before. */
  #claims(): LineStep[] {
    const { lines, kept } = this.#origins.of(this.#line);
    const before = lines.flatMap((line) => authorsIn(this.#older.runs, extentOf(this.#origins.oldLines, line)));
    const claims: LineStep[] = [];
    for (const author of kept.flatMap((extent) => authorsIn(this.#newer.runs, extent))) {
      if (!('at' in author) || before.some((known) => sameWriter(known, author))) continue;
      before.push(author);
      claims.push({ at: author.at, by: author, change: { kind: 'claimed' } });
    }
    return claims;
  }

  #newCutters(lines: readonly number[]): Author[] {
    const cuts = (runs: RunMap, [start, end]: Extent): Author[] =>
      new RunCursor(runs).read(start, end).flatMap(({ length, author }) => (length === 0 ? [author] : []));
    const before = lines.flatMap((line) => cuts(this.#older.runs, extentOf(this.#origins.oldLines, line)));
    return cuts(this.#newer.runs, extentOf(this.#origins.newLines, this.#line)).filter(
      (author) => !before.some((known) => sameWriter(known, author)),
    );
  }

  #isRespaced(): boolean {
    return this.#contentBefore() !== lineContent(this.#origins.newLines, this.#line);
  }

  #contentBefore(): string {
    const [source = 0] = this.#origins.of(this.#line).lines;
    return lineContent(this.#origins.oldLines, source);
  }

  /** Done by an author, at the time that they say; where that is before the last version, when it was seen. */
  #by(author: Author, change: LineChange): LineStep {
    if (returned(author, this.#older)) return { ...timed(this.#newer.at), by: author, change: { kind: 'returned' } };
    const said = 'at' in author ? author.at : undefined;
    const isLater = said !== undefined && Date.parse(said) >= Date.parse(this.#older.at ?? said);
    return { ...timed(isLater ? said : this.#newer.at), by: author, change };
  }

  /** Done by whom the version says that it made the change. */
  #seen(change: LineChange): LineStep {
    const { at, by } = this.#newer;
    return { ...timed(at), ...(by && { by }), change };
  }
}

/** Text by author, in order of first appearance. */
class Pieces {
  readonly #texts: { readonly author: Author; text: string }[] = [];

  /** Those of visible text; of the white space, where there is nothing else. */
  get authors(): Author[] {
    const visible = this.#texts.filter(({ text }) => visibleLength(text) > 0);
    return (visible.length > 0 ? visible : this.#texts).map(({ author }) => author);
  }

  add(author: Author, text: string): void {
    const known = this.#texts.find((piece) => sameWriter(piece.author, author));
    if (known) known.text += text;
    else this.#texts.push({ author, text });
  }

  /** White space at the ends, and more than a blank within, aside. */
  text(author: Author): string {
    const text = this.#texts.find((piece) => sameWriter(piece.author, author))?.text ?? '';
    return text.replace(/\s+/gu, ' ').trim();
  }
}

function piecesIn({ text, runs }: Version, extents: readonly Extent[]): Pieces {
  const pieces = new Pieces();
  for (const [start, end] of extents) {
    let offset = start;
    for (const { length, author } of runs.slice(start, end)) {
      if (length > 0) pieces.add(author, text.slice(offset, offset + length));
      offset += length;
    }
  }
  return pieces;
}

/** What two versions of a line do not have in common, in whole words. */
export function changedPart(before: string, after: string): { readonly removed: string; readonly added: string } {
  const [old, fresh] = [wordsOf(before), wordsOf(after)];
  const shorter = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < shorter && old[start] === fresh[start]) start++;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
  const between = (words: readonly string[]): string =>
    words
      .slice(start, words.length - end)
      .join('')
      .trim();
  return { removed: between(old), added: between(fresh) };
}

const wordsOf = (line: string): string[] => line.trim().match(/[\p{L}\p{N}\p{M}_$]+|\s+|./gsu) ?? [];

/** The authors of the text in a range, cuts aside. */
function authorsIn(runs: RunMap, [start, end]: Extent): Author[] {
  return runs.slice(start, end).flatMap(({ length, author }) => (length > 0 ? [author] : []));
}

function distinct(authors: readonly Author[]): Author[] {
  return authors.filter((author, i) => authors.findIndex((other) => sameWriter(other, author)) === i);
}

/** The same author, however far the text was reviewed. */
function sameWriter(a: Author, b: Author): boolean {
  return sameAuthor(unreviewed(a), unreviewed(b));
}

function unreviewed(author: Author): Author {
  return author.origin === 'ai' ? { ...author, review: 'unseen' } : author;
}

function timed(at: string | undefined): { at?: string } {
  return at === undefined ? {} : { at };
}
