import type { Json } from '../../core/canonicalJson.ts';

/** Keys and places in lists that lead to a part of a settings file. */
export type SettingsPath = readonly (string | number)[];

export type SettingsObject = { readonly [key: string]: Json | undefined };

/** One change of a settings file. */
export type SettingsEdit =
  /** At the end of a list, which is made where it is not there. */
  | { readonly edit: 'append'; readonly list: readonly string[]; readonly value: Json }
  /** What is there is replaced where it stands. */
  | { readonly edit: 'replace'; readonly path: SettingsPath; readonly value: Json }
  | { readonly edit: 'remove'; readonly path: SettingsPath }
  /** A key that is not there; the objects that lead to it are made. */
  | { readonly edit: 'set'; readonly key: readonly string[]; readonly value: Json };

/** A kind of settings file: how it is read, and how its text is edited so that all else in it stays byte for byte. */
export interface SettingsForm {
  /** What a new file starts from. */
  readonly empty: string;
  /** @throws {SettingsError} with the reason and the line, where it cannot be used */
  parse(text: string): SettingsObject;
  /**
   * The text with the edit made. What comes out need not be right where the file is written in an unusual way: the caller
   * reads it again.
   *
   * @throws {SettingsError} where the edit has no place in the file
   */
  apply(text: string, edit: SettingsEdit): string;
  /** Whether a list or an object of the file holds nothing, and no comment either: it goes with what was in it last. */
  isEmpty(text: string, path: SettingsPath): boolean;
}

/** Why a settings file is left alone. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SettingsError';
  }
}

/** The same edit on the value that the text stands for. */
export function applied(root: SettingsObject, edit: SettingsEdit): SettingsObject {
  const copy: Json = structuredClone(root) as Json;
  switch (edit.edit) {
    case 'append':
      return changed(copy, edit.list, (list) => [...(Array.isArray(list) ? list : []), edit.value]);
    case 'set':
      return changed(copy, edit.key, () => edit.value);
    case 'replace':
      return changed(copy, edit.path, () => edit.value);
    case 'remove':
      return changed(copy, edit.path, () => undefined);
  }
}

/** What stands at a path; `undefined` where nothing does. */
export function valueAt(root: Json | undefined, path: SettingsPath): Json | undefined {
  let value: Json | undefined = root;
  for (const key of path) {
    if (Array.isArray(value)) value = typeof key === 'number' ? value[key] : undefined;
    else if (isObject(value) && typeof key === 'string' && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

export function isObject(value: Json | undefined): value is SettingsObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A path as a person reads it: `hooks.PreToolUse[0]`. */
export function pathText(path: SettingsPath): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${key}`)).join('');
}

function changed(
  root: Json,
  path: SettingsPath,
  change: (value: Json | undefined) => Json | undefined,
): SettingsObject {
  const result = changedAt(root, path, change);
  if (!isObject(result)) throw new SettingsError('it does not hold an object');
  return result;
}

function changedAt(
  value: Json | undefined,
  [key, ...rest]: SettingsPath,
  change: (value: Json | undefined) => Json | undefined,
): Json | undefined {
  if (key === undefined) return change(value);
  if (typeof key === 'number') {
    const list = Array.isArray(value) ? value : [];
    const member = changedAt(list[key], rest, change);
    return [...list.slice(0, key), ...(member === undefined ? [] : [member]), ...list.slice(key + 1)];
  }
  const object: SettingsObject = isObject(value) ? value : {};
  return { ...object, [key]: changedAt(object[key], rest, change) };
}
