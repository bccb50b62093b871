import { commandFor, type HookCommand, type SettingsItem } from './assistant.ts';

/** What a hook runs, for assistants that may be told its shell: on Windows PowerShell, which is always there. */
export function inNamedShell(command: HookCommand): { readonly command: string; readonly shell?: string } {
  return { command: commandFor(command, 'powershell'), ...(command.windows && { shell: 'powershell' }) };
}

/**
 * Entries of a settings file in the form of Claude Code.
 *
 * @param entry what a hook runs, with the time it has, in the unit of the assistant
 * @param toolEvents events of tools, for those that `matcher` names
 * @param otherEvents events that have no matcher
 */
export function hookItems(
  entry: { readonly command: string; readonly timeout: number; readonly shell?: string },
  matcher: string,
  toolEvents: readonly string[],
  otherEvents: readonly string[],
): SettingsItem[] {
  const hooks = [{ type: 'command', ...entry }];
  return [
    ...toolEvents.map((event) => ({ list: ['hooks', event], item: { matcher, hooks } })),
    ...otherEvents.map((event) => ({ list: ['hooks', event], item: { hooks } })),
  ];
}
