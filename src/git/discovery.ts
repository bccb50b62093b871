import { lstatSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';

/** Where a repository with a work tree lies; all paths absolute, symbolic links resolved. */
export interface Location {
  readonly top: string;
  readonly gitDir: string;
  readonly commonDir: string;
}

/** Variables that move a repository, or the search for one, away from what the folders say. */
const relocating =
  /^GIT_(DIR|WORK_TREE|COMMON_DIR|OBJECT_DIRECTORY|IMPLICIT_WORK_TREE|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM)$/;

/**
 * The repository that `folder` (existing) lies in, found as git finds it but without starting git, which would be the
 * larger part of a hook's time. It knows the plain cases only: a `.git` folder, or a `.git` file that points to one (a
 * linked worktree, a separate git folder). Wherever git might see it otherwise the answer is `undefined`: ask git.
 *
 * Git refuses a repository that belongs to somebody else (`safe.directory`), for its settings can start programs. So
 * work tree, `.git` and git folder must all belong to this process's user, which is what git asks for where no setting
 * says more. Where files tell no owner, as on Windows, git is always asked.
 */
export function discover(
  folder: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Location | undefined {
  const user = process.geteuid?.();
  if (user === undefined || Object.keys(environment).some((name) => relocating.test(name))) return undefined;
  try {
    const start = realpathSync.native(folder);
    const device = statSync(start).dev;
    for (let top = start; ; top = path.dirname(top)) {
      const stats = lstatSync(top);
      // Git does not look beyond its file system; a folder with a HEAD may itself be a git folder.
      if (stats.dev !== device || exists(path.join(top, 'HEAD'))) return undefined;
      const dotGit = path.join(top, '.git');
      const found = lstatSync(dotGit, { throwIfNoEntry: false });
      if (found) return stats.uid === user && found.uid === user ? locate(top, dotGit, found, user) : undefined;
      if (top === path.dirname(top)) return undefined;
    }
  } catch (error) {
    // Whatever cannot be read here git cannot read either, and has words for it.
    if (error instanceof Error && 'syscall' in error) return undefined;
    throw error;
  }
}

function locate(top: string, dotGit: string, found: Stats, user: number): Location | undefined {
  const gitDir = found.isDirectory() ? dotGit : found.isFile() ? pointedTo(dotGit) : undefined;
  if (gitDir === undefined || lstatSync(gitDir).uid !== user) return undefined;
  const shared = path.join(gitDir, 'commondir');
  const commonDir = exists(shared)
    ? realpathSync.native(path.resolve(gitDir, withoutLineBreak(readFileSync(shared, 'utf8'))))
    : gitDir;
  return isGitFolder(gitDir, commonDir) && isPlain(readFileSync(path.join(commonDir, 'config'), 'utf8'))
    ? { top, gitDir, commonDir }
    : undefined;
}

/** The git folder that a `.git` file names. */
function pointedTo(dotGit: string): string | undefined {
  const target = /^gitdir: ([^\r\n]+)[\r\n]*$/.exec(readFileSync(dotGit, 'utf8'))?.[1];
  return target === undefined ? undefined : realpathSync.native(path.resolve(path.dirname(dotGit), target));
}

/** Git passes over a `.git` that has not these. */
function isGitFolder(gitDir: string, commonDir: string): boolean {
  return (
    /^(ref: refs\/|[0-9a-f]{40})/.test(readFileSync(path.join(gitDir, 'HEAD'), 'utf8')) &&
    statSync(path.join(commonDir, 'objects')).isDirectory() &&
    statSync(path.join(commonDir, 'refs')).isDirectory()
  );
}

/**
 * Whether a repository's settings leave its work tree where its `.git` is, in a format that every git knows. Seen line
 * by line, whatever the section: a key that only looks like one of these has git asked for nothing.
 */
function isPlain(config: string): boolean {
  const keys = config.matchAll(/(?:^|\])[ \t]*(worktree|bare|repositoryformatversion|\[[ \t]*extensions)([^\r\n]*)/gim);
  return [...keys].every(([, key, value = '']) => {
    switch (key?.toLowerCase()) {
      case 'bare':
        return /^\s*=\s*false\s*$/.test(value);
      case 'repositoryformatversion':
        return /^\s*=\s*0\s*$/.test(value);
      default:
        return false;
    }
  });
}

function exists(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function withoutLineBreak(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}
