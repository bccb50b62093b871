import { canonicalJson, type Json } from '../../core/canonicalJson.ts';
import type { SettingsItem, SettingsValue } from '../assistant.ts';
import { callsHook } from './hookCommand.ts';
import { isObject, type SettingsEdit, type SettingsObject, type SettingsPath, valueAt } from './settingsForm.ts';

/** What an assistant's settings are to hold of ours. */
export interface Wanted {
  readonly id: string;
  readonly items: readonly SettingsItem[];
  readonly values: readonly SettingsValue[];
}

/** An entry of ours: a whole item of a list, or a part of an item that holds somebody else's, too. */
export interface OwnEntry {
  readonly list: readonly string[];
  readonly path: SettingsPath;
  readonly value: Json;
  readonly isWhole: boolean;
}

export interface Reconciled {
  readonly edits: readonly SettingsEdit[];
  /** Entries of ours that a person has changed: they stay so. */
  readonly edited: readonly SettingsPath[];
  /** Entries of ours, or all hooks, that a person has switched off. */
  readonly disabled: readonly SettingsPath[];
  /** Values that are otherwise than wanted: they stay so. */
  readonly otherwise: readonly SettingsValue[];
}

/** Our entries, in the lists where some are wanted and in those beside them: an older version may have had more. */
export function ownEntries(root: SettingsObject, { id, items }: Pick<Wanted, 'id' | 'items'>): OwnEntry[] {
  const folders = new Map(items.map(({ list }) => [canonicalJson(list.slice(0, -1)), list.slice(0, -1)]));
  return [...folders.values()].flatMap((folder) => {
    const lists = valueAt(root, folder);
    if (!isObject(lists)) return [];
    return Object.entries(lists).flatMap(([key, list]) => {
      const path = [...folder, key];
      return Array.isArray(list) ? list.flatMap((item: Json, i) => ownIn(item, path, [...path, i], id)) : [];
    });
  });
}

function ownIn(item: Json, list: readonly string[], path: SettingsPath, id: string): OwnEntry[] {
  if (isCall(item, id)) return [{ list, path, value: item, isWhole: true }];
  if (!isObject(item)) return [];
  const [members] = Object.entries(item).filter(
    ([, value]) => Array.isArray(value) && value.some((v) => isCall(v, id)),
  );
  if (!members) return [];
  const [key, all] = members as [string, readonly Json[]];
  const own = all.flatMap((value, i) => (isCall(value, id) ? [{ value, i }] : []));
  if (own.length === all.length) return [{ list, path, value: item, isWhole: true }];
  return own.map(({ value, i }) => ({ list, path: [...path, key, i], value, isWhole: false }));
}

function isCall(value: Json, id: string): boolean {
  return isObject(value) && Object.values(value).some((member) => typeof member === 'string' && callsHook(member, id));
}

/**
 * The edits that make a file hold what is wanted. An entry that is as `isAsWritten` knows it is replaced where it stands;
 * one that a person changed only gets today's command.
 */
export function reconcile(root: SettingsObject, wanted: Wanted, isAsWritten: (entry: Json) => boolean): Reconciled {
  const own = ownEntries(root, wanted);
  const open = [...wanted.items];
  const replaced: SettingsEdit[] = [];
  const removed: SettingsEdit[] = [];
  const edited: SettingsPath[] = [];
  const rest = own.filter((entry) => {
    const same = open.findIndex(
      ({ list, item }) => isSame(list, entry.list) && entry.isWhole && isSame(item, entry.value),
    );
    if (same >= 0) open.splice(same, 1);
    return same < 0;
  });
  for (const entry of rest) {
    const index = open.findIndex(({ list }) => isSame(list, entry.list));
    const [item] = index < 0 ? [] : open.splice(index, 1);
    if (!item) {
      removed.push({ edit: 'remove', path: entry.path });
      continue;
    }
    const isOurs = entry.isWhole && isAsWritten(entry.value);
    const value = isOurs ? item.item : withCommands(entry.value, commandsIn(item.item, wanted.id), wanted.id);
    if (!isOurs) edited.push(entry.path);
    if (!isSame(value, entry.value)) replaced.push({ edit: 'replace', path: entry.path, value });
  }
  const values = wanted.values.map((value) => ({ ...value, there: valueAt(root, value.key) }));
  return {
    edits: [
      ...replaced,
      // From the last to the first, so that the places of those before it hold.
      ...removed.reverse(),
      ...open.map(({ list, item }): SettingsEdit => ({ edit: 'append', list, value: item })),
      ...values
        .filter(({ there }) => there === undefined)
        .map(({ key, value }): SettingsEdit => ({ edit: 'set', key, value })),
    ],
    edited,
    disabled: [
      ...(root['disableAllHooks'] === true ? [['disableAllHooks']] : []),
      ...own.filter(({ value }) => isOff(value)).map(({ path }) => path),
    ],
    otherwise: values.filter(({ there, value }) => there !== undefined && !isSame(there, value)),
  };
}

type Removal = Extract<SettingsEdit, { edit: 'remove' }>;

/**
 * The edits that take out our entries, and of the values those that are still as we set them.
 */
export function takingOut(root: SettingsObject, wanted: Wanted, isSet: (key: readonly string[]) => boolean): Removal[] {
  const own = ownEntries(root, wanted);
  const edits = own.map(({ path }): Removal => ({ edit: 'remove', path })).reverse();
  for (const { key, value } of wanted.values) {
    const there = valueAt(root, key);
    if (there !== undefined && isSame(there, value) && isSet(key)) edits.push({ edit: 'remove', path: key });
  }
  return edits;
}

function isOff(value: Json): boolean {
  if (!isObject(value)) return false;
  if (value['disabled'] === true || value['enabled'] === false) return true;
  return Object.values(value).some((member) => Array.isArray(member) && member.length > 0 && member.every(isOff));
}

/** Our commands in an item, by the key that they stand under. */
function commandsIn(value: Json, id: string): ReadonlyMap<string, string> {
  if (Array.isArray(value)) return new Map(value.flatMap((member: Json) => [...commandsIn(member, id)]));
  if (!isObject(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([key, member]): (readonly [string, string])[] =>
      typeof member === 'string' ? (callsHook(member, id) ? [[key, member]] : []) : [...commandsIn(member ?? null, id)],
    ),
  );
}

function withCommands(value: Json, commands: ReadonlyMap<string, string>, id: string): Json {
  if (Array.isArray(value)) return value.map((member: Json) => withCommands(member, commands, id));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (typeof member === 'string' && callsHook(member, id)) return [key, commands.get(key) ?? member];
      return [key, withCommands(member ?? null, commands, id)];
    }),
  );
}

function isSame(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
