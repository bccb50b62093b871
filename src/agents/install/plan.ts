import { canonicalJson, type Json } from '../../core/canonicalJson.ts';
import { sha256 } from '../../core/digest.ts';
import type { Assistant, Installation, OwnFile, SettingsInstallation } from '../assistant.ts';
import { type OwnEntry, ownEntries, reconcile, takingOut, type Wanted } from './entries.ts';
import { callsHook, hookCommand, type User } from './hookCommand.ts';
import { type FileRecord, original, readInstalled, writeInstalled } from './installedRecord.ts';
import { jsonForm } from './jsonForm.ts';
import { type FoundFile, findFile, removeEmptyFolders, removeFile, replaceFile } from './settingsFile.ts';
import {
  applied,
  pathText,
  type SettingsEdit,
  SettingsError,
  type SettingsForm,
  type SettingsObject,
  type SettingsPath,
  valueAt,
} from './settingsForm.ts';
import { tomlForm } from './tomlForm.ts';
import { undoEdits } from './undo.ts';
import { yamlForm } from './yamlForm.ts';

/** What becomes of one file. `before` and `after` are whole texts; `undefined` where there is no file. */
export type FileChange = { readonly file: string } & (
  | { readonly change: 'written'; readonly before: string | undefined; readonly after: string }
  | { readonly change: 'removed'; readonly before: string }
  | { readonly change: 'unchanged' }
  | { readonly change: 'refused'; readonly why: string }
);

/** What would be done, and in `carryOut` is. */
export interface InstallationPlan {
  readonly changes: readonly FileChange[];
  /** What a person has to know of it: a line each. */
  readonly remarks: readonly string[];
  /**
   * Does it; nothing of it where a change is refused.
   *
   * @throws {SettingsError} where a file has changed meanwhile: it is left as it is
   */
  carryOut(): Promise<void>;
}

const forms: Readonly<Record<SettingsInstallation['form'], SettingsForm>> = {
  json: jsonForm,
  toml: tomlForm,
  yaml: yamlForm,
};

/** One file of a plan, with what is noted of it once it is done. */
interface Step {
  readonly change: FileChange;
  readonly remarks?: readonly string[];
  run(): Promise<FileRecord | undefined>;
}

/** Adds our hooks to an assistant's settings; what else is in a file stays as it is. */
export async function planInstall(assistant: Assistant, user: User): Promise<InstallationPlan> {
  const hooks = installationOf(assistant);
  const records = await readInstalled(user, assistant.id);
  if (hooks.form === 'files') {
    const files = hooks.files(user.home, user.environment, hookCommand(assistant, user));
    return planOf(
      assistant,
      user,
      records,
      await Promise.all(files.map((file) => installFile(file, assistant.id, records))),
    );
  }
  const place = await placeOf(assistant, hooks, user);
  return planOf(assistant, user, records, [await installSettings(place, wantedOf(assistant, hooks, user), records)]);
}

/** Brings back what was there, or takes our hooks alone out of what has changed since. */
export async function planUninstall(assistant: Assistant, user: User): Promise<InstallationPlan> {
  const hooks = installationOf(assistant);
  const records = await readInstalled(user, assistant.id);
  if (hooks.form === 'files') {
    const files = hooks.files(user.home, user.environment, hookCommand(assistant, user));
    const named = [...new Set([...files.map(({ file }) => file), ...records.map(({ file }) => file)])];
    return planOf(
      assistant,
      user,
      records,
      await Promise.all(named.map((file) => removeOwnFile(file, assistant.id, records))),
    );
  }
  const wanted = wantedOf(assistant, hooks, user);
  const places = settingsPlaces(hooks, user);
  const steps = await Promise.all(places.map((place) => takeOut(place, wanted, records)));
  // A place without a word of ours, be it as broken as it may, is no matter where there is another with some.
  const acting = steps.filter(({ change }) => change.change === 'written' || change.change === 'removed');
  const refused = steps.filter(({ change }) => change.change === 'refused');
  const [told] = [acting, refused, steps.slice(0, 1)].filter((some) => some.length > 0);
  return planOf(assistant, user, records, told ?? []);
}

