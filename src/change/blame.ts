import type { AddedLine, FileChange } from '../core/change.ts';
import { readBlame } from '../git/blame.ts';
import { headCommit } from '../git/workTree.ts';
import { readPending } from './pending.ts';
import type { Place } from './place.ts';
import { type ResolvedCommit, resolveCommits } from './resolve.ts';

/** A line of a file, where it comes from and what is known of it. */
export interface AttributedLine {
  /** 1-based. */
  readonly number: number;
  /** `null` for a pending line. */
  readonly commit: string | null;
  readonly known: Omit<AddedLine, 'number' | 'hash'>;
}

/** A line of a commit about which nothing is known. */
const baseLine = { class: 'base', countsAsAi: false } as const;

/** Who wrote each line of a file (relative to the top): at a commit, or, without one, of the work tree. */
export async function blameFile(place: Place, path: string, commit: string | undefined): Promise<AttributedLine[]> {
  const { git } = place.repository;
  const pending = commit === undefined ? await pendingLines(place, path) : undefined;
  const tracked = commit !== undefined || (await isTracked(place, path));
  if (!tracked)
    return [...(pending?.values() ?? [])].map((line) => ({ number: line.number, commit: null, known: line }));

  const blamed = await readBlame(git, path, commit);
  const commits = [...new Set(blamed.flatMap((line) => line.commit ?? []))];
  const resolved = new Map((await resolveCommits(git, commits)).map((entry) => [entry.commit, lineFinder(entry)]));
  return blamed.map((line, i) => {
    const number = i + 1;
    if (line.commit === null)
      return { number, commit: null, known: pending?.get(number) ?? { ...baseLine, class: 'unknown' } };
    return {
      number,
      commit: line.commit,
      known: resolved.get(line.commit)?.(line.path, line.originalLine) ?? baseLine,
    };
  });
}

async function pendingLines(place: Place, path: string): Promise<Map<number, AddedLine>> {
  const files = await readPending(place, { staged: false });
  const file = files.find((candidate) => candidate.path === path);
  return new Map(file?.lines.map((line) => [line.number, line]));
}

/** Whether git can blame the path: it has a commit behind it. */
async function isTracked({ repository }: Place, path: string): Promise<boolean> {
  const head = await headCommit(repository);
  return head !== null && (await repository.git.ask(['cat-file', '-e', `${head}:${path}`])) !== undefined;
}

/** Finds a line of a commit by its number; lines that the commit did not add, and a commit of which nothing is known, give nothing. */
export function lineFinder({ files, fit }: ResolvedCommit): (path: string, line: number) => AddedLine | undefined {
  if (fit.state === 'none' || fit.state === 'missing') return () => undefined;
  const byPath = new Map(
    files.map((file: FileChange) => [file.path, new Map(file.lines.map((line) => [line.number, line]))]),
  );
  return (path, line) => byPath.get(path)?.get(line);
}
