import { Globs, maxGlobsLength } from '../glob.ts';

/** Tells whether a path matches any of these globs, however many layers of policy they come from. */
export function matcherOf(globs: readonly string[]): (path: string) => boolean {
  const sets: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const glob of globs) {
    length += glob.length;
    if (length > maxGlobsLength) {
      sets.push([]);
      length = glob.length;
    }
    sets.at(-1)?.push(glob);
  }
  const matchers = sets.map((set) => new Globs(set));
  return (path) => matchers.some((matcher) => matcher.matches(path));
}
