import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Assistant } from '../agents/assistant.ts';
import { assistants } from '../agents/assistants.ts';
import { codexTrust } from '../agents/install/codexTrust.ts';
import { fireTestEvent } from '../agents/install/fireTestEvent.ts';
import { isFound, thisUser, type User } from '../agents/install/hookCommand.ts';
import { inspectInstallation } from '../agents/install/plan.ts';
import { openPlace, type Place } from '../change/place.ts';
import { readPolicy } from '../change/policy.ts';
import type { CommandPolicy } from '../core/policy/commandPolicy.ts';
import { messageOf } from '../errors.ts';
import { type Git, requireGit } from '../git/git.ts';
import { commitHooks, type GitHook, syncHook } from '../git/hooks/events.ts';
import { type HookState, inspectHooks } from '../git/hooks/inspect.ts';
import { recordsRef } from '../git/records.ts';
import { readSettings } from '../git/settings.ts';
import { readLauncher, shellLauncherPath } from '../launcher.ts';
import { version } from '../version.ts';
import type { Command } from './command.ts';

/** One thing besides the git hooks that has to be right. */
interface Check {
  readonly check: string;
  /** `ok`, `note` (may be as it is), or `wrong`. */
  readonly state: 'ok' | 'note' | 'wrong';
  readonly detail: string;
  /** What to do. */
  readonly mend?: string;
}

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor [--json]',
  summary: 'whether hooks, launcher and stores are as they should be, and how to mend them',
  async run(args, io) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } });
    const place = await openPlace(io.cwd);
    const { checks, hooks } = await examine(place);
    const ok = checks.every(({ state }) => state !== 'wrong') && hooks.every(({ state }) => state === 'current');
    if (values.json) io.out(`${JSON.stringify({ schema: 'countersign/doctor/1', version, ok, hooks, checks })}\n`);
    else io.out([...checks.map(checkLine), ...hooks.map((hook) => hookLine(hook, place.repository.top))].join(''));
    return ok ? 0 : 1;
  },
};

async function examine(place: Place): Promise<{ checks: Check[]; hooks: HookState[] }> {
  const { git } = place.repository;
  const [gitCheck, launcher, ledger, agents] = await Promise.all([
    checkGit(git),
    checkLauncher(),
    checkLedger(place),
    checkAssistants(thisUser()),
  ]);
  if (gitCheck.state === 'wrong') return { checks: [gitCheck, launcher, ledger, ...agents], hooks: [] };
  const syncs = (await readSettings(git)).get('sync') === 'true';
  const wanted: readonly GitHook[] = syncs ? [...commitHooks, syncHook] : commitHooks;
  const [stores, policy, hooks] = await Promise.all([
    checkRecords(git),
    checkPolicy(
      place,
      assistants.filter(({ title }) => agents.some(({ check, state }) => check === title && state === 'ok')),
    ),
    inspectHooks(place.repository, wanted, shellLauncherPath()),
  ]);
  return { checks: [gitCheck, launcher, ledger, ...stores, ...policy, ...agents], hooks };
}

/** Where the policy comes from, what is wrong with it, and which of the assistants that report it cannot stop. */
async function checkPolicy({ repository }: Place, reporting: readonly Assistant[]): Promise<Check[]> {
  const settings = await readSettings(repository.git);
  const { policy, files, problems } = await readPolicy(repository, { settings: Promise.resolve(settings) });
  const check = 'policy';
  const wrong = problems.map((detail): Check => ({ check, state: 'wrong', detail }));
  const from = `of ${files.join(', ')}, over what is built in`;
  const checks: Check[] = [...wrong, ...(files.length > 0 ? [{ check, state: 'ok', detail: from } as const] : [])];
  const style = settings.get('trailers');
  if (policy.trailers !== undefined && style !== undefined && style !== policy.trailers) {
    const detail = `the repository's policy says ${policy.trailers}: your ${style} does not count`;
    checks.push({ check: 'countersign.trailers', state: 'note', detail });
  }
  return [...checks, ...checkCommandPolicy(policy.commands, reporting)];
}

function checkCommandPolicy(commands: CommandPolicy, reporting: readonly Assistant[]): Check[] {
  const check = 'policy for commands';
  const stops = [...commands].filter(([, decision]) => decision !== 'record');
  if (stops.length === 0) return [];
  const detail = stops.map(([name, decision]) => `${name} ${decision}`).join(', ');
  const free = reporting
    .filter(({ answer }) => answer === undefined)
    .map(({ title }): Check => ({ check, state: 'note', detail: `${title} cannot be stopped: it is only recorded` }));
  return [{ check, state: 'ok', detail }, ...free];
}

async function checkGit(git: Git): Promise<Check> {
  try {
    await requireGit(git);
    return { check: 'git', state: 'ok', detail: (await git.text(['version'])).replace(/^git version /, '') };
  } catch (error) {
    return { check: 'git', state: 'wrong', detail: messageOf(error) };
  }
}

