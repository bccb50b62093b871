import type { Git } from './git.ts';

/** What a repository (or a person, for all of theirs) has set for us in git's configuration, by key in lower case. */
export type Settings = ReadonlyMap<string, string>;

/** Whether a value of git's configuration says yes, as git reads it. */
export function isYes(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|on|[1-9]\d*)$/i.test(value);
}

/** The settings `countersign.*`, the last value of each, by one process; keys without `countersign.`, in lower case. */
export async function readSettings(git: Git): Promise<Settings> {
  return settingsOf(await readConfiguration(git, '^countersign\\.'));
}

/** Those of ours among all that was read. */
export function settingsOf(configuration: readonly (readonly [key: string, value: string])[]): Settings {
  const own = configuration.filter(([key]) => key.startsWith('countersign.'));
  return new Map(own.map(([key, value]) => [key.slice('countersign.'.length), value]));
}

/**
 * Every value of the keys that match, in git's order (the last of a key is the one that counts), by one process; section
 * and variable in lower case.
 *
 * @param pattern an extended regular expression over keys as git writes them
 */
export async function readConfiguration(git: Git, pattern: string): Promise<[key: string, value: string][]> {
  const output = await git.run(['config', '-z', '--get-regexp', pattern], { accept: [1] });
  const entries = output
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry !== '');
  return entries.map((entry) => {
    const [key = '', ...value] = entry.split('\n');
    return [key, value.join('\n')];
  });
}
