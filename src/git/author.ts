import type { Git } from './git.ts';

/** The name of whom git takes for the author of a commit made now; `''` where it knows nobody. */
export async function authorName(git: Git, signal?: AbortSignal): Promise<string> {
  const answer = await git.ask(['var', 'GIT_AUTHOR_IDENT'], { signal });
  return answer?.slice(0, Math.max(0, answer.lastIndexOf(' <'))) ?? '';
}
