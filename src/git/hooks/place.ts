import { realpathSync } from 'node:fs';
import path from 'node:path';
import { parseVersion } from '../git.ts';
import type { Repository } from '../repository.ts';

/** From this version on git runs hooks that stand in its configuration, beside those in files. */
export const configHooksSince = '2.54';

/** What a person may ask for; `auto` leaves it to us. */
export const hookModes = ['auto', 'config', 'files'] as const;
export type HookMode = (typeof hookModes)[number];

/** What is known of a repository before it is decided where our hooks go. Paths are absolute, their links resolved. */
export interface HookFacts {
  /** As git says it: `2.39.5`. */
  readonly gitVersion: string;
  /** Whether this git runs hooks from its configuration. */
  readonly runsConfigHooks: boolean;
  readonly top: string;
  /** The git folder that all worktrees share. */
  readonly commonDir: string;
  /** Where git looks for hook files. */
  readonly folder: string;
}

/** A folder of hook files. */
export interface HookFolder {
  readonly folder: string;
  /** In the work tree: the files are the project's, and the same text has to work for everybody. */
  readonly shared: boolean;
  /** Files that husky reads with `sh`, and that need neither a first line nor to be executable. */
  readonly husky: boolean;
}

/** Where our hooks go. */
export type HookPlace =
  | { readonly kind: 'config' }
  | ({ readonly kind: 'files' } & HookFolder)
  | { readonly kind: 'nowhere'; readonly why: string };

export async function readHookFacts({ git, top, commonDir }: Repository): Promise<HookFacts> {
  const [answer, hooks] = await Promise.all([git.text(['version']), git.text(['rev-parse', '--git-path', 'hooks'])]);
  const version = parseVersion(answer);
  return {
    gitVersion: version.text,
    runsConfigHooks: version.major > 2 || (version.major === 2 && version.minor >= 54),
    top,
    commonDir,
    folder: resolveLinks(path.resolve(top, hooks)),
  };
}

/**
 * The folder with this repository's hook files, if it is one that we may ever write to: one in the git folder, or in the
 * work tree. What lies outside belongs to other repositories, too.
 */
export function hookFolder({ folder, top, commonDir }: HookFacts): HookFolder | undefined {
  if (isBelow(folder, commonDir)) return { folder, shared: false, husky: false };
  if (!isBelow(folder, top)) return undefined;
  // husky makes its folder `_` anew with every `npm install`; what it calls lies beside it.
  const husky = path.basename(folder) === '_';
  return { folder: husky ? path.dirname(folder) : folder, shared: true, husky };
}

/**
 * Where our hooks go. Git's configuration, where git runs hooks from it: whatever else has hooks here keeps its own. Else
 * the folder where git looks, which is never set to another.
 *
 * @param inWorkTree whether a person agreed to hook files in the work tree
 */
export function decidePlace(facts: HookFacts, mode: HookMode, inWorkTree: boolean): HookPlace {
  if (mode === 'config' || (mode === 'auto' && facts.runsConfigHooks)) return { kind: 'config' };
  const found = hookFolder(facts);
  if (!found) {
    const why = `core.hooksPath points to ${facts.folder}, which is not this repository's alone`;
    return { kind: 'nowhere', why: `${why}: git ${configHooksSince} or later needs no such folder` };
  }
  if (found.shared && !inWorkTree) {
    const why = `core.hooksPath points to ${path.relative(facts.top, facts.folder)}, where the files are the project's`;
    return { kind: 'nowhere', why: `${why}: "--work-tree" writes to them, and "--work-tree --dry-run" shows what` };
  }
  return { kind: 'files', ...found };
}

function isBelow(folder: string, parent: string): boolean {
  const relative = path.relative(parent, folder);
  return relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Follows links as far as the folder exists. */
function resolveLinks(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    const parent = path.dirname(folder);
    return parent === folder ? folder : path.join(resolveLinks(parent), path.basename(folder));
  }
}
