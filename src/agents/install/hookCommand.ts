import { stat } from 'node:fs/promises';
import os from 'node:os';
import { commandQuote, launcherPath, refusal, shellLauncherPath, shellQuote } from '../../launcher.ts';
import type { Assistant, Environment, HookCommand } from '../assistant.ts';

/** Whose settings it is about: a home folder, the variables that move parts of it elsewhere, and the system. */
export interface User {
  readonly home: string;
  readonly environment: Environment;
  readonly platform: NodeJS.Platform;
}

/** Whoever runs this process. */
export function thisUser(): User {
  return { home: os.homedir(), environment: process.env, platform: process.platform };
}

/** Whether the person has the assistant. */
export async function isFound({ hooks }: Assistant, { home, environment }: User): Promise<boolean> {
  if (!hooks) return false;
  return await stat(hooks.folder(home, environment)).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/**
 * The command that an assistant's hooks run, in the form of each shell. It ends with 0 also when the launcher is gone (a
 * dead entry stops every edit in some assistants), and lets one exit code through only where the assistant is to be told
 * no by it.
 */
export function hookCommand({ id, hooks }: Assistant, { home, platform }: User): HookCommand {
  const launcher = launcherPath(home, platform);
  const shellWord = shellQuote(shellLauncherPath(home, platform));
  const code = hooks?.refusalCode;
  const [sh, powershell, cmd] =
    code === undefined
      ? // Codex gives it to the person's own shell: nothing in it that fish does not know.
        [`[ -x ${shellWord} ] && ${shellWord} hook ${id}; exit 0`, '', '']
      : [
          `[ -x ${shellWord} ] || exit 0; ${shellWord} hook ${id}; [ $? -ne ${refusal} ] || exit ${code}; exit 0`,
          ` if ($LASTEXITCODE -eq ${refusal}) { exit ${code} };`,
          ` & (if errorlevel ${refusal} if not errorlevel ${refusal + 1} exit ${code})`,
        ];
  return {
    sh,
    powershell: `& ${powershellQuote(launcher)} hook ${id};${powershell} exit 0`,
    cmd: `${commandWord(launcher, home)} hook ${id}${cmd} & exit 0`,
    // Node and Bun start no `.cmd` by themselves; `call` keeps cmd.exe from taking the quotes of the path away.
    argv: platform === 'win32' ? ['cmd.exe', '/d', '/c', 'call', launcher, 'hook', id] : [launcher, 'hook', id],
    windows: platform === 'win32',
  };
}

/** Whether a text runs our hook for this assistant, whichever version of ours wrote it. */
export function callsHook(text: string, id: string): boolean {
  return /countersign/i.test(text) && new RegExp(` hook ${id}(?![\\w-])`).test(text);
}

/** A word for PowerShell, which takes typographic quotes for plain ones. */
export function powershellQuote(word: string): string {
  return `'${word.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

/**
 * A path on a command line of `cmd.exe`, where nothing stands for a percent sign: what is under the home starts with
 * `%USERPROFILE%`, whose value is not looked into again.
 */
export function commandWord(file: string, home: string): string {
  return commandQuote(file, home).replaceAll('%%', '%');
}
