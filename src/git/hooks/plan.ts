import path from 'node:path';
import type { Repository } from '../repository.ts';
import { hookCommand, hookLines, launcherWord } from './call.ts';
import {
  type ConfigHook,
  configLines,
  isConfigured,
  readConfigHooks,
  removeConfigHook,
  sectionOf,
  setConfigHook,
} from './configHooks.ts';
import { everyHook, type GitHook } from './events.ts';
import { asBytes, findHookFile, type HookFile, isRun, managerOf, writeHookFile } from './hookFiles.ts';
import { lefthookSnippet } from './lefthook.ts';
import { findBlock, newFile, withBlock, withoutBlock } from './managedBlock.ts';
import {
  configHooksSince,
  decidePlace,
  type HookFacts,
  type HookFolder,
  type HookMode,
  hookFolder,
  readHookFacts,
} from './place.ts';

/** What becomes of one hook. `where` is a file, or a section of git's configuration. */
export type HookChange = { readonly hook: GitHook; readonly where: string } & (
  | { readonly change: 'written' /** What is added, just as it is. */; readonly lines: readonly string[] }
  | { readonly change: 'taken out' | 'removed' | 'unchanged' }
  | { readonly change: 'refused'; readonly why: string }
);

/** What would be done, and in `carryOut` is. */
export interface HookPlan {
  /** Why hooks are set nowhere, where that is so. */
  readonly refusal: string | undefined;
  readonly changes: readonly HookChange[];
  /** What was decided, and what a person has to know of it or do: a paragraph each. */
  readonly remarks: readonly string[];
  /** Does it, in the order of `changes`. Where one fails, those behind it are left. */
  carryOut(): Promise<void>;
}

export interface InstallOptions {
  readonly hooks: readonly GitHook[];
  /** As `shellLauncherPath` has it. */
  readonly launcher: string;
  readonly mode?: HookMode;
  /** Whether a person agreed to hook files in the work tree. */
  readonly inWorkTree?: boolean;
}

interface Step {
  readonly change: HookChange;
  run?(): Promise<void>;
}

function planOf(steps: readonly Step[], remarks: readonly string[] = [], refusal?: string): HookPlan {
  return {
    refusal,
    changes: steps.map(({ change }) => change),
    remarks,
    async carryOut() {
      for (const step of steps) await step.run?.();
    },
  };
}

/** How our hooks would be set; nothing is written. */
export async function planInstall(repository: Repository, options: InstallOptions): Promise<HookPlan> {
  const { mode = 'auto', inWorkTree = false, hooks } = options;
  const [facts, configured] = await Promise.all([readHookFacts(repository), readConfigHooks(repository.git)]);
  const place = decidePlace(facts, mode, inWorkTree);
  const folder = hookFolder(facts);
  const shared = folder?.shared ? await sharedCalls(folder) : new Map<GitHook, string>();
  const install = (hook: GitHook): Promise<Step> | Step | undefined => {
    const called = shared.get(hook);
    if (called !== undefined && place.kind !== 'files') return { change: { hook, where: called, change: 'unchanged' } };
    switch (place.kind) {
      case 'config':
        return configStep(repository, hook, configured.get(hook), options.launcher);
      case 'files':
        return fileStep(place, hook, options.launcher);
      case 'nowhere':
        return undefined;
    }
  };
  const steps = (await Promise.all(hooks.map(install))).filter((step) => step !== undefined);
  // Called from both, each commit would be recorded twice.
  const others =
    place.kind === 'config'
      ? await ownFileSteps(ownFolders(facts).filter((other) => !other.shared))
      : place.kind === 'files'
        ? configRemovals(repository, configured)
        : [];
  const changes = steps.map(({ change }) => change);
  const refusal = place.kind === 'nowhere' && steps.length < hooks.length ? place.why : undefined;
  return planOf([...steps, ...others], remarksOn(facts, mode, place.kind, changes), refusal);
}

/** How our hooks would be taken out, wherever they are; nothing is written. */
export async function planUninstall(repository: Repository): Promise<HookPlan> {
  const [facts, configured] = await Promise.all([readHookFacts(repository), readConfigHooks(repository.git)]);
  return planOf([...configRemovals(repository, configured), ...(await ownFileSteps(ownFolders(facts)))]);
}

/** The folders that may have lines of ours: git's own, and the one it is told to use. */
function ownFolders(facts: HookFacts): HookFolder[] {
  const usual: HookFolder = { folder: path.join(facts.commonDir, 'hooks'), shared: false, husky: false };
  const used = hookFolder(facts);
  return used && used.folder !== usual.folder ? [usual, used] : [usual];
}

/** The hooks that the project's own files call us from. */
async function sharedCalls(folder: HookFolder): Promise<Map<GitHook, string>> {
  const calls = new Map<GitHook, string>();
  for (const hook of everyHook) {
    const { file, found } = await findHookFile(folder, hook);
    if (found && isRun(found, folder) && found.text.includes(`git-hook ${hook}`)) calls.set(hook, file);
  }
  return calls;
}