/** How an assistant's settings stand with our hooks. */
export interface InstallationState {
  readonly state: 'current' | 'edited' | 'disabled' | 'stale' | 'damaged' | 'absent';
  /** The files it is about. */
  readonly files: readonly string[];
  /** Why, where it is not simply so. */
  readonly reason?: string;
  /** Our entries in a settings file. */
  readonly entries: readonly OwnEntry[];
}

export async function inspectInstallation(assistant: Assistant, user: User): Promise<InstallationState> {
  const hooks = installationOf(assistant);
  const { changes } = await planInstall(assistant, user);
  const files = changes.map(({ file }) => file);
  const none = { files, entries: [] };
  const refused = changes.find((change) => change.change === 'refused');
  if (refused?.change === 'refused')
    return { state: 'damaged', files: [refused.file], reason: refused.why, entries: [] };
  if (changes.some(({ change }) => change !== 'unchanged')) {
    const out = await planUninstall(assistant, user);
    const isThere = out.changes.some(({ change }) => change === 'written' || change === 'removed');
    return { state: isThere ? 'stale' : 'absent', ...none };
  }
  if (hooks.form === 'files') return { state: 'current', ...none };
  const { form, file } = await placeOf(assistant, hooks, user);
  const { text = form.empty } = await findFile(file);
  const root = form.parse(text);
  const wanted = wantedOf(assistant, hooks, user);
  const entries = ownEntries(root, wanted);
  const record = (await readInstalled(user, assistant.id)).find((one) => files.includes(one.file));
  const { disabled, edited, otherwise } = reconcile(root, wanted, isAsWritten(record));
  if (disabled[0]) return { state: 'disabled', files, entries, reason: `${offText(disabled[0])}` };
  if (edited[0]) return { state: 'edited', files, entries, reason: `${pathText(edited[0])} was changed by hand` };
  const [other] = otherwise;
  if (other) return { state: 'edited', files, entries, reason: `"${pathText(other.key)}" has another value` };
  return { state: 'current', files, entries };
}

function offText(path: SettingsPath): string {
  return path[0] === 'disableAllHooks' ? 'all hooks are switched off' : `${pathText(path)} is switched off`;
}

function installationOf({ title, id, hooks }: Assistant): Installation {
  if (!hooks) throw new Error(`${title} has no hook settings: let it call "countersign hook ${id}"`);
  return hooks;
}

function planOf(
  { id }: Assistant,
  user: User,
  earlier: readonly FileRecord[],
  steps: readonly Step[],
): InstallationPlan {
  const changes = steps.map(({ change }) => change);
  return {
    changes,
    remarks: steps.flatMap(({ remarks = [] }) => remarks),
    async carryOut() {
      if (changes.some(({ change }) => change === 'refused')) return;
      const records = new Map(earlier.map((record) => [record.file, record]));
      try {
        for (const { change, run } of steps) {
          const record = await run();
          if (record) records.set(record.file, record);
          else records.delete(change.file);
        }
        // A folder may be the home of several files: it goes after the last of them.
        const gone = earlier.filter(({ file }) => !records.has(file));
        await removeEmptyFolders(gone.flatMap(({ folders }) => folders));
      } finally {
        await writeInstalled(user, id, [...records.values()]);
      }
    },
  };
}

interface Place {
  readonly form: SettingsForm;
  readonly file: string;
}

function settingsPlaces(hooks: SettingsInstallation, { home, environment }: User): Place[] {
  return [hooks, ...(hooks.alternative ? [hooks.alternative] : [])].map(({ form, file }) => ({
    form: forms[form],
    file: file(home, environment),
  }));
}