async function checkLauncher(): Promise<Check> {
  const file = shellLauncherPath();
  const check = { check: 'launcher', state: 'wrong', mend: 'run "countersign install --git"' } as const;
  const found = await readLauncher();
  if (found === undefined) return { ...check, detail: `${file} is not there: hooks do nothing` };
  if (found === 'damaged') return { ...check, detail: `${file} is not as it was written` };
  if (!(await can(file, constants.X_OK))) return { ...check, detail: `${file} is not executable: hooks do nothing` };
  if (!(await can(found.program, constants.R_OK))) {
    return { ...check, detail: `it starts ${found.program}, which is gone: hooks do nothing` };
  }
  if (!(await can(found.runtime, constants.X_OK))) {
    return { ...check, detail: `it starts ${found.runtime}, which is gone: hooks use the Node on the PATH, if any` };
  }
  if (found.version !== version)
    return { ...check, detail: `it starts version ${found.version}, and this is ${version}` };
  return { check: 'launcher', state: 'ok', detail: file };
}

async function checkLedger({ repository, ledger }: Place): Promise<Check> {
  const { folder } = ledger;
  const there = await stat(folder).catch(() => undefined);
  const check = { check: 'pending state', detail: folder };
  const isFolder = there?.isDirectory() ?? true;
  const writable = await can(there ? folder : repository.gitDir, constants.W_OK | constants.X_OK);
  if (isFolder && writable) return { ...check, state: 'ok' };
  const detail = `${folder} ${isFolder ? 'cannot be written' : 'is no folder'}: nothing is recorded`;
  return { ...check, state: 'wrong', detail, mend: isFolder ? 'give yourself write access' : 'remove it' };
}

/** The records, and how they stand with those of each remote that they were exchanged with. */
async function checkRecords(git: Git): Promise<Check[]> {
  const output = await git.text(['for-each-ref', '--format=%(objectname) %(refname)', 'refs/countersign/']);
  const refs = new Map(
    output.split('\n').map((line) => {
      const [object = '', name = ''] = line.split(' ');
      return [name, object];
    }),
  );
  const tip = await git.ask(['rev-parse', '--verify', '--quiet', recordsRef]);
  if (tip === undefined) return [{ check: 'records', state: 'ok', detail: 'none yet' }];
  const names = await git.ask(['ls-tree', '-r', '--name-only', tip]);
  if (names === undefined) {
    const mend = 'fetch them with "countersign sync", or delete the ref';
    return [{ check: 'records', state: 'wrong', detail: `${recordsRef} cannot be read`, mend }];
  }
  const count = names.split('\n').filter((name) => name !== '').length;
  const remotes = [...refs].flatMap(([name, object]): Check[] => {
    const remote = /^refs\/countersign\/remotes\/(.+)\/records$/.exec(name)?.[1];
    if (remote === undefined) return [];
    return object === tip
      ? [{ check: 'sync', state: 'ok', detail: `${remote} has the same records` }]
      : [{ check: 'sync', state: 'note', detail: `${remote} had others`, mend: `countersign sync ${remote}` }];
  });
  return [{ check: 'records', state: 'ok', detail: `${count} in ${recordsRef}` }, ...remotes];
}

/** A check for each assistant that is here, or that still has our hooks; side by side, for each is asked whether it works. */
async function checkAssistants(user: User): Promise<Check[]> {
  const checks = await Promise.all(
    assistants.filter(({ hooks }) => hooks).map((assistant) => checkAssistant(assistant, user)),
  );
  return checks.flat();
}

async function checkAssistant(assistant: Assistant, user: User): Promise<Check[]> {
  const check = assistant.title;
  const mend = `countersign install --agents ${assistant.id}`;
  const { state, files, reason, entries } = await inspectInstallation(assistant, user);
  const where = files.join(', ');
  switch (state) {
    case 'absent':
      if (!(await isFound(assistant, user))) return [];
      return [{ check, state: 'note', detail: `${where} does not call us`, mend }];
    case 'stale':
      return [{ check, state: 'wrong', detail: `${where} calls us in an old form`, mend }];
    case 'damaged':
      return (await isFound(assistant, user)) ? [{ check, state: 'wrong', detail: `${where}: ${reason}` }] : [];
    case 'disabled':
      return [{ check, state: 'note', detail: `${where}: ${reason}: nothing is reported` }];
    case 'edited':
    case 'current': {
      const detail = reason === undefined ? where : `${where} (${reason})`;
      const result = await fireTestEvent(assistant, user);
      if (!result.arrived)
        return [{ check, state: 'wrong', detail: `${detail}: a test event was lost: ${result.why}`, mend }];
      const trust = assistant.id === 'codex' ? await codexTrust(where, entries, user) : undefined;
      const answered = `${detail}: a test event took ${result.ms} ms`;
      if (trust === undefined || trust === 'trusted') return [{ check, state: 'ok', detail: answered }];
      return [
        { check, state: 'note', detail: `${answered}; ${trust}`, mend: 'open Codex, type /hooks and approve them' },
      ];
    }
  }
}

async function can(file: string, what: number): Promise<boolean> {
  return await access(file, what).then(
    () => true,
    () => false,
  );
}

function checkLine({ check, state, detail, mend }: Check): string {
  return line(state, check, detail, mend);
}

function hookLine({ hook, state, where, reason, mend }: HookState, top: string): string {
  const shown = path.isAbsolute(where) ? path.relative(top, where) : where;
  return line(state, hook, reason === undefined ? shown : `${shown}: ${reason}`, mend);
}

function line(state: string, what: string, detail: string, mend: string | undefined): string {
  return `${state.padEnd(8)} ${what}: ${detail}${mend === undefined ? '' : `; ${mend}`}\n`;
}
