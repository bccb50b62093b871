import os from 'node:os';
import { parseArgs } from 'node:util';
import type { Assistant } from '../agents/assistant.ts';
import { assistants, findAssistant } from '../agents/assistants.ts';
import { installHooks, type SettingsChange, uninstallHooks } from '../agents/hookSettings.ts';
import { requireGit } from '../git/git.ts';
import { type HookChange, installGitHooks, uninstallGitHooks } from '../git/hooks.ts';
import { openRepository } from '../git/repository.ts';
import { launcherPath, writeLauncher } from '../launcher.ts';
import { type Command, type Io, UsageError } from './command.ts';

export const install: Command = {
  name: 'install',
  usage: 'install [--git] [--agents all|a,b] [--dry-run]',
  summary: "set git's hooks here, and the hooks of your assistants",
  run: (args, io) => run(args, io, 'install'),
};

export const uninstall: Command = {
  name: 'uninstall',
  usage: 'uninstall [--git] [--agents all|a,b] [--dry-run]',
  summary: 'take them out again',
  run: (args, io) => run(args, io, 'uninstall'),
};

async function run(args: readonly string[], io: Io, action: 'install' | 'uninstall'): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { git: { type: 'boolean' }, agents: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } },
  });
  const dryRun = values['dry-run'];
  const wanted = values.agents === undefined ? [] : selectAssistants(values.agents);
  if (!values.git && wanted.length === 0) throw new UsageError('nothing was asked for: --git, --agents, or both');
  const repository = values.git ? await openRepository(io.cwd) : undefined;
  if (repository) await requireGit(repository.git);

  const launcher = action === 'install' && !dryRun ? await writeLauncher(program()) : launcherPath();
  let refused = false;
  if (repository) {
    const changes =
      action === 'install'
        ? await installGitHooks(repository, launcher, dryRun)
        : await uninstallGitHooks(repository, dryRun);
    for (const change of changes) refused = tell(io, `git ${change.hook}`, change, dryRun) || refused;
  }
  for (const assistant of wanted) {
    const home = os.homedir();
    const change =
      action === 'install'
        ? await installHooks(assistant, launcher, home, dryRun)
        : await uninstallHooks(assistant, home, dryRun);
    refused = tell(io, assistant.title, change, dryRun) || refused;
    if (action === 'install' && change.change === 'written' && assistant.hooks?.remark)
      io.out(`  ${assistant.hooks.remark}\n`);
  }
  return refused ? 1 : 0;
}

/** This very program: the file that Node was started with. */
function program(): string {
  const [, file] = process.argv;
  if (file === undefined) throw new Error('the program does not know its own file: start it with node');
  return file;
}

function selectAssistants(names: string): Assistant[] {
  const installable = assistants.filter((assistant) => assistant.hooks);
  if (names === 'all') return installable;
  return names.split(',').map((name) => {
    const assistant = findAssistant(name.trim());
    if (assistant?.hooks) return assistant;
    throw new UsageError(
      `${JSON.stringify(name)} cannot be installed: one of ${installable.map(({ id }) => id).join(', ')}`,
    );
  });
}

function tell(io: Io, what: string, change: HookChange | SettingsChange, dryRun: boolean): boolean {
  if (change.change === 'refused') {
    io.error(`${what}: ${change.file} was left alone: ${change.why}`);
    return true;
  }
  io.out(
    `${what}: ${change.file} ${dryRun && change.change !== 'unchanged' ? `would be ${change.change}` : change.change}\n`,
  );
  return false;
}
