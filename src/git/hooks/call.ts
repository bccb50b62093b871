import { shellQuote } from '../../launcher.ts';
import { type GitHook, readsInput } from './events.ts';
import { begin, beginWhole, end } from './managedBlock.ts';

/** The launcher as a word for `sh`: its own path, or, for files that others share, wherever a reader's home is. */
export function launcherWord(launcher: string, shared: boolean): string {
  return shared ? '"$HOME/.countersign/bin/countersign"' : shellQuote(launcher);
}

/**
 * The lines that a hook file gets. A launcher that is gone or broken stops nothing: exit code 1 of `commit-msg` alone is a
 * no. What follows in the file finds `$@`, standard input and `set` as they were, for where the hook reads its input the
 * lines put it back.
 *
 * @param word what `launcherWord` gave
 * @param whole whether the file holds nothing else, and is to go with the lines
 */
export function hookLines(hook: GitHook, word: string, whole: boolean): string {
  const call = `"$countersign" git-hook ${hook} "$@"`;
  const lines = readsInput(hook)
    ? [
        'if [ -x "$countersign" ]; then',
        'countersign_input=$(cat)',
        `printf '%s\\n' "$countersign_input" | ${call} || :`,
        '[ -z "$countersign_input" ] || exec <<countersign_input',
        '$countersign_input',
        'countersign_input',
        'fi',
      ]
    : [`[ ! -x "$countersign" ] || ${call} || ${hook === 'commit-msg' ? '[ $? -ne 1 ] || exit 1' : ':'}`];
  return [whole ? beginWhole : begin, `countersign=${word}`, ...lines, end, ''].join('\n');
}

/** The same for git's configuration: git itself puts `"$@"` behind it. */
export function hookCommand(hook: GitHook, word: string): string {
  const rest = hook === 'commit-msg' ? '[ $? -ne 1 ]' : ':';
  return `f() { set -- ${word} git-hook ${hook} "$@"; [ ! -x "$1" ] || "$@" || ${rest}; }; f`;
}
