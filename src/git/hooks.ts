import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isErrorCode } from '../errors.ts';
import { shellQuote } from '../launcher.ts';
import type { Repository } from './repository.ts';

/** The hooks that are set, in the order git calls them. */
export const gitHooks = [
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'post-merge',
  'post-rewrite',
  'post-applypatch',
] as const;
export type GitHook = (typeof gitHooks)[number];

const begin = '# >>> countersign >>>';
const end = '# <<< countersign <<<';

export type HookChange =
  | { readonly hook: GitHook; readonly file: string; readonly change: 'written' | 'removed' | 'unchanged' }
  | { readonly hook: GitHook; readonly file: string; readonly change: 'refused'; readonly why: string };

/** The lines that a hook gets: nothing but a call of the launcher, which a launcher that is gone does not disturb. */
function block(hook: GitHook, launcher: string): string {
  const command = shellQuote(launcher.replaceAll('\\', '/'));
  return `${begin}\nif [ -x ${command} ]; then ${command} git-hook ${hook} "$@" || exit $?; fi\n${end}\n`;
}

/**
 * Where git looks for this repository's hooks, if that is a folder of its own git folder. A folder that
 * `core.hooksPath` points to belongs to somebody else (a hook manager, the company), and is left alone.
 */
async function hooksFolder({ git, top, commonDir }: Repository): Promise<{ folder: string } | { why: string }> {
  const folder = path.resolve(top, await git.text(['rev-parse', '--git-path', 'hooks']));
  const relative = path.relative(commonDir, folder);
  if (relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)) return { folder };
  return {
    why: `core.hooksPath points to ${folder}, outside the git folder: add "${'countersign git-hook HOOK "$@"'}" to the hooks there by hand`,
  };
}

/** Adds our block to each hook, first thing after its `#!` line; foreign lines stay as they are. */
export function installGitHooks(repository: Repository, launcher: string, dryRun: boolean): Promise<HookChange[]> {
  return changeHooks(repository, dryRun, (content, hook) => {
    const own = block(hook, launcher);
    if (content === undefined) return `#!/bin/sh\n${own}`;
    const without = removeBlock(content);
    const firstLine = /^#![^\n]*\n/.exec(without)?.[0] ?? '';
    if (!/^#!.*\b(sh|bash|dash|zsh|ksh)\b/.test(firstLine))
      return { why: 'is not a shell script: call "countersign git-hook" from it by hand' };
    return `${firstLine}${own}${without.slice(firstLine.length)}`;
  });
}

/** Takes our block out; a hook that was nothing else is removed. */
export function uninstallGitHooks(repository: Repository, dryRun: boolean): Promise<HookChange[]> {
  return changeHooks(repository, dryRun, (content) => {
    if (content === undefined) return undefined;
    const without = removeBlock(content);
    return content !== without && without.trim() === '#!/bin/sh' ? undefined : without;
  });
}

/** Whether each hook calls us. */
export async function gitHooksInstalled(repository: Repository): Promise<boolean> {
  const place = await hooksFolder(repository);
  if ('why' in place) return false;
  const contents = await Promise.all(gitHooks.map((hook) => readHook(path.join(place.folder, hook))));
  return contents.every((content) => content?.includes(begin) ?? false);
}

type Edit = (content: string | undefined, hook: GitHook) => string | undefined | { readonly why: string };

async function changeHooks(repository: Repository, dryRun: boolean, edit: Edit): Promise<HookChange[]> {
  const place = await hooksFolder(repository);
  const changes: HookChange[] = [];
  for (const hook of gitHooks) {
    if ('why' in place) {
      changes.push({ hook, file: hook, change: 'refused', why: place.why });
      continue;
    }
    const file = path.join(place.folder, hook);
    const before = await readHook(file);
    const after = edit(before, hook);
    if (typeof after === 'object') changes.push({ hook, file, change: 'refused', why: after.why });
    else if (after === before) changes.push({ hook, file, change: 'unchanged' });
    else {
      if (!dryRun) await writeHook(file, after);
      changes.push({ hook, file, change: after === undefined ? 'removed' : 'written' });
    }
  }
  return changes;
}

function removeBlock(content: string): string {
  const start = content.indexOf(begin);
  const stop = content.indexOf(end, start);
  if (start < 0 || stop < 0) return content;
  return content.slice(0, start) + content.slice(stop + end.length + 1);
}

async function readHook(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function writeHook(file: string, content: string | undefined): Promise<void> {
  if (content === undefined) {
    await rm(file);
    return;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  await chmod(file, 0o755);
}
