import { claimedDigests, mentionedDigests, type Trailer } from '../core/trailers.ts';
import { type Git, GitError } from './git.ts';
import { notesRef } from './notes.ts';

export interface CommitFacts {
  readonly commit: string;
  readonly parents: readonly string[];
  readonly tree: string;
  /** Its author, and when: seconds since 1970 and the offset from UTC, as git writes them. */
  readonly author: { readonly name: string; readonly email: string; readonly date: string };
  /** When it was made: ISO 8601, UTC. A time that no calendar has is the beginning of 1970. */
  readonly time: string;
  /** The whole message, as git decodes it. */
  readonly message: string;
  /** The last trailer block, as git itself parses it. */
  readonly trailers: readonly Trailer[];
  /** Digests that the trailer block claims, the later first. */
  readonly claimed: readonly string[];
  /** Digests elsewhere in the message, and in the commit's note: they may only help to align. */
  readonly mentioned: readonly string[];
  readonly noted: readonly string[];
  /** The commits that this one reverts, by what `git revert` wrote into the message. */
  readonly reverted: readonly string[];
}

const format = [
  ...['%H', '%P', '%T', '%an', '%ae', '%ad', '%ct'],
  '%(trailers:only=true,unfold=true)',
  ...['%N', '%B'],
];

/** What commits say of their records, by one process. */
export async function readCommits(git: Git, commits: readonly string[]): Promise<CommitFacts[]> {
  if (commits.length === 0) return [];
  const output = await git.text(
    [
      ...['-c', 'trailer.separators=:'],
      'log',
      '--no-walk=unsorted',
      '--stdin',
      '-z',
      `--notes=${notesRef}`,
      '--no-show-signature',
      '--no-use-mailmap',
      '--date=raw',
      `--format=${format.join('%x00')}`,
    ],
    { input: `${commits.join('\n')}\n` },
  );
  // No commit has a NUL in it: whatever a name or a message holds, it stays in its field.
  const fields = output.split('\0');
  const commitsRead = Math.floor(fields.length / format.length);
  return Array.from({ length: commitsRead }, (_, i) =>
    parseFacts(fields.slice(i * format.length, (i + 1) * format.length)),
  );
}

function parseFacts(fields: readonly string[]): CommitFacts {
  const [
    commit = '',
    parents = '',
    tree = '',
    name = '',
    email = '',
    date = '',
    seconds = '',
    trailers = '',
    note = '',
    message = '',
  ] = fields;
  const block = trailers.split('\n').flatMap(parseTrailer);
  const claims = block.filter(({ key }) => key.toLowerCase() === 'provenance');
  const claimed = claimedDigests(claims.map(({ value }) => value)).reverse();
  const noted = note.split('\n').filter((line) => /^[0-9a-f]{64}$/.test(line));
  const mentioned = mentionedDigests(message).filter((digest) => !claimed.includes(digest));
  return {
    ...{ commit, parents: parents.split(' ').filter((id) => id !== ''), tree, message },
    author: { name, email, date },
    time: isoTime(Number(seconds) * 1000),
    trailers: block,
    ...{ claimed, mentioned, noted, reverted: revertedCommits(message) },
  };
}

/** The last time that RFC 3339 can write: the end of the year 9999, in ms. */
const latestTime = Date.UTC(9999, 11, 31, 23, 59, 59);

function isoTime(ms: number): string {
  return new Date(ms <= latestTime ? ms : 0).toISOString();
}

/** A trailer is one line, for it was unfolded: no value can pass for another trailer. */
function parseTrailer(line: string): Trailer[] {
  const at = line.indexOf(':');
  return at < 0 ? [] : [{ key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() }];
}

/** So many reverted commits of one message are followed. */
const maxReverted = 20;

/** The commits that a message says to revert, in the words of `git revert` and of forges. */
export function revertedCommits(message: string): string[] {
  const found = [...message.matchAll(/^This reverts commit ([0-9a-f]{40,64})\b/gm)].map(([, id]) => id as string);
  return found.slice(0, maxReverted);
}

/** The parents of those commits that are here. */
export async function parentsOf(
  git: Git,
  commits: readonly string[],
): Promise<{ commit: string; parents: readonly string[] }[]> {
  const output = await git.ask(['rev-list', '--no-walk=unsorted', '--parents', '--ignore-missing', '--stdin'], {
    input: `${commits.join('\n')}\n`,
  });
  return (output ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [commit = '', ...parents] = line.split(' ');
      return { commit, parents };
    });
}

/** The commit that a person's revision names. @throws {GitError} with a message for that person */
export async function resolveCommit(git: Git, revision: string): Promise<string> {
  const parse = (name: string): Promise<string | undefined> =>
    git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', name]);
  // Behind `:/words` a `^{commit}` would be more words to look for.
  const isSearch = revision.startsWith(':/');
  const object = isSearch ? await parse(revision) : revision;
  const commit = object && (await parse(`${object}^{commit}`));
  if (commit) return commit;
  throw new GitError('failed', `${revision} is not a commit of ${git.folder}: name a branch, a tag or a commit id`);
}

/**
 * The commits of a range, the newest first. A range is what `git log` takes: `A..B`, or a revision for all that it
 * reaches; without one, what the upstream branch does not have, or else all of HEAD.
 *
 * @throws {GitError} with a message for the person whose range it is
 */
export async function listCommits(git: Git, range?: string): Promise<string[]> {
  const list = (revisions: string): Promise<string | undefined> =>
    git.ask(['rev-list', '--end-of-options', revisions, '--']);
  const ahead = range === undefined ? await list('@{upstream}..HEAD') : undefined;
  const output = ahead ?? (await list(range ?? 'HEAD'));
  if (output === undefined) {
    const what = range === undefined ? 'there is no commit yet' : `${range} is not a range of commits`;
    throw new GitError('failed', `${what} in ${git.folder}: name a range such as main..HEAD`);
  }
  return output.split('\n').filter((commit) => commit !== '');
}
