import { readBlame, spansOf } from '../blame.ts';
import type { Git } from '../git.ts';
import type { HistoryCommit } from './historyCommit.ts';

/** A commit that mends something. */
export interface FixCommit {
  readonly id: string;
  readonly parent: string;
  /** Files whose lines it took away or changed, by their paths before. */
  readonly paths: readonly string[];
}

/** A fix that touches more is mostly something else besides: nobody knows which of the lines were wrong. */
const maxFiles = 20;
const maxLines = 500;

/** The fix with what is worth asking of it; `undefined` for none. */
export function fixCommit({ id, firstParent, fix, files }: HistoryCommit): FixCommit | undefined {
  if (!fix || firstParent === undefined) return undefined;
  const mended = files.filter((file) => file.deleted > 0);
  const lines = mended.reduce((sum, { deleted }) => sum + deleted, 0);
  if (mended.length === 0 || mended.length > maxFiles || lines > maxLines) return undefined;
  return { id, parent: firstParent, paths: mended.map(({ path, oldPath }) => oldPath ?? path) };
}

/**
 * The commits that brought the lines which a fix took away or changed, the way of Śliwerski, Zimmermann and Zeller ("When do
 * changes induce fixes?", MSR 2005): blame at its parent, white space and moves within the file aside. Blank lines and
 * comments were not what was wrong.
 */
export async function blamedCommits(
  git: Git,
  { id, parent, paths }: FixCommit,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const patch = await git.text(
    [
      'diff-tree',
      '-r',
      '-p',
      '-U0',
      '-M50%',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      '--no-prefix',
      parent,
      id,
    ],
    { signal },
  );
  const removed = removedLines(patch);
  const blamed = new Set<string>();
  for (const path of paths) {
    const numbers = removed.get(path) ?? [];
    if (numbers.length === 0) continue;
    const wanted = new Set(numbers);
    const lines = await readBlame(git, {
      ...{ path, revision: parent, lines: spansOf(numbers), ignoreSpace: true, moves: true },
    });
    signal?.throwIfAborted();
    for (const { line, commit } of lines) if (commit !== null && wanted.has(line)) blamed.add(commit);
  }
  return blamed;
}

/** Numbers of the removed lines that say something, by the path before. A path that git quotes is left out. */
export function removedLines(patch: string): Map<string, number[]> {
  const removed = new Map<string, number[]>();
  const lines = patch.split('\n');
  let numbers: number[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (line.startsWith('--- ')) {
      numbers = [];
      removed.set(line.slice(4).replace(/\t$/, ''), numbers);
    }
    if (!hunk) continue;
    const [first, count, added] = [Number(hunk[1]), Number(hunk[2] ?? 1), Number(hunk[3] ?? 1)];
    for (let k = 0; k < count; k++) if (saysSomething((lines[++i] ?? '').slice(1))) numbers.push(first + k);
    if (lines[i + 1]?.startsWith('\\')) i++;
    i += added;
  }
  return removed;
}

/** Whether a line is more than blank, a bracket or a comment, in the languages whose comments begin so. */
function saysSomething(line: string): boolean {
  return (
    /\w/.test(line) &&
    !/^\s*(?:\/\/|\/\*|\*(?:\s|\/|$)|#(?!\s*(?:include|define|if|else|endif)\b)|--\s|<!--|;;|""")/.test(line)
  );
}
