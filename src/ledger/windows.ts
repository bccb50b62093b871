import path from 'node:path';
import * as v from 'valibot';
import { sha256 } from '../core/digest.ts';
import { filesIn } from './compact.ts';
import { namesIn, readIfThere, removeFile, replaceFile } from './files.ts';
import { parseJson } from './textStore.ts';

const call = {
  tool: v.string(),
  session: v.string(),
  /** A call with an id has a window of its own; without one, the calls of a session share it. */
  call: v.exactOptional(v.string()),
};

const opened = {
  model: v.exactOptional(v.string()),
  /** ISO 8601, UTC. */
  at: v.string(),
};

const WindowSchema = v.variant('kind', [
  v.object({
    kind: v.literal('edit'),
    ...call,
    ...opened,
    path: v.string(),
    /** Content hash of what the path held; `null` where there was no file. */
    hash: v.nullable(v.string()),
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

/** The open windows of one worktree, a file each. */
export class WindowStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Opens a window, in the place of one with the same key. */
  open(window: Window): void {
    replaceFile(this.#file(window), JSON.stringify(window));
  }

  /** The window with this key, if it was open. */
  close<Key extends WindowKey>(key: Key): Extract<Window, Pick<Key, 'kind'>> | undefined {
    const file = this.#file(key);
    const window = read(file);
    removeFile(file);
    return window?.kind === key.kind ? (window as Extract<Window, Pick<Key, 'kind'>>) : undefined;
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
  }

  #file(key: WindowKey): string {
    const parts = [key.tool, key.session, key.kind, key.call ?? '', key.kind === 'edit' ? key.path : ''];
    return path.join(this.folder, `${sha256(parts.join('\0')).slice(0, 40)}.json`);
  }
}

function read(file: string): Window | undefined {
  const text = file.endsWith('.json') ? readIfThere(file) : undefined;
  const window = text === undefined ? undefined : v.safeParse(WindowSchema, parseJson(text));
  return window?.success ? window.output : undefined;
}