/** Where the hooks are, else where others of that kind are, else the first place. */
async function placeOf(assistant: Assistant, hooks: SettingsInstallation, user: User): Promise<Place> {
  const places = settingsPlaces(hooks, user);
  const [first] = places as [Place, ...Place[]];
  const wanted = wantedOf(assistant, hooks, user);
  const held = await Promise.all(places.map((place) => heldAt(place, wanted)));
  const found = held.findIndex(({ own }) => own > 0);
  const used = held.findIndex(({ all }) => all > 0);
  return places[found >= 0 ? found : used] ?? first;
}

/** How many entries a place holds, ours and all; none where it cannot be read, which is told when it is to be written. */
async function heldAt({ form, file }: Place, wanted: Wanted): Promise<{ readonly own: number; readonly all: number }> {
  try {
    const { text } = await findFile(file);
    const root = text === undefined ? {} : form.parse(text);
    const lists = wanted.items.map(({ list }) => valueAt(root, list));
    return { own: ownEntries(root, wanted).length, all: lists.flatMap((list) => list ?? []).length };
  } catch (error) {
    if (error instanceof SettingsError) return { own: 0, all: 0 };
    throw error;
  }
}

function wantedOf(assistant: Assistant, hooks: SettingsInstallation, user: User): Wanted {
  const command = hookCommand(assistant, user);
  return { id: assistant.id, items: hooks.items?.(command) ?? [], values: hooks.values?.(command) ?? [] };
}

async function installSettings({ form, file }: Place, wanted: Wanted, records: readonly FileRecord[]): Promise<Step> {
  return await orRefused(file, async () => {
    const found = await findFile(file);
    const record = records.find((one) => one.file === found.file);
    const text = found.text ?? form.empty;
    const root = form.parse(text);
    const { edits, otherwise } = reconcile(root, wanted, isAsWritten(record));
    const remarks = otherwise.map(
      ({ key }) => `"${pathText(key)}" in ${found.file} is ${JSON.stringify(valueAt(root, key))}, and stays so`,
    );
    const after = edited(form, text, edits);
    if (edits.length === 0) return { ...unchanged(found.file, record), remarks };
    const base = original(record, text) ?? { text: withoutOurs(form, text, wanted, record, found.text !== undefined) };
    const set = edits.flatMap((edit) => (edit.edit === 'set' ? [[...edit.key]] : []));
    return {
      change: { file: found.file, change: 'written', before: found.text, after },
      remarks,
      async run() {
        const folders = await replaceFile(found, after, false);
        return {
          file: found.file,
          after: sha256(after),
          ...(base.text !== undefined && { undo: undoEdits(after, base.text) }),
          folders: record?.folders ?? folders,
          entries: wanted.items.map(({ item }) => entryHash(item)),
          values: [...(record?.values ?? []), ...set],
        };
      },
    };
  });
}

async function takeOut({ form, file }: Place, wanted: Wanted, records: readonly FileRecord[]): Promise<Step> {
  return await orRefused(file, async () => {
    const found = await findFile(file);
    const record = records.find((one) => one.file === found.file);
    if (found.text === undefined) return unchanged(found.file);
    const { text } = found;
    const before = original(record, text) ?? {
      text: withoutOurs(form, text, wanted, record, record === undefined || record.undo !== undefined),
    };
    if (before.text === text) return unchanged(found.file);
    return becomes(found, before.text);
  });
}

/** A file without our entries; `undefined` where it was made for them and holds nothing else. */
function withoutOurs(
  form: SettingsForm,
  text: string,
  wanted: Wanted,
  record: FileRecord | undefined,
  wasThere: boolean,
): string | undefined {
  const root = form.parse(text);
  const keys = new Set(record?.values.map((key) => canonicalJson(key)));
  const edits = takingOut(root, wanted, (key) => keys.has(canonicalJson(key)));
  if (edits.length === 0) return wasThere ? text : undefined;
  let result = text;
  for (const edit of edits) {
    result = edited(form, result, [edit]);
    for (let path = edit.path.slice(0, -1); path.length > 0 && form.isEmpty(result, path); path = path.slice(0, -1)) {
      result = edited(form, result, [{ edit: 'remove', path }]);
    }
  }
  // A comment in it is a person's.
  const isBare = result.replace(/[\s\ufeff]/g, '') === form.empty.trim();
  return isBare && (record === undefined || record.undo === undefined) ? undefined : result;
}