function configStep({ git }: Repository, hook: GitHook, found: ConfigHook | undefined, launcher: string): Step {
  const where = sectionOf(hook);
  const command = hookCommand(hook, launcherWord(launcher, false));
  if (isConfigured(hook, found, command)) return { change: { hook, where, change: 'unchanged' } };
  return {
    change: { hook, where, change: 'written', lines: configLines(hook, command) },
    run: () => setConfigHook(git, hook, command),
  };
}

function configRemovals({ git }: Repository, configured: ReadonlyMap<GitHook, ConfigHook>): Step[] {
  return [...configured.keys()].map((hook) => ({
    change: { hook, where: sectionOf(hook), change: 'removed' },
    run: () => removeConfigHook(git, hook),
  }));
}

async function fileStep(folder: HookFolder, hook: GitHook, launcher: string): Promise<Step> {
  const { file, found } = await findHookFile(folder, hook);
  const word = launcherWord(launcher, folder.shared);
  const written = (text: string, lines: string, mode: number): Step => ({
    change: { hook, where: file, change: 'written', lines: lines.replace(/\n$/, '').split('\n') },
    run: () => writeHookFile(file, text, mode),
  });
  const rest = found && withoutBlock(found.text);
  if (!found || rest === undefined) {
    const text = newFile(hookLines(hook, word, true), !folder.husky);
    if (found && found.text === asBytes(text) && isRun(found, folder))
      return { change: { hook, where: file, change: 'unchanged' } };
    return written(asBytes(text), text, folder.husky ? 0o644 : 0o755);
  }
  const refused = (why: string): Step => ({ change: { hook, where: file, change: 'refused', why } });
  const why = whyNot(found, folder);
  if (why !== undefined) return refused(why);
  const block = hookLines(hook, word, false);
  const after = withBlock(rest, asBytes(block), folder.husky);
  if (typeof after !== 'string') return refused(`it ${after.why}: ${otherwise}`);
  return after === found.text
    ? { change: { hook, where: file, change: 'unchanged' } }
    : written(after, block, found.mode);
}

/** What there is to do about a hook file that cannot have our lines. */
const otherwise = `git ${configHooksSince} or later runs both, or call countersign git-hook from it`;

/** Why nothing may be put into a hook file that is there, whatever is in it. */
function whyNot(found: HookFile, folder: HookFolder): string | undefined {
  if (found.link !== undefined) return `it is a link to ${found.link}: ${otherwise}`;
  if (findBlock(found.text).state === 'damaged') return damaged;
  if (managerOf(found.text) === 'lefthook')
    return 'it is made by lefthook, which makes it anew whenever its configuration changes';
  if (!isRun(found, folder)) return 'it is not executable, so git passes over it: make it executable, or remove it';
  return undefined;
}

const damaged = 'it has lines of countersign that were changed: take them out by hand';

/** Takes our lines out of every hook file of `folders`; what pre-commit keeps of one is such a file, too. */
async function ownFileSteps(folders: readonly HookFolder[]): Promise<Step[]> {
  const steps: Step[] = [];
  for (const folder of folders) {
    for (const hook of everyHook) {
      const { file, found } = await findHookFile(folder, hook);
      if (!found || found.link !== undefined) continue;
      const { state } = findBlock(found.text);
      if (state === 'damaged') {
        steps.push({ change: { hook, where: file, change: 'refused', why: damaged } });
      } else if (state === 'present') {
        const rest = withoutBlock(found.text);
        steps.push({
          change: { hook, where: file, change: rest === undefined ? 'removed' : 'taken out' },
          run: () => writeHookFile(file, rest, found.mode),
        });
      }
    }
  }
  return steps;
}

function remarksOn(
  { gitVersion, runsConfigHooks }: HookFacts,
  mode: HookMode,
  kind: 'config' | 'files' | 'nowhere',
  changes: readonly HookChange[],
): string[] {
  const remarks: string[] = [];
  if (kind === 'config') {
    remarks.push(
      runsConfigHooks
        ? `git ${gitVersion} runs hooks from its configuration: nothing else is touched. A git before ${configHooksSince} passes over them; "--hooks files" is for those`
        : `git ${gitVersion} passes over hooks in its configuration: they are for a git of ${configHooksSince} or later on this machine`,
    );
  } else if (kind === 'files' && mode === 'files' && runsConfigHooks) {
    remarks.push(`git ${gitVersion} could run the hooks from its configuration, which no other program writes over`);
  }
  if (kind === 'nowhere')
    remarks.push('without hooks the pending change is recorded all the same; commits get no trailers and no record');
  const lefthook = changes.filter((change) => change.change === 'refused' && change.why.includes('lefthook'));
  if (lefthook.length > 0) remarks.push(lefthookSnippet(lefthook.map(({ hook }) => hook)));
  return remarks;
}
