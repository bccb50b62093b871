import path from 'node:path';
import { type Author, unknown } from '../core/author.ts';
import { carry } from '../core/carry.ts';
import { contentHash } from '../core/digest.ts';
import { fillUnknown, mergeRuns } from '../core/merge.ts';
import { RunMap } from '../core/runs.ts';
import { journalPaths, PathJournal } from './pathJournal.ts';
import { type Limits, pruneTexts } from './prune.ts';
import { TextStore } from './textStore.ts';
import { WindowStore } from './windows.ts';

/** Folder of the pending state, in the worktree's git folder. */
export const ledgerFolder = 'countersign';

/** Texts above this length (UTF-16 code units) are counted, not attributed. */
export const maxTextLength = 8 * 1024 * 1024;

export interface Claim {
  /** The text before the author's part began; `''` where there was none. */
  readonly before: string;
  readonly text: string;
  readonly author: Author;
  /** What git brought (the path in HEAD): never given to anybody. */
  readonly head?: string;
  /** The path that the text was moved from. */
  readonly movedFrom?: string;
}

/**
 * The pending state of one worktree: what each path was last seen to hold, and who wrote it. Many processes use it at
 * once: extension windows, hooks of assistants, git hooks.
 */
export class Ledger {
  readonly folder: string;
  readonly windows: WindowStore;
  readonly #texts: TextStore;
  readonly #journals: string;

  /** @param gitDir the worktree's own git folder */
  constructor(gitDir: string) {
    this.folder = path.join(gitDir, ledgerFolder);
    this.windows = new WindowStore(path.join(this.folder, 'windows'));
    this.#texts = new TextStore(path.join(this.folder, 'texts'));
    this.#journals = path.join(this.folder, 'paths');
  }

