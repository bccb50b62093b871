import { renameSync, utimesSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { sha256 } from '../core/digest.ts';
import { isErrorCode } from '../errors.ts';
import { filesIn } from './compact.ts';
import { namesIn, readIfThere, removeFile, replaceFile, statIfThere } from './files.ts';
import { parseJson } from './textStore.ts';

const call = {
  tool: v.string(),
  session: v.string(),
  /** The call's id, where the assistant gives it one. */
  call: v.exactOptional(v.string()),
  /** Else a digest of what it says that it will do; calls of a session that say neither share a window. */
  announcement: v.exactOptional(v.string()),
};

const opened = {
  model: v.exactOptional(v.string()),
  /** ISO 8601, UTC. */
  at: v.string(),
};

const listOf = <Item extends v.GenericSchema>(item: Item) => v.pipe(v.array(item), v.readonly());
const Lines = listOf(v.string());

/** `Written`, as it lies on disk. */
const WrittenSchema = v.variant('form', [
  v.object({ form: v.literal('content'), text: v.string() }),
  v.object({
    form: v.literal('replacements'),
    replacements: listOf(v.object({ oldText: v.string(), newText: v.string(), all: v.boolean() })),
  }),
  v.object({
    form: v.literal('patch'),
    hunks: listOf(v.object({ heading: v.string(), oldLines: Lines, newLines: Lines })),
  }),
]);

const WindowSchema = v.variant('kind', [
  v.object({
    kind: v.literal('edit'),
    ...call,
    ...opened,
    path: v.string(),
    /** Content hash of what the path held; `null` where there was no file. */
    hash: v.nullable(v.string()),
    /** What it says that it will write, where that is not too long to be kept. */
    written: v.exactOptional(WrittenSchema),
    /** Content hash of the text in which that was found, and given to it, before its after-event came. */
    settled: v.exactOptional(v.string()),
  }),
  v.object({
    kind: v.literal('command'),
    ...call,
    ...opened,
    /** A command's share is the whole work tree: what it held, and the commit it was at (`null` on an unborn branch). */
    snapshot: v.object({
      tree: v.string(),
      unread: v.pipe(v.array(v.string()), v.readonly()),
      head: v.nullable(v.string()),
    }),
    /** Without an end it may have run all the same. */
    endMayStayUntold: v.exactOptional(v.literal(true)),
  }),
]);

/** What an assistant's session saw before an edit or a command: the time between it and the after-event is its window. */
export type Window = v.InferOutput<typeof WindowSchema>;
export type EditWindow = Extract<Window, { kind: 'edit' }>;
export type CommandWindow = Extract<Window, { kind: 'command' }>;

/** What tells one window from the others. */
export type WindowKey =
  | Pick<EditWindow, 'kind' | keyof typeof call | 'path'>
  | Pick<CommandWindow, 'kind' | keyof typeof call>;

/** In ms. One whose after-event has not come by then is forgotten. */
const longestWindow = 24 * 60 * 60_000;
/** Two reports of the same call, by two hooks that the assistant runs for it, come within this time, in ms. */
export const longestEcho = 10_000;

/** Ends the name of a window that was closed, for as long as another report of its call may come. */
const closedName = '.closed';

/** What became of a window that was to be closed: `echo` where another report of the same call has just closed it. */
export type Closed<Kind extends Window['kind']> = Extract<Window, { kind: Kind }> | 'echo' | undefined;

/** The open windows of one worktree, a file each. */
export class WindowStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Whether the window with this key is open. */
  isOpen(key: WindowKey): boolean {
    return read(this.#file(key)) !== undefined;
  }

  /** Opens a window, in the place of one with the same key. */
  open(window: Window): void {
    replaceFile(this.#file(window), JSON.stringify(window));
  }

  /** Changes what an open window tells; one that was closed meanwhile stays closed. */
  replace(window: Window): void {
    if (this.isOpen(window)) this.open(window);
  }

  /** The window with this key, if it was open. Of several processes at once one gets it. */
  close<Key extends WindowKey>(key: Key): Closed<Key['kind']> {
    const file = this.#file(key);
    const closed = `${file}${closedName}`;
    const window = read(file);
    try {
      const now = new Date();
      utimesSync(file, now, now);
      renameSync(file, closed);
    } catch (error) {
      if (!isErrorCode(error, 'ENOENT')) throw error;
      const since = statIfThere(closed)?.mtimeMs;
      const isTold = key.call !== undefined || key.announcement !== undefined;
      return isTold && since !== undefined && Date.now() - since < longestEcho ? 'echo' : undefined;
    }
    this.#forgetClosed();
    return window?.kind === key.kind ? (window as Extract<Window, Pick<Key, 'kind'>>) : undefined;
  }

  /** Forgets a window; an after-event that comes all the same has none. */
  drop(key: WindowKey): void {
    removeFile(this.#file(key));
  }

  /** The windows that are open now, the youngest first. */
  all(): Window[] {
    const windows = namesIn(this.folder).flatMap((name) => read(path.join(this.folder, name)) ?? []);
    return windows
      .filter(({ at }) => Date.now() - Date.parse(at) < longestWindow)
      .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  }

  /** Removes windows whose after-event never came. */
  forgetOld(): void {
    for (const { file, stored } of filesIn(this.folder)) {
      if (Date.now() - stored > longestWindow) removeFile(file);
    }
    this.#forgetClosed();
  }

  #forgetClosed(): void {
    for (const { file, name, stored } of filesIn(this.folder)) {
      if (name.endsWith(closedName) && Date.now() - stored > longestEcho) removeFile(file);
    }
  }

  #file(key: WindowKey): string {
    const { tool, session, kind, call: id, announcement = '' } = key;
    const parts = [tool, session, kind, id ?? announcement, kind === 'edit' ? key.path : ''];
    return path.join(this.folder, `${sha256(parts.join('\0')).slice(0, 40)}.json`);
  }
}

function read(file: string): Window | undefined {
  const text = file.endsWith('.json') ? readIfThere(file) : undefined;
  const window = text === undefined ? undefined : v.safeParse(WindowSchema, parseJson(text));
  return window?.success ? window.output : undefined;
}
