import { setImmediate } from 'node:timers/promises';
import { type Author, unknown } from '../core/author.ts';
import type { AddedLine } from '../core/change.ts';
import { contentHash } from '../core/digest.ts';
import { authorShares } from '../core/lineClass.ts';
import { type LineHistory, LineTrace, type Version } from '../core/lineHistory.ts';
import type { RunMap } from '../core/runs.ts';
import { lineContent, linesOf } from '../core/text.ts';
import { readBlame } from '../git/blame.ts';
import { headCommit } from '../git/workTree.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { lineFinder } from './lineFinder.ts';
import { readPending } from './pending.ts';
import type { Place } from './place.ts';
import { resolveCommits } from './resolve.ts';
import { textsAt, workTreeText } from './texts.ts';

/** What is known of one line of the work tree. */
export type Explanation = {
  /** Relative to the top of the repository. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** Without its line break. */
  readonly text: string;
} & (
  | (LineHistory & {
      readonly state: 'pending';
      readonly known: AddedLine;
      /** Visible characters by author, `base` for those that HEAD has. */
      readonly shares: ReadonlyMap<Author, number>;
    })
  | {
      readonly state: 'committed';
      readonly commit: string;
      /** What the commit's record says of it; absent where it says nothing. */
      readonly known: AddedLine | undefined;
    }
);

/**
 * Explains a line (1-based) of a file in the work tree: a pending one step by step, a committed one by its commit.
 *
 * @throws where there is no such line, or the file cannot be attributed; the message says which
 */
export async function explainLine(place: Place, path: string, line: number): Promise<Explanation> {
  const { repository, ledger } = place;
  const text = readText(place, path);
  const lines = linesOf(text);
  if (line > lines.count)
    throw new Error(`${path} has ${lines.count} ${lines.count === 1 ? 'line' : 'lines'}, no line ${line}`);
  const found = { path, line, text: lineContent(lines, line - 1) };

  const file = (await readPending(place, { staged: false })).find(
    (candidate) => candidate.path === path && candidate.lines.some(({ number }) => number === line),
  );
  const known = file?.lines.find(({ number }) => number === line);
  if (!known) return { ...found, ...(await explainCommitted(place, path, line)) };

  const { oldPath } = file ?? {};
  const runs = ledger.attribute(path, text, oldPath);
  const inHead = oldPath ?? path;
  const head = (await textsAt(repository, await headCommit(repository), [inHead])).get(inHead) ?? '';
  const history = await lineHistory(
    ledger,
    oldPath === undefined ? [path] : [path, oldPath],
    { text, runs, by: unknown.disk },
    line,
  );
  return { ...found, state: 'pending', known, ...history, shares: authorShares(text, runs, head, line - 1) };
}

/**
 * How a line (1-based) of a text came about. The text is the newest version of a path, seen in an editor or on disk;
 * `by` is given what has changed since the path was last taken note of.
 *
 * @param paths the path, then what it was called before
 */
export async function lineHistory(
  ledger: Ledger,
  paths: readonly [string, ...string[]],
  newest: { readonly text: string; readonly runs: RunMap; readonly by?: Author },
  line: number,
): Promise<LineHistory> {
  const heldBefore = ledger.held(paths[0], contentHash(newest.text), new Date().toISOString());
  let trace: LineTrace | undefined;
  let isCut = false;
  for (const path of paths) {
    for (const { stored, at, by, ...past } of ledger.history(path)) {
      if (!stored) {
        isCut = true;
        continue;
      }
      const version: Version = { ...stored, at, ...(by && { by }), heldBefore: past.heldBefore };
      if (!trace && stored.text === newest.text) {
        // The editor may know more of the same text than was noted.
        trace = new LineTrace({ ...version, runs: newest.runs }, line);
        continue;
      }
      trace ??= new LineTrace({ ...newest, heldBefore }, line);
      trace.back(version);
      if (trace.done) return { steps: trace.finish(), isCut };
      // A long history takes a while: an editor that waits for it goes on meanwhile.
      await setImmediate();
    }
  }
  trace ??= new LineTrace({ ...newest, heldBefore }, line);
  return { steps: trace.finish(), isCut };
}

function readText({ repository }: Place, path: string): string {
  const content = workTreeText(repository, path);
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'absent':
      throw new Error(`${path} is not there`);
    case 'binary':
      throw new Error(`${path} is no text: its lines are counted, not attributed`);
    case 'large':
      throw new Error(`${path} is too large, or no file: its lines are counted, not attributed`);
  }
}

async function explainCommitted(
  { repository }: Place,
  path: string,
  line: number,
): Promise<{ state: 'committed'; commit: string; known: AddedLine | undefined }> {
  const { git } = repository;
  // What is neither pending nor tracked is ignored by git.
  const tracked = await git.run(['ls-files', '-z', '--', path]);
  if (tracked.length === 0) throw new Error(`${path} is ignored by git: nothing is recorded of it`);
  const [blamed] = await readBlame(git, { path, lines: [{ start: line, end: line }] });
  if (!blamed || blamed.commit === null) throw new Error(`${path} was changed while it was read: try again`);
  const [resolved] = await resolveCommits(git, [blamed.commit]);
  const known = resolved && lineFinder(resolved)(blamed.path, blamed.originalLine);
  return { state: 'committed', commit: blamed.commit, known };
}