  /**
   * Who wrote a text, as far as is known, without taking note of anything: content seen before has its authors back at
   * once, else what the path (or `oldPath`, that it was renamed from) last held is carried over and the rest is unknown.
   */
  async attribute(relativePath: string, text: string, oldPath?: string): Promise<RunMap> {
    const known = await this.#texts.read(contentHash(text));
    if (known) return known.runs;
    const last =
      (await this.#lastText(relativePath)) ?? (oldPath === undefined ? undefined : await this.#lastText(oldPath));
    return last ? carry(last.text, last.runs, text, unknown.disk).runs : RunMap.of(text.length, unknown.firstSeen);
  }

  /**
   * Takes note of what a path holds; what changed since it was last seen has no author yet. Returns the content hash.
   * Text that nobody has seen before says nothing of what others did up to now.
   */
  async observe(relativePath: string, text: string): Promise<string> {
    const hash = contentHash(text);
    const journal = this.#journal(relativePath);
    if ((await journal.last())?.hash === hash) return hash;
    return journal.locked(async () => {
      const runs = await this.attribute(relativePath, text);
      return this.#store(journal, text, runs, unknown.disk);
    });
  }

  /**
   * Gives an author what is new in `text` since `before` and nobody else has claimed. Who looked at the file in between
   * does not matter: looking makes text unknown, and unknown text can be claimed.
   */
  async claim(relativePath: string, { before, text, author, head, movedFrom }: Claim): Promise<void> {
    const journal = this.#journal(relativePath);
    await journal.locked(async () => {
      const current = await this.attribute(relativePath, text, movedFrom);
      const fresh = markNew(before, text, author);
      const notFromGit = head === undefined ? fresh : onlyIfBoth(fresh, markNew(head, text, author));
      await this.#store(journal, text, fillUnknown(current, notFromGit), author);
    });
  }

  /**
   * An assistant says what text it wrote: `before` became `after` by its hand, and the path now holds `now`, which others
   * may have changed since (`undefined` where the file is gone or not written yet).
   */
  async claimWritten(
    relativePath: string,
    edit: {
      readonly before: string;
      readonly after: string;
      readonly now: string | undefined;
      readonly author: Author;
    },
  ): Promise<void> {
    const { before, after, author } = edit;
    const now = edit.now === undefined || edit.now === before ? after : edit.now;
    const journal = this.#journal(relativePath);
    await journal.locked(async () => {
      const written = carry(before, await this.attribute(relativePath, before), after, author).runs;
      const carried = now === after ? written : carry(after, written, now, unknown.disk).runs;
      await this.#store(journal, now, fillUnknown(carried, await this.attribute(relativePath, now)), author);
    });
  }

  /** The editor says who wrote each part of a text that it holds: what it does not know is filled from what is known. */
  async put(relativePath: string, text: string, runs: RunMap): Promise<void> {
    const journal = this.#journal(relativePath);
    await journal.locked(async () => {
      await this.#store(journal, text, fillUnknown(runs, await this.attribute(relativePath, text)));
    });
  }

  /**
   * Keeps the authors of a text that is not on disk (an unsaved document), to be found again by its content. Gives its
   * hash where nobody had stored it before, so that the caller can `drop` it when the document has moved on.
   */
  async keep(text: string, runs: RunMap): Promise<string | undefined> {
    const isNew = (await this.#texts.read(contentHash(text))) === undefined;
    const hash = await this.#texts.write({ text, runs });
    return isNew ? hash : undefined;
  }

  /** Forgets a text that `keep` stored and no path holds. */
  async drop(relativePath: string, hash: string): Promise<void> {
    if ((await this.#journal(relativePath).last())?.hash !== hash) await this.#texts.remove(hash);
  }

  /** Removes stored texts above the limits; the last known text of each path, and what open windows saw, stays. */
  async prune(limits?: Limits): Promise<number> {
    const needed = new Set<string>();
    for (const relativePath of await journalPaths(this.#journals)) {
      const last = await this.#journal(relativePath).last();
      if (last) needed.add(last.hash);
    }
    for (const { files } of await this.windows.all()) {
      for (const hash of Object.values(files)) if (hash !== null) needed.add(hash);
    }
    return await pruneTexts(this.#texts.folder, needed, limits);
  }

  /** The text that a content hash stands for, where it is still stored. */
  async textOf(hash: string): Promise<string | undefined> {
    return (await this.#texts.read(hash))?.text;
  }

  /** Whether the path was seen to hold a content before a time (ISO 8601, UTC). */
  async held(relativePath: string, hash: string, before: string): Promise<boolean> {
    const steps = await this.#journal(relativePath).steps();
    return steps.some((step) => step.hash === hash && Date.parse(step.at) < Date.parse(before));
  }

  /** What the path was last seen to hold. */
  async lastText(relativePath: string): Promise<string | undefined> {
    return (await this.#lastText(relativePath))?.text;
  }

  /**
   * After a commit: a cut in a line that HEAD now has is history, and says nothing about the next change of that line.
   */
  async settle(relativePath: string, head: string): Promise<void> {
    const journal = this.#journal(relativePath);
    const last = await journal.last();
    if (!last) return;
    await journal.locked(async () => {
      const stored = await this.#texts.read(last.hash);
      if (!stored || ![...stored.runs].some((run) => run.length === 0)) return;
      if (stored.text !== head) return;
      const runs = stored.runs.map((author, length) => (length === 0 ? undefined : author));
      await this.#texts.write({ text: stored.text, runs });
    });
  }

  #journal(relativePath: string): PathJournal {
    return new PathJournal(this.#journals, relativePath);
  }

  async #lastText(relativePath: string): Promise<{ text: string; runs: RunMap } | undefined> {
    const last = await this.#journal(relativePath).last();
    return last && this.#texts.read(last.hash);
  }

  /** Text first, journal second: a process that dies in between leaves a text that nothing names, never a name without text. */
  async #store(journal: PathJournal, text: string, runs: RunMap, by?: Author): Promise<string> {
    const hash = await this.#texts.write({ text, runs });
    await journal.append({ at: new Date().toISOString(), hash, ...(by && { by }) });
    return hash;
  }
}

/** `author` where the text is new since `before`, unknown elsewhere. */
function markNew(before: string, text: string, author: Author): RunMap {
  return carry(before, RunMap.of(before.length, unknown.firstSeen), text, author).runs;
}

/** The author where both witnesses say that the text is new. */
function onlyIfBoth(first: RunMap, second: RunMap): RunMap {
  return mergeRuns(first, second, (a, b) => (a?.origin === 'unknown' ? a : b));
}
