import { type CommitFacts, readCommits } from './commits.ts';
import { GitError } from './git.ts';
import type { Repository } from './repository.ts';
import { headCommit } from './workTree.ts';

/** What the commit that HEAD points to says of itself; `null` on an unborn branch. @throws {GitError} where it cannot be read */
export async function readHead(repository: Repository): Promise<CommitFacts | null> {
  try {
    const [facts] = await readCommits(repository.git, ['HEAD']);
    return facts ?? null;
  } catch (error) {
    if (!(error instanceof GitError) || error.reason !== 'failed') throw error;
    if ((await headCommit(repository)) === null) return null;
    throw error;
  }
}
