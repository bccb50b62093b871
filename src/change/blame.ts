import { align } from '../core/align.ts';
import type { AddedLine } from '../core/change.ts';
import { classifyLines } from '../core/lineClass.ts';
import { type Lines, lineContent, linesOf } from '../core/text.ts';
import { type BlamedLine, type BlameOptions, readBlame, spansOf } from '../git/blame.ts';
import { rangesOf } from '../git/diff.ts';
import { GitError } from '../git/git.ts';
import { headCommit } from '../git/workTree.ts';
import { lineFinder } from './lineFinder.ts';
import type { Place } from './place.ts';
import { resolveCommits } from './resolve.ts';
import { textsAt, workTreeText } from './texts.ts';

/** A line of a file, where it comes from and what is known of it. */
export interface AttributedLine {
  /** 1-based. */
  readonly number: number;
  /** `null` for a pending line. */
  readonly commit: string | null;
  readonly known: Omit<AddedLine, 'number' | 'hash'>;
}

export interface BlameFileOptions extends BlameOptions {
  /** Without it the work tree. */
  readonly commit?: string;
  /** The lines wanted, each as git takes it after `-L`; with `contents` only `START,END`. */
  readonly lines?: readonly string[];
  /** What an editor has instead of the committed file, or of the work tree's: not saved yet. */
  readonly contents?: string;
}

/** A line of a commit about which nothing is known. */
const baseLine = { class: 'base', countsAsAi: false } as const;

/** A line of which git does not say either where it comes from. */
const unknownLine = { class: 'unknown', countsAsAi: false } as const;

/** Who wrote each line of a file (relative to the top). */
export async function blameFile(place: Place, path: string, options: BlameFileOptions = {}): Promise<AttributedLine[]> {
  const blamed = await blamedLines(place, path, options);
  if (blamed.length === 0) return [];
  const [pending, committed] = await Promise.all([
    pendingLines(place, path, options, blamed),
    committedLines(place, blamed),
  ]);
  const moved = blamed.filter((line) => committed.get(line)?.class === 'base');
  const followed = await followMoved(place, moved);
  return blamed.map((line) => {
    const number = line.line;
    if (line.commit === null) return { number, commit: null, known: pending.get(number) ?? unknownLine };
    return followed.get(number) ?? { number, commit: line.commit, known: committed.get(line) ?? baseLine };
  });
}

/** Where each line comes from. All lines of a file without a commit behind it are pending. */
async function blamedLines(place: Place, path: string, options: BlameFileOptions): Promise<BlamedLine[]> {
  const { repository } = place;
  const revision = options.commit ?? ((await headCommit(repository)) || undefined);
  const { contents, lines: wanted, ...how } = options;
  if (contents === undefined) {
    const request = { path, ...how, ...(wanted && { lines: wanted }) };
    const asked = options.commit === undefined ? request : { ...request, revision: options.commit };
    const answer = await readBlame(repository.git, asked).catch(async (error: unknown) => {
      if (!(error instanceof GitError) || (await isCommitted(place, revision, path))) throw error;
      return undefined;
    });
    if (answer) return answer;
    const content = workTreeText(repository, path);
    const count = content.kind === 'text' ? linesOf(content.text).count : 0;
    return within(
      wanted,
      Array.from({ length: count }, (_, i) => pendingLine(path, i + 1)),
    );
  }
  const before = (await textsAt(repository, revision ?? null, [path])).get(path);
  const origins = revision === undefined || before === undefined ? [] : await blameAt(place, path, revision, how);
  return within(wanted, onto(contents, before ?? '', origins, path, options.ignoreSpace === true));
}

function blameAt({ repository }: Place, path: string, revision: string, how: BlameOptions): Promise<BlamedLine[]> {
  return readBlame(repository.git, { path, revision, ...how });
}

/** Takes the origins of a text's lines over to another one's: `git blame --contents` does so only from git 2.41 on. */
function onto(
  contents: string,
  before: string,
  origins: readonly BlamedLine[],
  path: string,
  ignoreSpace: boolean,
): BlamedLine[] {
  const [now, then] = [linesOf(contents), linesOf(before)];
  const text = (lines: Lines): string[] =>
    Array.from({ length: lines.count }, (_, i) => {
      const line = lineContent(lines, i);
      return ignoreSpace ? line.replace(/\s+/g, '') : line;
    });
  const result = Array.from({ length: now.count }, (_, i) => pendingLine(path, i + 1));
  for (const { a, b, length } of align(text(then), text(now)).matches) {
    for (let i = 0; i < length; i++) {
      const origin = origins[a + i];
      if (origin) result[b + i] = { ...origin, line: b + i + 1 };
    }
  }
  return result;
}

