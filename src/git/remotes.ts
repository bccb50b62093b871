import { type Git, GitError } from './git.ts';
import { notesRef } from './notes.ts';
import { recordsRef, remotesPrefix } from './records.ts';

/** What was last seen of a remote. */
export interface TrackingRefs {
  readonly records: string;
  readonly notes: string;
}

export function trackingRefs(remote: string): TrackingRefs {
  const folder = `${remotesPrefix}${refName(remote)}`;
  return { records: `${folder}/records`, notes: `${folder}/notes` };
}

/** A remote's name as a part of a ref's: a configuration edited by hand may name a remote as no ref can be named. */
function refName(remote: string): string {
  const plain = /[A-Za-z0-9_-]|(?<=[A-Za-z0-9_-])[./](?=[A-Za-z0-9_-])(?!lock(\/|$))/y;
  let name = '';
  for (let i = 0; i < remote.length; i++) {
    plain.lastIndex = i;
    const character = remote[i] as string;
    name += plain.test(remote) ? character : `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  }
  return name;
}

/**
 * The refspecs of our refs. They match by a `*` though each is for one ref: where the remote has no such ref, git takes
 * that for nothing to fetch, not for an error that ends the whole `git fetch`.
 */
export function fetchRefspecs(remote: string): [string, string] {
  const { records, notes } = trackingRefs(remote);
  return [
    `+${recordsRef.replace(/s$/, '*')}:${records.replace(/s$/, '*')}`,
    `+${notesRef.replace('/notes/', '/note*/')}:${notes.replace(/s$/, '*')}`,
  ];
}

export async function remoteNames(git: Git): Promise<string[]> {
  return (await git.text(['remote'])).split('\n').filter((name) => name !== '');
}

/**
 * The remote to share with where none is named: the upstream's of the branch that is checked out, else `origin`, else the
 * only one.
 *
 * @throws {GitError} where there is none, or no telling which, in words for a person
 */
export async function defaultRemote(git: Git): Promise<string> {
  const names = await remoteNames(git);
  const branch = await git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const upstream = branch === undefined ? undefined : await git.ask(['config', '--get', `branch.${branch}.remote`]);
  if (upstream !== undefined && names.includes(upstream)) return upstream;
  if (names.includes('origin')) return 'origin';
  const [only, ...more] = names;
  if (only === undefined) {
    throw new GitError('failed', `${git.folder} has no remote: add one with "git remote add origin URL"`);
  }
  if (more.length === 0) return only;
  throw new GitError('failed', `${git.folder} has the remotes ${names.join(', ')}: name one of them`);
}

/** @throws {GitError} in words for a person */
export async function requireRemote(git: Git, remote: string): Promise<void> {
  const names = await remoteNames(git);
  if (names.includes(remote)) return;
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  throw new GitError('failed', `${remote} is not a remote of ${git.folder}: ${known}`);
}

/**
 * Lets each plain `git fetch` of a remote bring its records and notes, too. A mirror brings all refs anyway.
 *
 * @returns whether anything was changed
 */
export async function setFetchRefspecs(git: Git, remote: string): Promise<boolean> {
  const present = await configuredRefspecs(git, remote);
  if (present.some((refspec) => /^\+?refs\/\*:/.test(refspec))) return false;
  const wanted = fetchRefspecs(remote).filter((refspec) => !present.includes(refspec));
  for (const refspec of wanted) await git.run(['config', '--local', '--add', `remote.${remote}.fetch`, refspec]);
  return wanted.length > 0;
}

/** @returns whether anything was changed */
export async function removeFetchRefspecs(git: Git, remote: string): Promise<boolean> {
  const present = await configuredRefspecs(git, remote);
  const own = fetchRefspecs(remote).filter((refspec) => present.includes(refspec));
  for (const refspec of own) {
    const exactly = `^${refspec.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
    await git.run(['config', '--local', '--unset-all', `remote.${remote}.fetch`, exactly]);
  }
  return own.length > 0;
}

async function configuredRefspecs(git: Git, remote: string): Promise<string[]> {
  const values = await git.run(['config', '--local', '-z', '--get-all', `remote.${remote}.fetch`], { accept: [1] });
  return values.toString('utf8').split('\0');
}
