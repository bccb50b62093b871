import type { Git } from './git.ts';

/** What a repository (or a person, for all of theirs) has set for us in git's configuration, by key in lower case. */
export type Settings = ReadonlyMap<string, string>;

/** The settings `countersign.*`, the last value of each, by one process; keys without `countersign.`, in lower case. */
export async function readSettings(git: Git): Promise<Settings> {
  const output = await git.run(['config', '-z', '--get-regexp', '^countersign\\.'], { accept: [1] });
  const entries = output
    .toString('utf8')
    .split('\0')
    .filter((entry) => entry !== '');
  return new Map(
    entries.map((entry) => {
      const [key = '', ...value] = entry.split('\n');
      return [key.slice('countersign.'.length), value.join('\n')];
    }),
  );
}