/** Makes the edits and reads the result again: where it is not what it should be, the file is written in a way we do not know. */
function edited(form: SettingsForm, text: string, edits: readonly SettingsEdit[]): string {
  let result = text;
  let expected: SettingsObject = form.parse(text);
  for (const edit of edits) {
    const place = edit.edit === 'append' ? edit.list : edit.edit === 'set' ? edit.key : edit.path;
    result = form.apply(result, edit);
    expected = applied(expected, edit);
    if (!holds(form, result, expected)) {
      throw new SettingsError(`its "${pathText(place)}" is written in a way that cannot be edited: do it by hand`);
    }
  }
  return result;
}

function holds(form: SettingsForm, text: string, expected: SettingsObject): boolean {
  try {
    return canonicalJson(withoutEmpty(form.parse(text))) === canonicalJson(withoutEmpty(expected));
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
}

/** TOML does not tell a list of tables without a table from none. */
function withoutEmpty(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : [[key, withoutEmpty(member)] as const],
  );
  return Object.fromEntries(
    members.filter(([, member]) => member === null || typeof member !== 'object' || Object.keys(member).length > 0),
  );
}

async function installFile(
  { file, text, executable }: OwnFile,
  id: string,
  records: readonly FileRecord[],
): Promise<Step> {
  return await orRefused(file, async () => {
    const found = await findFile(file);
    const record = records.find((one) => one.file === found.file);
    if (found.text === text) return unchanged(found.file, record);
    requireOwn(found, id, record);
    return {
      change: { file: found.file, change: 'written', before: found.text, after: text },
      async run() {
        const folders = await replaceFile(found, text, executable === true);
        return { file: found.file, after: sha256(text), folders: record?.folders ?? folders, entries: [], values: [] };
      },
    };
  });
}

async function removeOwnFile(file: string, id: string, records: readonly FileRecord[]): Promise<Step> {
  return await orRefused(file, async () => {
    const found = await findFile(file);
    const record = records.find((one) => one.file === found.file);
    if (found.text === undefined || (!record && !isOwnFile(found.text, id))) return unchanged(found.file);
    requireOwn(found, id, record);
    return becomes(found, undefined);
  });
}

/** @throws {SettingsError} where the file is somebody else's, or was changed by a person */
function requireOwn({ text }: FoundFile, id: string, record: FileRecord | undefined): void {
  if (text === undefined) return;
  if (!isOwnFile(text, id)) throw new SettingsError('it is not of Countersign');
  if (record && record.after !== sha256(text)) {
    throw new SettingsError('it was changed by hand since Countersign wrote it: move or remove it first');
  }
}

function isOwnFile(text: string, id: string): boolean {
  return /countersign/i.test(text.split('\n', 5).join('\n')) || callsHook(text, id);
}

function unchanged(file: string, record?: FileRecord): Step {
  return { change: { file, change: 'unchanged' }, run: () => Promise.resolve(record) };
}

function becomes(found: FoundFile, text: string | undefined): Step {
  const { file, text: before = '' } = found;
  return {
    change: text === undefined ? { file, change: 'removed', before } : { file, change: 'written', before, after: text },
    async run() {
      if (text === undefined) await removeFile(found);
      else await replaceFile(found, text, false);
      return undefined;
    },
  };
}

async function orRefused(file: string, step: () => Promise<Step>): Promise<Step> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return { change: { file, change: 'refused', why: error.message }, run: () => Promise.resolve(undefined) };
  }
}

/** Without a record an entry counts as one of an older version. */
function isAsWritten(record: FileRecord | undefined): (entry: Json) => boolean {
  const hashes = new Set(record?.entries);
  return (entry) => record === undefined || hashes.has(entryHash(entry));
}

function entryHash(entry: Json): string {
  return sha256(canonicalJson(entry));
}
