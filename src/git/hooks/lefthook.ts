import { launcherWord } from './call.ts';
import { type GitHook, readsInput } from './events.ts';

/** What a person puts into `lefthook-local.yml`, which is nobody else's, for these hooks. */
export function lefthookSnippet(hooks: readonly GitHook[]): string {
  const word = launcherWord('', true);
  const jobs = hooks.flatMap((hook) => [
    `${hook}:`,
    '  jobs:',
    '    - name: countersign',
    `      run: test ! -x ${word} || ${word} git-hook ${hook} {0}`,
    ...(readsInput(hook) ? ['      use_stdin: true'] : []),
  ]);
  return ['put this into lefthook-local.yml, then run "lefthook install":', ...jobs].join('\n');
}
