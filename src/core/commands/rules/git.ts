import type { Rules, Use } from '../rule.ts';

const operands = ({ arguments: options }: Use): string[] => options.operands.map(({ text }) => text);

/** A name of a commit that is not the current one; what may be a path as well only counts where it cannot be meant. */
function movesBranch(use: Use): boolean {
  const [, revision = ''] = operands(use);
  if (/^(HEAD|@)?$/.test(revision)) return false;
  const hasMode = ['--soft', '--mixed', '--keep', '--merge', '--hard'].some((mode) => use.arguments.has(mode));
  return hasMode || /[~^]|@\{|^[0-9a-f]{7,40}$|^(origin|upstream)\/|^(ORIG|FETCH|MERGE)_HEAD$/.test(revision);
}

/** `git checkout -- a.ts`, `git checkout .`, `git checkout HEAD -- src`. */
function takesPaths(use: Use): boolean {
  const words = use.command.words.map(({ text }) => text);
  const end = words.indexOf('--');
  return (
    (end >= 0 && end < words.length - 1) ||
    operands(use)
      .slice(1)
      .some((text) => /^(\.|\.\/|:\/|\*)$/.test(text))
  );
}

const publicRemotes = /^(heroku|dokku|production|prod|live|piku|clever)$/;

export const git: readonly Rules[] = [
  {
    class: 'destructive',
    because: 'discards work that is in no commit',
    calls: [
      'git clean -f|--force !-n|--dry-run',
      { match: 'git checkout', when: takesPaths, says: 'git checkout --' },
      'git checkout -f|--force',
      'git switch -f|--force|--discard-changes',
      'git restore !--staged|-S',
      { match: 'git restore --worktree|-W --staged|-S', says: 'git restore --worktree' },
      'git reset --hard',
      'git stash drop|clear',
      'git worktree remove -f|--force',
      'git submodule deinit -f|--force',
    ],
  },
  {
    class: 'destructive',
    because: 'lets go of commits that nothing else may hold',
    calls: [
      'git branch -D',
      { match: 'git branch -d|--delete -f|--force', says: 'git branch -D' },
      'git update-ref -d',
      'git reflog expire|delete',
      {
        match: 'git gc',
        says: 'git gc --prune',
        when: ({ arguments: a }) => /^(now|all)$/.test(a.valueOf('--prune')?.text ?? ''),
      },
      'git prune !-n',
    ],
  },
  {
    class: 'history-rewrite',
    because: 'replaces commits, or moves a branch away from them',
    calls: [
      { match: 'git reset', when: movesBranch },
      'git rebase !--abort|--quit|--show-current-patch|--edit-todo',
      {
        match: 'git pull',
        says: 'git pull --rebase',
        when: ({ arguments: a }) => (a.has('--rebase') && a.valueOf('--rebase')?.text !== 'false') || a.has('-r'),
      },
      'git filter-repo|filter-branch',
      'git-filter-repo|bfg',
      'git commit --amend',
      'git branch -f|--force !-d|-D|--delete|-m|-M',
      'git checkout -B',
      'git switch -C|--force-create',
      'git tag -f|--force',
      'git replace !-l|--list',
      'git update-ref !--stdin',
      'git reflog expire|delete',
      'jj squash|rebase|abandon|split',
    ],
  },
  {
    class: 'history-rewrite',
    because: 'replaces or removes what others see in the remote repository',
    calls: [
      'git push -f|--force|--force-with-lease|--force-if-includes !-n|--dry-run',
      'git push -d|--delete|--mirror|--prune !-n|--dry-run',
      {
        match: 'git push !-n|--dry-run',
        says: 'git push of a replaced or removed branch',
        when: (use) =>
          operands(use)
            .slice(2)
            .some((text) => /^[+:]./.test(text)),
      },
      {
        match: 'gh api',
        says: 'gh api of a forced update',
        when: (use) =>
          /git\/refs\//.test(operands(use)[1] ?? '') &&
          use.arguments.valuesOf('-F', '-f', '--field').some(({ text }) => text === 'force=true'),
      },
    ],
  },
  {
    class: 'production-deploy',
    because: 'deploys by a push',
    calls: [
      { match: 'git push', says: 'git push to a host', when: (use) => publicRemotes.test(operands(use)[1] ?? '') },
    ],
  },
];
