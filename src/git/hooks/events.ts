/** The hooks that are set, in the order git calls them. */
export const commitHooks = [
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'post-merge',
  'post-rewrite',
  'post-applypatch',
] as const;

/** The hook that is set only where a person asked for records to go along with each push. */
export const syncHook = 'pre-push';

export const everyHook = [...commitHooks, syncHook] as const;
export type GitHook = (typeof everyHook)[number];

/** Git gives these something on their standard input, and every other hook of that name needs it, too. */
export function readsInput(hook: GitHook): boolean {
  return hook === 'post-rewrite' || hook === 'pre-push';
}
