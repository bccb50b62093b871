import { alignRecords, type KnownLine } from '../core/alignRecords.ts';
import type { AddedLine, FileChange } from '../core/change.ts';
import { mentionedDigests } from '../core/trailers.ts';
import { revertedCommits } from '../git/commits.ts';
import type { Git } from '../git/git.ts';
import { readCommitUnderWay } from '../git/operation.ts';
import { readRecords } from '../git/records.ts';
import type { Place } from './place.ts';
import { resolveCommits } from './resolve.ts';
import { restoredLines } from './restored.ts';

/** Where git's history knows lines that the pending state does not. */
export interface HistorySources {
  /** Records, the one that is believed first in front. */
  readonly digests: readonly string[];
  /** Commits that are being reverted. */
  readonly reverted: readonly string[];
  /** The commit that the change is made to. */
  readonly onto?: string;
}

/**
 * What the commit under way is made of: what its message names, what git has put into the work tree (a squash, a commit
 * picked without committing, a revert), and the commit that it amends.
 */
export async function sourcesOf(
  { repository }: Place,
  message: string,
  amended: readonly string[],
  onto: string | undefined,
): Promise<HistorySources> {
  const { texts, commits } = await readCommitUnderWay(repository);
  const all = [message, ...texts];
  const resolved = commits.length === 0 ? [] : await resolveCommits(repository.git, commits, { onlyNamed: true });
  const named = resolved.flatMap(({ records }) => records.map(({ digest }) => digest));
  return {
    digests: [...new Set([...all.flatMap(mentionedDigests), ...amended, ...named])],
    reverted: [...new Set(all.flatMap(revertedCommits))],
    ...(onto !== undefined && { onto }),
  };
}

/** Gives the lines of a change that nobody is known to have written the origin that history has for them. */
export async function fillFromHistory(
  git: Git,
  files: readonly FileChange[],
  { digests, reverted, onto }: HistorySources,
): Promise<readonly FileChange[]> {
  if (digests.length === 0 && reverted.length === 0) return files;
  const found = [...(await readRecords(git, digests)).values()].flatMap((record) =>
    typeof record === 'string' ? [] : [record],
  );
  const hashed = files.map((file) => ({ path: file.path, added: file.lines, deleted: file.deleted }));
  const known = alignRecords(hashed, found);
  if (reverted.length > 0) {
    await restoredLines(git, reverted, onto, hashed, known, (commits) =>
      resolveCommits(git, commits, { onlyNamed: true }),
    );
  }
  return files.map((file, i) => ({
    ...file,
    lines: file.lines.map((line) => filled(line, known[i]?.get(line.number))),
  }));
}

function filled(line: AddedLine, known: KnownLine | undefined): AddedLine {
  if (!known) return line;
  if (line.class === 'unknown') return { ...known, number: line.number, hash: line.hash };
  // The pending state forgets after a commit what was cut out of a line; the record does not.
  return line.class === 'ai' && known.class === 'mixed'
    ? { ...line, class: 'mixed', countsAsAi: known.countsAsAi }
    : line;
}