function pendingLine(path: string, line: number): BlamedLine {
  return { line, commit: null, path, originalLine: line };
}

/** @throws {Error} for ranges that only git could find */
function within(wanted: readonly string[] | undefined, lines: BlamedLine[]): BlamedLine[] {
  if (!wanted) return lines;
  const spans = wanted.map((range) => {
    const [, start, end] = /^(\d+),(\d+)$/.exec(range) ?? [];
    if (start === undefined) throw new Error(`-L ${range}: here lines are given as START,END`);
    return { start: Number(start), end: Number(end) };
  });
  return lines.filter(({ line }) => spans.some(({ start, end }) => start <= line && line <= end));
}

async function isCommitted({ repository }: Place, revision: string | undefined, path: string): Promise<boolean> {
  if (revision === undefined) return false;
  return (await repository.git.ask(['cat-file', '-e', `${revision}:${path}`])) !== undefined;
}

/** What is known of the lines that are not committed, by number. */
async function pendingLines(
  place: Place,
  path: string,
  { commit, contents }: BlameFileOptions,
  blamed: readonly BlamedLine[],
): Promise<Map<number, Omit<AddedLine, 'number' | 'hash'>>> {
  const numbers = blamed.filter((line) => line.commit === null).map(({ line }) => line);
  if (numbers.length === 0) return new Map();
  const text = contents ?? workText(place, path);
  if (text === undefined) return new Map();
  const head = commit ?? (await headCommit(place.repository));
  const before = (await textsAt(place.repository, head, [path])).get(path) ?? '';
  const { count } = linesOf(text);
  const present = numbers.filter((number) => number <= count);
  const classes = classifyLines(text, place.ledger.attribute(path, text), before, rangesOf(present));
  return new Map(present.map((number, i) => [number, classes[i] as (typeof classes)[number]]));
}

function workText({ repository }: Place, path: string): string | undefined {
  const content = workTreeText(repository, path);
  return content.kind === 'text' ? content.text : undefined;
}

async function committedLines(
  { repository }: Place,
  blamed: readonly BlamedLine[],
): Promise<Map<BlamedLine, AddedLine>> {
  const commits = [...new Set(blamed.flatMap((line) => line.commit ?? []))];
  const resolved = await resolveCommits(repository.git, commits, { onlyNamed: true });
  const finders = new Map(resolved.map((entry) => [entry.commit, lineFinder(entry)]));
  return new Map(
    blamed.flatMap((line) => {
      const known = line.commit === null ? undefined : finders.get(line.commit)?.(line.path, line.originalLine);
      return known ? [[line, known] as const] : [];
    }),
  );
}

/** A line that a commit only moved or indented anew is followed further back, to the one that made it (DESIGN 2). */
async function followMoved(place: Place, moved: readonly BlamedLine[]): Promise<Map<number, AttributedLine>> {
  if (moved.length === 0) return new Map();
  const further: BlamedLine[] = [];
  const makers = new Set(moved.map((line) => line.commit as string));
  for (const maker of makers) {
    const own = moved.filter((line) => line.commit === maker);
    for (const from of new Set(own.map((line) => line.path))) {
      const lines = own.filter((line) => line.path === from);
      const origins = await readBlame(place.repository.git, {
        ...{ path: from, revision: maker, ignoreSpace: true, moves: true, copies: 1 },
        lines: spansOf(lines.map(({ originalLine }) => originalLine).sort((a, b) => a - b)),
      });
      const byLine = new Map(origins.map((origin) => [origin.line, origin]));
      for (const { line, originalLine } of lines) {
        const origin = byLine.get(originalLine);
        if (origin && origin.commit !== maker) further.push({ ...origin, line });
      }
    }
  }
  const known = await committedLines(place, further);
  return new Map(
    further.map((line) => [line.line, { number: line.line, commit: line.commit, known: known.get(line) ?? baseLine }]),
  );
}
