import { align } from '../core/align.ts';
import { isPartial, type KnownLine } from '../core/alignRecords.ts';
import { type LineSpan, readBlame, spansOf } from '../git/blame.ts';
import { diffCommits } from '../git/commitDiffs.ts';
import { parentsOf } from '../git/commits.ts';
import type { DiffFile } from '../git/diff.ts';
import type { Git } from '../git/git.ts';
import { lineFinder } from './lineFinder.ts';
import type { ResolvedCommit } from './resolve.ts';

type Resolve = (commits: readonly string[]) => Promise<readonly ResolvedCommit[]>;

/** So many files of one reverted commit are looked into. */
const maxFiles = 200;

/**
 * Lines that a revert brings back have the origin they had at the parent of the commit that it reverts (DESIGN 3.3). The
 * message only says where to look: a line must be one that the reverted commit took out.
 *
 * @param onto the commit that the change is made to: files may have other names there than in the reverted commit
 * @param known by file of `diff` what is known of its lines; gets what is found
 * @param resolve reads the commits that made the lines
 */
export async function restoredLines(
  git: Git,
  reverted: readonly string[],
  onto: string | undefined,
  diff: readonly Pick<DiffFile, 'path' | 'added' | 'deleted'>[],
  known: readonly Map<number, KnownLine>[],
  resolve: Resolve,
): Promise<void> {
  for (const { commit, parents } of await parentsOf(git, reverted)) {
    const [parent] = parents;
    if (parent === undefined) continue;
    // The other way round: what the reverted commit took out is what its parent adds to it, with the parent's line numbers.
    const { value: takenOut } = await diffCommits(git, [{ commit: parent, parents: [commit] }]).next();
    const byPath = new Map(((takenOut as DiffFile[] | undefined) ?? []).map((file) => [file.path, file]));
    const isMoved = diff.some(({ path, added }) => added.length > 0 && !byPath.has(path));
    const formerPaths = isMoved && onto !== undefined ? await renames(git, commit, onto) : new Map<string, string>();
    let files = 0;
    for (const [i, file] of diff.entries()) {
      const open = file.added.filter(({ number }) => (known[i]?.get(number)?.class ?? 'unknown') === 'unknown');
      const former = byPath.get(file.path) ?? byPath.get(formerPaths.get(file.path) ?? '');
      if (open.length === 0 || !former || ++files > maxFiles) continue;
      const matches = align(
        open.map(({ hash }) => hash),
        former.added.map(({ hash }) => hash),
      ).matches.flatMap(({ a, b, length }) => Array.from({ length }, (_, n) => ({ a: a + n, b: b + n })));
      const lines = matches.map(({ b }) => former.added[b] as DiffFile['added'][number]);
      const spans = spansOf(lines.map(({ number }) => number));
      const origins = await originsAt(git, parent, former.path, spans, resolve);
      for (const [n, { a }] of matches.entries()) {
        const origin = origins.get((lines[n] as DiffFile['added'][number]).number);
        const line = open[a] as DiffFile['added'][number];
        // Of a line that was changed in part only that part is known. Where nothing goes for it the whole line is new here.
        if (origin && (!isPartial(origin) || file.deleted > 0))
          known[i]?.set(line.number, { ...origin, hash: line.hash });
      }
    }
  }
}

/** What files were called in one commit, by what they are called in a later one; those of the same name aside. */
async function renames(git: Git, from: string, to: string): Promise<Map<string, string>> {
  const { value: files } = await diffCommits(git, [{ commit: to, parents: [from] }]).next();
  const renamed = ((files as DiffFile[] | undefined) ?? []).flatMap(({ path, oldPath }) =>
    oldPath === undefined ? [] : [[path, oldPath] as const],
  );
  return new Map(renamed);
}

/** What is known of lines (1-based) of a file at a commit, followed back to the commits that made them. */
async function originsAt(
  git: Git,
  commit: string,
  path: string,
  spans: readonly LineSpan[],
  resolve: Resolve,
): Promise<Map<number, KnownLine>> {
  if (spans.length === 0) return new Map();
  const blamed = await readBlame(git, { path, revision: commit, lines: spans });
  const makers = [...new Set(blamed.flatMap((line) => line.commit ?? []))];
  const finders = new Map((await resolve(makers)).map((entry) => [entry.commit, lineFinder(entry)]));
  return new Map(
    blamed.flatMap((line) => {
      const known = line.commit === null ? undefined : finders.get(line.commit)?.(line.path, line.originalLine);
      return known ? [[line.line, known] as const] : [];
    }),
  );
}
