import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isErrorCode } from '../errors.ts';
import { resolveCommit } from './commits.ts';
import { type Git, GitError } from './git.ts';
import { notesRef } from './notes.ts';

/** Whether git takes it for several commits: `A..B`, `A...B`, `..B`, `A^@`, `A^!`, `A^-`. */
export function isRange(revision: string): boolean {
  return /\.\.|\^[@!]$|\^-\d*$/.test(revision);
}

/**
 * The commits that a person names, the newest first: those of a range, or of a single revision that one.
 *
 * @throws {GitError} with a message for that person
 */
export async function commitsNamed(git: Git, revision: string): Promise<string[]> {
  return isRange(revision) ? await commitsReached(git, revision) : [await resolveCommit(git, revision)];
}

/** All commits of a range, or of a single revision with its history, the newest first. @throws {GitError} as above */
export async function commitsReached(git: Git, revision: string): Promise<string[]> {
  const output = await git.ask(['rev-list', '--end-of-options', revision, '--']);
  if (output === undefined) {
    throw new GitError(
      'failed',
      `${revision} names no commits of ${git.folder}: name a commit, or a range such as main..HEAD`,
    );
  }
  return output === '' ? [] : output.split('\n');
}

/** What `--all` stands for: every ref but those that hold no history of the project's. HEAD is one of them. */
const allRefs = ['--exclude=refs/countersign/*', '--exclude=refs/notes/*', '--exclude=refs/stash', '--all'];

/** The commits of all branches, tags and remotes, and of HEAD, the newest first. */
export async function allCommits(git: Git): Promise<string[]> {
  const output = await git.text(['rev-list', ...allRefs]);
  return output === '' ? [] : output.split('\n');
}

/** The digests that any commit's message or note holds, in its trailers or elsewhere. */
export async function digestsNamed(git: Git): Promise<ReadonlySet<string>> {
  // Where notes are shown, git looks for the pattern in them too.
  const args = ['log', `--notes=${notesRef}`, '--no-show-signature', '--format=%B%n%N', '-E', '--grep=[0-9a-f]{64}'];
  const output = await git.text([...args, ...allRefs]);
  return new Set(output.match(/\b[0-9a-f]{64}\b/g));
}

/** `@{upstream}..HEAD`, or HEAD alone where it has no upstream. */
export async function unpublished(git: Git): Promise<string> {
  const upstream = await git.ask(['rev-parse', '--verify', '--quiet', '@{upstream}^{commit}']);
  return upstream === undefined || upstream === '' ? 'HEAD' : '@{upstream}..HEAD';
}

/** The commits at the edge of a shallow clone: their parents are not here, so nobody can say what they changed. */
export async function shallowCommits(git: Git): Promise<ReadonlySet<string>> {
  const file = path.resolve(git.folder, await git.text(['rev-parse', '--git-path', 'shallow']));
  try {
    return new Set((await readFile(file, 'utf8')).split('\n').filter((line) => line !== ''));
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return new Set();
    throw error;
  }
}
