import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { sha256 } from '../core/digest.ts';
import { namesIn, readIfThere, replaceFile, withLock } from './files.ts';
import { parseJson } from './textStore.ts';

const WindowSchema = v.object({
  kind: v.picklist(['edit', 'command']),
  tool: v.string(),
  session: v.string(),
  call: v.exactOptional(v.string()),
  /** Model and edit kind, as the before-event had them. */
  model: v.exactOptional(v.string()),
  /** Path → content hash when the window opened; `null` where there was no file, or none of text. */
  files: v.record(v.string(), v.nullable(v.string())),
  /** A command's share is the whole work tree: what it held, and the commit it was at (`null` on an unborn branch). */
  snapshot: v.exactOptional(
    v.object({ tree: v.string(), unread: v.pipe(v.array(v.string()), v.readonly()), head: v.nullable(v.string()) }),
  ),
  /** ISO 8601, UTC. */
  at: v.string(),
});

/** What an assistant's session saw before an edit or a command: the time between it and the after-event is its window. */
export type Window = v.InferOutput<typeof WindowSchema>;

/** In ms. */
const longestWindow = 24 * 60 * 60_000;

/** The open windows of one worktree, a file each. */
export class WindowStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens the window `key`, or adds files to it where the same call opened it before. */
  async open(key: string, window: Window): Promise<void> {
    await this.#locked(key, async () => {
      const open = await this.#read(this.#file(key));
      const files = { ...(open?.kind === window.kind ? open.files : {}), ...window.files };
      await replaceFile(this.#file(key), JSON.stringify({ ...window, files }));
    });
  }

  /** Takes `files` out of the window `key` and closes it when none is left; without `files` closes it. */
  async close(key: string, files?: readonly string[]): Promise<Window | undefined> {
    return await this.#locked(key, async () => {
      const window = await this.#read(this.#file(key));
      if (!window) return undefined;
      const left = files ? Object.entries(window.files).filter(([file]) => !files.includes(file)) : [];
      if (left.length > 0)
        await replaceFile(this.#file(key), JSON.stringify({ ...window, files: Object.fromEntries(left) }));
      else await rm(this.#file(key), { force: true });
      return window;
    });
  }

  /** The windows that are open now, the youngest first. One whose after-event never came is forgotten after a day. */
  async all(): Promise<Window[]> {
    const names = await namesIn(this.#folder);
    const windows = await Promise.all(
      names.filter((name) => name.endsWith('.json')).map((name) => this.#read(path.join(this.#folder, name))),
    );
    const open = windows
      .filter((window) => window !== undefined)
      .filter(({ at }) => Date.now() - Date.parse(at) < longestWindow);
    return open.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  }

  #file(key: string): string {
    return path.join(this.#folder, `${sha256(key).slice(0, 40)}.json`);
  }

  #locked<T>(key: string, work: () => Promise<T>): Promise<T> {
    return withLock(`${this.#file(key)}.lock`, work);
  }

  async #read(file: string): Promise<Window | undefined> {
    const text = await readIfThere(file);
    const window = text === undefined ? undefined : v.safeParse(WindowSchema, parseJson(text));
    return window?.success ? window.output : undefined;
  }
}
