import type { Trailer } from '../core/trailers.ts';
import type { Git } from './git.ts';

/** The last trailer block of each commit, as git itself parses it, by one process. What git does not find is left out. */
export async function readTrailers(git: Git, commits: readonly string[]): Promise<Map<string, Trailer[]>> {
  if (commits.length === 0) return new Map();
  // A trailer is one line, for it is unfolded; a message holds no NUL. So no value can pass for another trailer.
  const format = '--format=%H%n%(trailers:only=true,unfold=true)';
  const args = ['log', '--no-walk=unsorted', '--stdin', '-z', '--no-show-signature', format];
  const output = await git.text(['-c', 'trailer.separators=:', ...args], { input: `${commits.join('\n')}\n` });
  const entries = output.split('\0').filter((entry) => entry !== '');
  return new Map(
    entries.map((entry): [string, Trailer[]] => {
      const [commit = '', ...lines] = entry.split('\n');
      return [commit, lines.flatMap(parseTrailer)];
    }),
  );
}

function parseTrailer(line: string): Trailer[] {
  const at = line.indexOf(':');
  return at < 0 ? [] : [{ key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() }];
}
