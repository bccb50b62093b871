import { realpathSync } from 'node:fs';
import path from 'node:path';
import { discover, type Location } from './discovery.ts';
import { Git, GitError } from './git.ts';

/** A repository with a work tree, as seen from one of its worktrees. */
export interface Repository {
  /** Top of the work tree, absolute, symbolic links resolved. */
  readonly top: string;
  /** This worktree's git folder (`.git`, or `.git/worktrees/NAME`), absolute. */
  readonly gitDir: string;
  /** The git folder that all worktrees share, absolute. */
  readonly commonDir: string;
  /** Runs git at the top. */
  readonly git: Git;
}

/**
 * The repository that `folder` lies in.
 *
 * @throws {GitError} `no-repository`, `bare` (no work tree, so nothing pending), or what `Git.run` throws
 */
export async function openRepository(folder: string): Promise<Repository> {
  const { top, gitDir, commonDir } = discover(folder) ?? (await askGit(folder));
  return { top, gitDir, commonDir, git: new Git(top) };
}

/**
 * Git where a repository lies, with a work tree or without: for what reads commits only.
 *
 * @throws {GitError} `no-repository`, or what `Git.run` throws
 */
export async function openForReading(folder: string): Promise<Git> {
  const top = discover(folder)?.top;
  if (top !== undefined) return new Git(top);
  const [gitDir = folder, , found] = (await locate(new Git(folder))).split('\n');
  return new Git(found ?? gitDir);
}

async function askGit(folder: string): Promise<Location> {
  const git = new Git(folder);
  const [gitDir, commonDir, top] = (await locate(git)).split('\n');
  if (gitDir === undefined || commonDir === undefined || top === undefined) {
    throw new GitError('bare', `${gitDir} has no work tree: run this in a clone that has one`);
  }
  return {
    top: realpathSync.native(top),
    gitDir: path.normalize(gitDir),
    // Relative to where git stands, and that is never a symbolic link.
    commonDir: realpathSync.native(path.resolve(realpathSync.native(folder), commonDir)),
  };
}

/** Git folder, common folder and top, a line each; the top is missing where there is no work tree. */
async function locate(git: Git): Promise<string> {
  try {
    // Git prints what it can before it fails at the top of a bare repository.
    const answer = await git.text(['rev-parse', '--absolute-git-dir', '--git-common-dir', '--show-toplevel'], {
      accept: [128],
    });
    return answer === '' ? await git.text(['rev-parse', '--absolute-git-dir']) : answer;
  } catch (error) {
    if (!(error instanceof GitError) || error.reason !== 'failed') throw error;
    // Git's own words tell a folder without a repository from one that belongs to somebody else.
    const words = error.message.slice(error.message.indexOf(': ') + 2);
    throw new GitError(
      'no-repository',
      `${git.folder} is not in a git repository (${words}): run this inside one, or "git init" first`,
    );
  }
}

/**
 * `file` (absolute) relative to the top, with `/`; `undefined` where it lies outside the work tree or in `.git`. Symbolic
 * links on the way are followed as far as the path exists, so that a file reached through one is still found.
 */
export function pathInRepository(repository: Repository, file: string): string | undefined {
  const relative = path.relative(repository.top, resolveLinks(path.resolve(file)));
  const parts = relative.split(path.sep);
  if (relative === '' || parts[0] === '..' || path.isAbsolute(relative) || parts[0]?.toLowerCase() === '.git')
    return undefined;
  return parts.join('/');
}

/** Follows links in the folders of a path, not in its last part: git tracks a link itself, not what it points to. */
function resolveLinks(file: string): string {
  const folder = path.dirname(file);
  if (folder === file) return file;
  try {
    return path.join(realpathSync.native(folder), path.basename(file));
  } catch {
    return path.join(resolveLinks(folder), path.basename(file));
  }
}
