import type { Git } from '../git.ts';
import { everyHook, type GitHook } from './events.ts';

/** One of our hooks as it stands in the repository's own configuration, which all its worktrees share. */
export interface ConfigHook {
  readonly command: string | undefined;
  readonly events: readonly string[];
  readonly enabled: boolean;
}

/** Git does not tell a command which hook it is, so each hook has a section of its own; its name is no event's. */
export function sectionOf(hook: GitHook): string {
  return `hook.countersign-${hook}`;
}

/** Our hooks in the configuration. */
export async function readConfigHooks(git: Git): Promise<ReadonlyMap<GitHook, ConfigHook>> {
  const output = await git.run(['config', '--local', '-z', '--get-regexp', '^hook\\.countersign-'], { accept: [1] });
  const entries = output
    .toString('utf8')
    .split('\0')
    .map((entry) => /^(hook\.[^\n]+)\.([^.\n]+)(?:\n(.*))?$/s.exec(entry));
  const hooks = new Map<GitHook, ConfigHook>();
  for (const hook of everyHook) {
    const own = entries.filter((entry) => entry?.[1] === sectionOf(hook));
    const values = (key: string): (string | undefined)[] =>
      own.filter((entry) => entry?.[2] === key).map((entry) => entry?.[3]);
    if (own.length === 0) continue;
    hooks.set(hook, {
      command: values('command').at(-1),
      events: values('event').map((event) => event ?? ''),
      enabled: !/^(false|no|off|0|)$/i.test(values('enabled').at(-1) ?? 'true'),
    });
  }
  return hooks;
}

/** Whether the hook stands there in just this form. */
export function isConfigured(hook: GitHook, found: ConfigHook | undefined, command: string): boolean {
  return found?.command === command && found.enabled && found.events.length === 1 && found.events[0] === hook;
}

/**
 * Puts a hook into the configuration. The command comes first: git fails at every event whose hook has none. Each step is
 * whole by itself, so that there is no such state in between either.
 */
export async function setConfigHook(git: Git, hook: GitHook, command: string): Promise<void> {
  const section = sectionOf(hook);
  await git.run(['config', '--local', '--replace-all', `${section}.command`, command]);
  await git.run(['config', '--local', '--replace-all', `${section}.event`, hook]);
  await git.run(['config', '--local', '--unset-all', `${section}.enabled`], { accept: [5] });
}

export async function removeConfigHook(git: Git, hook: GitHook): Promise<void> {
  await git.run(['config', '--local', '--remove-section', sectionOf(hook)]);
}

/** The section as it stands in the file, a line each. */
export function configLines(hook: GitHook, command: string): string[] {
  const quoted = `"${command.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return [`[hook "countersign-${hook}"]`, `\tcommand = ${quoted}`, `\tevent = ${hook}`];
}
