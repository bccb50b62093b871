import { mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  applyEdits,
  findNodeAtLocation,
  type JSONPath,
  modify,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { isErrorCode } from '../errors.ts';
import { shellQuote } from '../launcher.ts';
import type { Assistant, HookCommand, SettingsInstallation, SettingsItem } from './assistant.ts';

export type SettingsChange =
  | { readonly file: string; readonly change: 'written' | 'removed' | 'unchanged' }
  | { readonly file: string; readonly change: 'refused'; readonly why: string };

/**
 * The hook's command: always ends with 0 and says nothing by itself, also when the launcher is gone (a dead entry stops
 * every edit in some assistants).
 */
function hookCommand(launcher: string, id: string): HookCommand {
  const command = shellQuote(launcher);
  const windows = `"${launcher}" hook ${id}`;
  return {
    sh: process.platform === 'win32' ? windows : `[ -x ${command} ] && ${command} hook ${id}; exit 0`,
    powershell: `& ${windows}; exit 0`,
    cmd: `${windows} & exit /b 0`,
    argv: [launcher, 'hook', id],
    windows: process.platform === 'win32',
  };
}

/** Our own entries, whichever version wrote them. */
function isOwn(command: unknown, id: string): boolean {
  return typeof command === 'string' && /countersign/.test(command) && new RegExp(` hook ${id}\\b`).test(command);
}

/** Adds our hooks to the assistant's settings; what else is in the file, comments among it, stays as it is. */
export async function installHooks(
  assistant: Assistant,
  launcher: string,
  home: string,
  dryRun: boolean,
): Promise<SettingsChange> {
  return await changeSettings(assistant, home, dryRun, (text, settings) => {
    const command = hookCommand(launcher, assistant.id);
    let result = removeOwn(text, assistant.id, settings.items?.(command) ?? []);
    for (const { list, item } of settings.items?.(command) ?? []) {
      const there = nodeAt(result, [...list])?.children?.length ?? 0;
      result = edit(result, [...list, there], item);
    }
    return result;
  });
}

/** Takes our hooks out again, and the lists that are empty without them. */
export async function uninstallHooks(assistant: Assistant, home: string, dryRun: boolean): Promise<SettingsChange> {
  return await changeSettings(assistant, home, dryRun, (text, settings) =>
    removeOwn(text, assistant.id, settings.items?.(hookCommand('', assistant.id)) ?? []),
  );
}

/** How an assistant's settings stand with our hooks. */
export async function inspectSettings(
  assistant: Assistant,
  launcher: string,
  home: string,
): Promise<{ readonly state: 'current' | 'stale' | 'damaged' | 'absent'; readonly detail: string }> {
  const [set, taken] = await Promise.all([
    installHooks(assistant, launcher, home, true),
    uninstallHooks(assistant, home, true),
  ]);
  if (set.change === 'refused') return { state: 'damaged', detail: `${set.file}: ${set.why}` };
  if (set.change === 'unchanged') return { state: 'current', detail: set.file };
  return { state: taken.change === 'unchanged' ? 'absent' : 'stale', detail: set.file };
}

async function changeSettings(
  assistant: Assistant,
  home: string,
  dryRun: boolean,
  change: (text: string, settings: SettingsInstallation) => string,
): Promise<SettingsChange> {
  const { hooks } = assistant;
  if (hooks?.form !== 'json')
    return {
      file: '',
      change: 'refused',
      why: `${assistant.title} has no hook settings: use "countersign hook ${assistant.id}"`,
    };
  const named = hooks.file(home, process.env);
  // A link (dotfiles kept elsewhere) stays a link: the file behind it changes.
  const file = await realpath(named).catch(() => named);
  const before = await readSettings(file);
  const problem = before === undefined ? undefined : whyUnusable(before);
  if (problem !== undefined)
    return { file, change: 'refused', why: `${problem}: mend the file first; nothing was changed` };
  const after = change(before ?? '{}\n', hooks);
  if (after === (before ?? '{}\n')) return { file, change: 'unchanged' };
  // A file that held nothing but our hooks was made for them.
  const emptied = nodeAt(after, [])?.children?.length === 0;
  if (!dryRun) {
    if (emptied) await rm(file);
    else await replace(file, after);
  }
  return { file, change: emptied ? 'removed' : 'written' };
}

async function readSettings(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whole or not at all: an assistant that starts meanwhile never reads half a file. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.tmp`;
  await writeFile(partial, text, { flag: 'wx', mode: 0o600 });
  await rename(partial, file);
}

function whyUnusable(text: string): string | undefined {
  if (text.trim() === '') return 'it is empty';
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const line = text.slice(0, error.offset).split('\n').length;
    return `it is not valid JSON (${printParseErrorCode(error.error)} in line ${line})`;
  }
  if (root?.type !== 'object') return 'it does not hold a JSON object';
  const hooks = findNodeAtLocation(root, ['hooks']);
  if (hooks && hooks.type !== 'object') return 'its "hooks" is not an object';
  const odd = hooks?.children?.find((property) => property.children?.[1]?.type !== 'array');
  return odd ? `its "hooks" has an entry that is not a list` : undefined;
}

function nodeAt(text: string, location: JSONPath): Node | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root && findNodeAtLocation(root, location);
}

function edit(text: string, location: JSONPath, value: unknown): string {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return applyEdits(text, modify(text, location, value, { formattingOptions }));
}

function removeOwn(text: string, id: string, items: readonly SettingsItem[]): string {
  let result = text;
  for (const event of new Set(items.flatMap(({ list }) => list[1] ?? []))) {
    const groups = nodeAt(result, ['hooks', event])?.children ?? [];
    for (let i = groups.length - 1; i >= 0; i--) {
      const hooks = nodeAt(result, ['hooks', event, i, 'hooks'])?.children ?? [];
      const own = hooks.filter((_, j) => isOwn(nodeAt(result, ['hooks', event, i, 'hooks', j, 'command'])?.value, id));
      // A group that a person extended keeps the person's part.
      if (own.length > 0 && own.length === hooks.length) result = edit(result, ['hooks', event, i], undefined);
    }
    if (groups.length > 0 && nodeAt(result, ['hooks', event])?.children?.length === 0) {
      result = edit(result, ['hooks', event], undefined);
    }
  }
  const all = nodeAt(result, ['hooks']);
  return result !== text && all?.children?.length === 0 ? edit(result, ['hooks'], undefined) : result;
}
