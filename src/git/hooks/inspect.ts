import path from 'node:path';
import type { Repository } from '../repository.ts';
import { hookCommand, hookLines, launcherWord } from './call.ts';
import { type ConfigHook, isConfigured, readConfigHooks, sectionOf } from './configHooks.ts';
import { commitHooks, type GitHook } from './events.ts';
import { asBytes, findHookFile, isRun, managerOf, readHookFile } from './hookFiles.ts';
import { findBlock } from './managedBlock.ts';
import { configHooksSince, type HookFacts, type HookFolder, hookFolder, readHookFacts } from './place.ts';

/**
 * `current` as this version sets it; `stale` set by another, or for another launcher; `damaged` ours, but git cannot run
 * it; `foreign` somebody else's, which does not call us; `absent` there is none.
 */
export interface HookState {
  readonly hook: GitHook;
  readonly state: 'current' | 'stale' | 'damaged' | 'foreign' | 'absent';
  /** The file, or the section of git's configuration. */
  readonly where: string;
  readonly reason?: string;
  /** What to do. */
  readonly mend?: string;
}

type Finding = Omit<HookState, 'hook'>;

const again = 'run "countersign install --git"';

/** How each hook stands with us in this repository. @param launcher as `shellLauncherPath` has it */
export async function inspectHooks(
  repository: Repository,
  hooks: readonly GitHook[],
  launcher: string,
): Promise<HookState[]> {
  const [facts, configured] = await Promise.all([readHookFacts(repository), readConfigHooks(repository.git)]);
  const folder = hookFolder(facts);
  return await Promise.all(
    hooks.map(async (hook) => {
      const inConfig = inspectConfig(hook, configured.get(hook), launcher, facts);
      const inFile = folder
        ? await inspectFile(folder, facts, hook, launcher)
        : await inspectOutside(path.join(facts.folder, hook), hook);
      return { hook, ...together(inConfig, inFile) };
    }),
  );
}

/** Whether every hook of a commit calls us, in whatever form: the sign that a person has agreed to records. */
export async function gitHooksInstalled(repository: Repository): Promise<boolean> {
  const states = await inspectHooks(repository, commitHooks, '');
  return states.every(({ state }) => state === 'current' || state === 'stale');
}

/** Of the two places, what a person needs to know. */
function together(inConfig: Finding | undefined, inFile: Finding): Finding {
  const runsFile = inFile.state === 'current' || inFile.state === 'stale';
  if (inConfig?.state === 'current' && runsFile)
    return { ...inFile, state: 'stale', reason: `${inConfig.where} calls us, too`, mend: again };
  if (!inConfig || (inConfig.state === 'absent' && runsFile)) return inFile;
  return inConfig;
}

function inspectConfig(
  hook: GitHook,
  found: ConfigHook | undefined,
  launcher: string,
  { runsConfigHooks, gitVersion }: HookFacts,
): Finding | undefined {
  if (!found) return undefined;
  const where = sectionOf(hook);
  if (!runsConfigHooks) {
    const reason = `git ${gitVersion} passes over hooks in its configuration`;
    return { state: 'absent', where, reason, mend: `update git to ${configHooksSince}, or ${again}` };
  }
  if (found.command === undefined && found.events.length > 0)
    return { state: 'damaged', where, reason: 'it has no command, and git fails there', mend: again };
  if (!found.events.includes(hook)) return { state: 'damaged', where, reason: 'it names no event', mend: again };
  if (!found.enabled) return { state: 'absent', where, reason: `${where}.enabled switches it off`, mend: again };
  if (isConfigured(hook, found, hookCommand(hook, launcherWord(launcher, false)))) return { state: 'current', where };
  return { state: 'stale', where, reason: 'another version, or another user, set it', mend: again };
}

async function inspectFile(folder: HookFolder, facts: HookFacts, hook: GitHook, launcher: string): Promise<Finding> {
  const { file: where, found } = await findHookFile(folder, hook);
  const mend = folder.shared ? `${again.slice(0, -1)} --work-tree"` : again;
  if (!found) {
    const manifest = await readHookFile(path.join(facts.top, 'package.json'));
    const cleared = !folder.shared && manifest?.text.includes('"simple-git-hooks"');
    const reason = 'simple-git-hooks removes all that it did not make, whenever it runs';
    return { state: 'absent', where, ...(cleared && { reason }), mend };
  }
  const { text } = found;
  const block = findBlock(text);
  if (block.state === 'damaged')
    return { state: 'damaged', where, reason: 'our lines in it were changed', mend: `take them out, then ${mend}` };
  if (block.state === 'absent') return await inspectForeign(facts, hook, where, text);
  if (!isRun(found, folder))
    return { state: 'damaged', where, reason: 'it is not executable', mend: `chmod +x ${where}` };
  if (!folder.husky && !/^#!.*sh\b/.test(text) && text.startsWith('#!'))
    return { state: 'damaged', where, reason: 'its first line names no shell', mend: `mend it, then ${mend}` };
  const word = launcherWord(launcher, folder.shared);
  const isCurrent = [true, false].some((whole) => block.block === asBytes(hookLines(hook, word, whole)));
  return isCurrent
    ? { state: 'current', where }
    : { state: 'stale', where, reason: 'another version, or another user, set it', mend };
}

/** A file without lines of ours: a person may call us from it, or from what a manager's file stands for. */
async function inspectForeign(facts: HookFacts, hook: GitHook, where: string, text: string): Promise<Finding> {
  if (calls(text, hook)) return { state: 'current', where, reason: 'called by hand' };
  const manager = managerOf(text);
  for (const name of manager === 'lefthook' ? lefthookFiles : []) {
    const file = path.join(facts.top, name);
    if (calls((await readHookFile(file))?.text ?? '', hook)) return { state: 'current', where: file };
  }
  switch (manager) {
    case undefined:
      return { state: 'foreign', where, reason: 'it does not call us', mend: again };
    case 'lefthook':
      return { state: 'foreign', where, reason: 'lefthook made it', mend: `${again}: it shows what lefthook needs` };
    default:
      return { state: 'foreign', where, reason: `${manager} made it, perhaps over our lines`, mend: again };
  }
}

const lefthookFiles = ['lefthook-local.yml', '.lefthook-local.yml', 'lefthook.yml', '.lefthook.yml'];

async function inspectOutside(where: string, hook: GitHook): Promise<Finding> {
  const found = await readHookFile(where);
  if (found && calls(found.text, hook)) return { state: 'current', where, reason: 'called by hand' };
  const reason = "core.hooksPath points to a folder that is not this repository's alone";
  return {
    state: found ? 'foreign' : 'absent',
    where,
    reason,
    mend: `update git to ${configHooksSince}, then ${again}`,
  };
}

function calls(text: string, hook: GitHook): boolean {
  return new RegExp(`^[^#\\n]*\\bgit-hook ${hook}\\b`, 'm').test(text);
}
