import { parseArgs } from 'node:util';
import type { Assistant } from '../agents/assistant.ts';
import { assistants, findAssistant } from '../agents/assistants.ts';
import { isFound, thisUser } from '../agents/install/hookCommand.ts';
import { unifiedDiff } from '../agents/install/lineHunks.ts';
import {
  type FileChange,
  type InstallationPlan,
  planInstall as planHooks,
  planUninstall as planHooksOut,
} from '../agents/install/plan.ts';
import { trailerStyles } from '../core/trailers.ts';
import { type Git, requireGit } from '../git/git.ts';
import { commitHooks, type GitHook, syncHook } from '../git/hooks/events.ts';
import { type HookMode, hookModes } from '../git/hooks/place.ts';
import { type HookPlan, planInstall, planUninstall } from '../git/hooks/plan.ts';
import { fetchRefspecs, remoteNames, removeFetchRefspecs, setFetchRefspecs } from '../git/remotes.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { readSettings } from '../git/settings.ts';
import { shellLauncherPath, writeLauncher } from '../launcher.ts';
import { type Command, type Io, UsageError } from './command.ts';
import { printable } from './format.ts';

export const install: Command = {
  name: 'install',
  usage: 'install [--git [OPTION...]] [--agents all|a,b] [--dry-run]',
  summary: "set git's hooks here (--hooks, --work-tree, --sync, --trailers), and those of your assistants",
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        git: { type: 'boolean', default: false },
        hooks: { type: 'string', default: 'auto' },
        'work-tree': { type: 'boolean', default: false },
        sync: { type: 'boolean', default: false },
        trailers: { type: 'string' },
        agents: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
      },
    });
    const dryRun = values['dry-run'];
    const mode = oneOf(values.hooks, hookModes, '--hooks');
    const style = values.trailers === undefined ? undefined : oneOf(values.trailers, trailerStyles, '--trailers');
    const user = thisUser();
    const wanted = await selectAssistants(values.agents, (assistant) => isFound(assistant, user));
    requireSomething(values.git, values.agents);
    const repository = values.git ? await openForHooks(io) : undefined;
    if (!dryRun) await writeLauncher(program());
    let refused = false;
    if (repository) {
      const settings = { ...(values.sync && { sync: 'true' }), ...(style !== undefined && { trailers: style }) };
      refused = await installInGit(repository, mode, values['work-tree'], settings, io, dryRun);
    }
    for (const assistant of wanted) {
      const plan = await planHooks(assistant, user);
      refused = (await carryOut(io, assistant, plan, dryRun)) || refused;
      const isWritten = plan.changes.some(({ change }) => change === 'written');
      if (isWritten && assistant.hooks?.remark) io.out(`  ${assistant.hooks.remark}\n`);
    }
    if (values.agents !== undefined && wanted.length === 0)
      io.out('no assistant was found here: name those you want\n');
    return refused ? 1 : 0;
  },
};

export const uninstall: Command = {
  name: 'uninstall',
  usage: 'uninstall [--git] [--agents all|a,b] [--dry-run]',
  summary: 'take them out again',
  async run(args, io) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        git: { type: 'boolean', default: false },
        agents: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
      },
    });
    const dryRun = values['dry-run'];
    const wanted = await selectAssistants(values.agents, () => Promise.resolve(true));
    requireSomething(values.git, values.agents);
    let refused = false;
    if (values.git) {
      const { git, ...place } = await openForHooks(io);
      const plan = await planUninstall({ git, ...place });
      if (!dryRun) {
        await plan.carryOut();
        // Without the hook it would say what is no longer so.
        await git.run(['config', '--local', '--unset-all', 'countersign.sync'], { accept: [5] });
        for (const remote of await remoteNames(git)) await removeFetchRefspecs(git, remote);
      }
      refused = tellPlan(io, plan, dryRun);
    }
    for (const assistant of wanted) {
      refused = (await carryOut(io, assistant, await planHooksOut(assistant, thisUser()), dryRun)) || refused;
    }
    return refused ? 1 : 0;
  },
};

