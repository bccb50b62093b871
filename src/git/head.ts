import { claimedDigests } from '../core/trailers.ts';
import type { Git } from './git.ts';
import type { Repository } from './repository.ts';
import { headCommit } from './workTree.ts';

/** What the commit that HEAD points to says of itself, as far as the next commit depends on it. */
export interface Head {
  readonly commit: string;
  readonly parents: readonly string[];
  /** Digests that its trailer block claims. */
  readonly claimed: readonly string[];
  /** Its author, and when: seconds since 1970 and the offset from UTC, as git writes them. */
  readonly author: { readonly name: string; readonly email: string; readonly date: string };
}

const format = [
  '%H',
  '%P',
  '%(trailers:key=Provenance,valueonly=true,unfold=true,separator=%x01)',
  ...['%an', '%ae', '%ad'],
].join('%x02');

/** `null` on an unborn branch. @throws {GitError} where HEAD's commit cannot be read */
export async function readHead(repository: Repository): Promise<Head | null> {
  const args = [
    '-c',
    'trailer.separators=:',
    'log',
    '-1',
    '-z',
    '--no-show-signature',
    '--date=raw',
    `--format=${format}`,
    'HEAD',
  ];
  const answer = await repository.git.ask(args);
  if (answer === undefined) return (await headCommit(repository)) === null ? null : fail(repository.git);
  const [commit = '', parents = '', trailers = '', name = '', email = '', date = ''] = answer
    .replace(/\0$/, '')
    .split('\x02');
  const claimed = claimedDigests(trailers.split('\x01')).reverse();
  return { commit, parents: parents.split(' ').filter((id) => id !== ''), claimed, author: { name, email, date } };
}

/** HEAD names a commit, and yet git could not show it: its own words say why. */
async function fail(git: Git): Promise<never> {
  await git.run(['cat-file', 'commit', 'HEAD']);
  throw new Error(`git log could not read HEAD in ${git.folder}`);
}