function oneOf<T extends string>(value: string, all: readonly T[], option: string): T {
  const found = all.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${option} is one of ${all.join(', ')}, not ${JSON.stringify(value)}`);
  return found;
}

function requireSomething(git: boolean, agents: string | undefined): void {
  if (!git && agents === undefined) throw new UsageError('nothing was asked for: --git, --agents, or both');
}

async function openForHooks(io: Io): Promise<Repository> {
  const repository = await openRepository(io.cwd);
  await requireGit(repository.git);
  return repository;
}

/** @returns whether something was refused */
async function installInGit(
  repository: Repository,
  mode: HookMode,
  inWorkTree: boolean,
  settings: Readonly<Record<string, string>>,
  io: Io,
  dryRun: boolean,
): Promise<boolean> {
  // Asked for once, records go along with a push until the hooks are taken out.
  const syncs = settings['sync'] === 'true' || (await readSettings(repository.git)).get('sync') === 'true';
  const hooks: readonly GitHook[] = syncs ? [...commitHooks, syncHook] : commitHooks;
  const plan = await planInstall(repository, { hooks, launcher: shellLauncherPath(), mode, inWorkTree });
  const remotes = syncs ? await remoteNames(repository.git) : [];
  if (!dryRun) {
    await plan.carryOut();
    await writeSettings(repository.git, settings);
    for (const remote of remotes) await setFetchRefspecs(repository.git, remote);
  }
  const refused = tellPlan(io, plan, dryRun);
  for (const remote of remotes) {
    const keys = fetchRefspecs(remote).map((refspec) => `remote.${remote}.fetch ${refspec}`);
    io.out(keys.map((key) => `git config ${key}${dryRun ? ': would be added' : ''}\n`).join(''));
  }
  for (const [key, value] of Object.entries(settings))
    io.out(`git config countersign.${key}: ${dryRun ? 'would be ' : ''}${value}\n`);
  return refused;
}

async function writeSettings(git: Git, settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, value] of Object.entries(settings))
    await git.run(['config', '--local', '--replace-all', `countersign.${key}`, value]);
}

/** This very program: the file that Node was started with. */
function program(): string {
  const [, file] = process.argv;
  if (file === undefined) throw new Error('the program does not know its own file: start it with node');
  return file;
}

/** Those that are named, whether or not they are here; `all` stands for those that are. */
async function selectAssistants(
  names: string | undefined,
  isHere: (assistant: Assistant) => Promise<boolean>,
): Promise<Assistant[]> {
  const installable = assistants.filter((assistant) => assistant.hooks);
  if (names === undefined) return [];
  if (names === 'all') {
    const here = await Promise.all(installable.map(isHere));
    return installable.filter((_, i) => here[i]);
  }
  return names.split(',').map((name) => {
    const assistant = findAssistant(name.trim());
    if (assistant?.hooks) return assistant;
    throw new UsageError(
      `${JSON.stringify(name)} cannot be installed: one of ${installable.map(({ id }) => id).join(', ')}`,
    );
  });
}

/** Says what becomes of each hook; a dry run, with the lines themselves. @returns whether something was refused */
function tellPlan(io: Io, { refusal, changes, remarks }: HookPlan, dryRun: boolean): boolean {
  if (refusal !== undefined) io.error(`no git hook was set: ${refusal}`);
  for (const change of changes) {
    if (change.change === 'refused') {
      io.error(`git ${change.hook}: ${change.where} was left alone: ${change.why}`);
      continue;
    }
    io.out(`git ${change.hook}: ${change.where} ${said(change.change, dryRun)}\n`);
    if (dryRun && change.change === 'written') io.out(change.lines.map((line) => `  + ${line}\n`).join(''));
  }
  for (const remark of remarks) io.out(`${remark}\n`);
  return refusal !== undefined || changes.some(({ change }) => change === 'refused');
}

function said(change: string, dryRun: boolean): string {
  return dryRun && change !== 'unchanged' ? `would be ${change}` : change;
}

/** Says what becomes of an assistant's files, and does it; a dry run shows the lines. @returns whether something was refused */
async function carryOut(io: Io, { title }: Assistant, plan: InstallationPlan, dryRun: boolean): Promise<boolean> {
  for (const change of plan.changes) {
    if (change.change === 'refused') {
      io.error(`${title}: ${change.file} was left alone: ${change.why}`);
      continue;
    }
    io.out(`${title}: ${change.file} ${said(change.change, dryRun)}\n`);
    if (dryRun)
      io.out(
        diffOf(change)
          .map((line) => `  ${visible(line)}\n`)
          .join(''),
      );
  }
  for (const remark of plan.remarks) io.out(`  ${printable(remark)}\n`);
  if (!dryRun) await plan.carryOut();
  return plan.changes.some(({ change }) => change === 'refused');
}

function diffOf(change: FileChange): string[] {
  if (change.change === 'written') return unifiedDiff(change.before ?? '', change.after);
  return change.change === 'removed' ? unifiedDiff(change.before, '') : [];
}

/** A line of somebody's file, with what a terminal would obey, and what nobody sees, written out. */
function visible(line: string): string {
  return line.replace(/[^\P{C}\t]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
