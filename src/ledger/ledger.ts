import path from 'node:path';
import * as v from 'valibot';
import { type AttributedText, attributed, attributedBy, type By, type Known } from '../core/attribution.ts';
import { unknown } from '../core/author.ts';
import { contentHash } from '../core/digest.ts';
import { losesBlock, type Source } from '../core/movedBlocks.ts';
import type { RunMap } from '../core/runs.ts';
import { defaultLimits, type Limits, removeLeftovers, removeTexts } from './compact.ts';
import { EntryLog } from './entryLog.ts';
import { removeFolder, replaceFile, statIfThere } from './files.ts';
import { type JournalEntry, JournalEntrySchema, maxJournalSize } from './journal.ts';
import { withLock } from './lock.ts';
import { journalPaths, type PastStep, PathJournal, pastSteps } from './pathJournal.ts';
import { TextStore } from './textStore.ts';
import { WindowStore } from './windows.ts';

/** Folder of the pending state, in the worktree's git folder. */
export const ledgerFolder = 'countersign';
/** Folder in it for snapshots of the work tree, which are of use as long as a command runs. */
export const snapshotFolder = 'snapshot';

/** Texts above this length (UTF-16 code units) are counted, not attributed. */
export const maxTextLength = 8 * 1024 * 1024;

/**
 * What a path of the work tree holds now, if it has changed since a time (ms since 1970): `''` where there is nothing any
 * more, `undefined` where nothing has changed, or to what is no text.
 */
export type ChangedSince = (relativePath: string, since: number) => string | undefined;

const RemovalSchema = v.object({
  /** ISO 8601, UTC. */
  at: v.string(),
  path: v.string(),
  /** Content hashes of the text that had the lines and of the one that has lost them. */
  before: v.string(),
  after: v.string(),
});

/** So many removals, and so many paths observed last, are asked for a block that is new elsewhere. */
const mostRecent = 16;
/** A block that was taken out longer ago, in ms, is not taken for the one that is put in. */
const longestWay = 24 * 60 * 60_000;
/** In bytes, twice: some 600 removals. */
const maxRemovalsSize = 128 * 1024;

/** Texts that somebody saw while an author was at work that are compared, the youngest. */
const maxBetween = 8;

/** Texts of a path, the last ones before an author began, that may come back while they are at work. */
const maxFormer = 4;

/** Texts of a path that its history goes back. */
export const maxHistory = 200;

/** A text that a path was seen to hold. */
export interface PastText extends PastStep {
  /** `undefined` where it is no longer kept. */
  readonly stored: AttributedText | undefined;
}

/**
 * The pending state of one worktree: what each path was last seen to hold, and who wrote it. Many processes use it at
 * once: extension windows, hooks of assistants, git hooks.
 */
export class Ledger {
  readonly folder: string;
  readonly windows: WindowStore;
  readonly journal: EntryLog<JournalEntry>;
  readonly #texts: TextStore;
  readonly #paths: string;
  readonly #removals: EntryLog<v.InferOutput<typeof RemovalSchema>>;
  readonly #changedSince: ChangedSince | undefined;
  readonly #damaged = new Set<string>();

  /**
   * @param gitDir the worktree's own git folder
   * @param changedSince asked for paths that lines may have gone from unobserved; without it only observed ones count
   */
  constructor(gitDir: string, changedSince?: ChangedSince) {
    this.folder = path.join(gitDir, ledgerFolder);
    this.windows = new WindowStore(path.join(this.folder, 'windows'));
    this.journal = new EntryLog(path.join(this.folder, 'journal.ndjson'), JournalEntrySchema, maxJournalSize);
    this.#texts = new TextStore(path.join(this.folder, 'texts'));
    this.#paths = path.join(this.folder, 'paths');
    this.#removals = new EntryLog(path.join(this.folder, 'removals.ndjson'), RemovalSchema, maxRemovalsSize);
    this.#changedSince = changedSince;
  }

  /**
   * Who wrote a text, as far as is known, without taking note of anything: content seen before has its authors back at
   * once. Else what the path (or `oldPath`, that it was renamed from) last held is carried over, blocks of lines that went
   * from other paths a short time ago have their authors back, and the rest is unknown.
   */
  attribute(relativePath: string, text: string, oldPath?: string): RunMap {
    const last = this.#lastText(relativePath) ?? (oldPath === undefined ? undefined : this.#lastText(oldPath));
    return attributed(text, this.#known(relativePath, last));
  }

  /**
   * The single door: takes note of what a path holds, and of who made it so. Returns the content hash.
   *
   * Who only looked at the file in between does not matter: looking makes text unknown, and unknown text can be claimed.
   */
  async observe(relativePath: string, text: string, by: By): Promise<string> {
    const journal = this.#journal(relativePath);
    const hash = contentHash(text);
    if (by.how === 'seen' && journal.last()?.hash === hash) return hash;
    return await journal.locked(async () => {
      const last = this.#lastText(relativePath);
      const lost = by.how === 'changed' ? by.lost : undefined;
      const runs = attributedBy(text, by, this.#known(relativePath, last, lost));
      // Text first, journal second: a process that dies in between leaves a text that nothing names, never a name without text.
      this.#texts.write({ text, runs });
      const at = new Date().toISOString();
      if (last && losesBlock(last.text, text)) {
        await this.#removals.append({ at, path: relativePath, before: contentHash(last.text), after: hash });
      }
      const author = by.how === 'seen' ? unknown.disk : by.how === 'edited' ? undefined : by.author;
      journal.append({ at, hash, ...(author && { by: author }) });
      return hash;
    });
  }

  #known(path: string, last: AttributedText | undefined, lost?: readonly Source[]): Known {
    return {
      now: new Date().toISOString(),
      last,
      seen: (text) => this.#seen(path, text, last),
      former: (began) => this.#former(path, began),
      between: (began) => this.#between(path, began),
      elsewhere: this.#elsewhere(path, lost),
    };
  }

  #former(path: string, began: string): string[] {
    const steps = this.#journal(path)
      .steps()
      .filter(({ at }) => Date.parse(at) < Date.parse(began));
    const hashes = new Set(steps.map(({ hash }) => hash).reverse());
    return [...hashes].slice(0, maxFormer).flatMap((hash) => this.textOf(hash) ?? []);
  }

  #between(path: string, began: string): string[] {
    const steps = this.#journal(path)
      .steps()
      .filter(({ at }) => Date.parse(at) >= Date.parse(began));
    return steps.slice(-maxBetween).flatMap(({ hash }) => this.textOf(hash) ?? []);
  }

  /** A short text may be written twice: it is the one that was seen before only where this same path has held it. */
  #seen(path: string, text: string, last: AttributedText | undefined): RunMap | undefined {
    if (last?.text === text) return last.runs;
    const hash = contentHash(text);
    const stored = this.#texts.read(hash);
    if (!stored || losesBlock(text, '')) return stored?.runs;
    const steps = this.#journal(path).steps();
    return steps.some((step) => step.hash === hash) ? stored.runs : undefined;
  }

  /**
   * Where a new block of this path may have come from, looked for at most once and only if it is asked for: what the
   * caller knows of, paths that have changed since anybody looked, and those that were seen to lose one.
   */
  #elsewhere(path: string, lost: readonly Source[] = []): () => readonly Source[] {
    let found: readonly Source[] | undefined;
    const look = (): readonly Source[] => [...lost, ...this.#lostUnobserved(path), ...this.#lostObserved()];
    return () => {
      found ??= look();
      return found;
    };
  }

  /** The texts that were seen to lose a block, of this path among them: what was cut may be put in again elsewhere. */
  #lostObserved(): Source[] {
    const removals = this.#removals.last(mostRecent).reverse();
    const sources: Source[] = [];
    for (const { at, before, after } of removals) {
      if (Date.now() - Date.parse(at) > longestWay) continue;
      const [had, has] = [this.#texts.read(before), this.#texts.read(after)];
      if (had && has) sources.push({ ...had, now: has.text });
    }
    return sources;
  }

  /** The last texts of other paths that have changed since, and nobody has looked. */
  #lostUnobserved(relativePath: string): Source[] {
    if (!this.#changedSince) return [];
    const sources: Source[] = [];
    for (const { path: from, observed } of journalPaths(this.#paths, mostRecent)) {
      if (from === relativePath || Date.now() - observed > longestWay) continue;
      const now = this.#changedSince(from, observed);
      const last = now === undefined ? undefined : this.#lastText(from);
      if (last && now !== undefined && now !== last.text) sources.push({ ...last, now });
    }
    return sources;
  }

  /**
   * Keeps the authors of a text that is not on disk (an unsaved document), to be found again by its content. Gives its
   * hash where nobody had stored it before, so that the caller can `drop` it when the document has moved on.
   */
  keep(text: string, runs: RunMap): string | undefined {
    const isNew = this.#texts.read(contentHash(text)) === undefined;
    const hash = this.#texts.write({ text, runs });
    return isNew ? hash : undefined;
  }

  /** Forgets a text that `keep` stored and no path holds. */
  drop(relativePath: string, hash: string): void {
    if (this.#journal(relativePath).last()?.hash !== hash) this.#texts.remove(hash);
  }

  /** Whether it is `pause` ms or longer since the last `compact`. */
  compactedBefore(pause: number): boolean {
    const last = statIfThere(this.#compacted)?.mtimeMs;
    return last === undefined || Date.now() - last >= pause;
  }

  get #compacted(): string {
    return path.join(this.folder, 'compacted');
  }

  /**
   * Removes what nothing needs any more and is too old or too much: steps and texts of paths, windows that were never
   * closed, what killed writers left behind. The last step and text of a path with pending lines stay whatever their age.
   *
   * @returns the number of texts that were removed
   */
  async compact(isPending: (relativePath: string) => boolean, limits: Limits = defaultLimits): Promise<number> {
    replaceFile(this.#compacted, '');
    const needed = new Set<string>();
    for (const { path: relativePath } of journalPaths(this.#paths)) {
      const last = await this.#journal(relativePath).compact(isPending(relativePath), limits);
      if (last) needed.add(last.hash);
    }
    const windows = this.windows.all();
    for (const window of windows) if (window.kind === 'edit' && window.hash !== null) needed.add(window.hash);
    this.windows.forgetOld();
    for (const folder of [this.folder, this.#paths, this.windows.folder, ...this.#texts.folders()]) {
      removeLeftovers(folder, limits);
    }
    if (!windows.some(({ kind }) => kind === 'command')) {
      const folder = path.join(this.folder, snapshotFolder);
      await withLock(`${folder}.lock`, () => removeFolder(folder));
    }
    return removeTexts(this.#texts.folder, needed, limits);
  }

  /** The text that a content hash stands for, where it is still stored. */
  textOf(hash: string): string | undefined {
    return this.#texts.read(hash)?.text;
  }

  /** Whether the path was seen to hold a content before a time (ISO 8601, UTC). */
  held(relativePath: string, hash: string, before: string): boolean {
    const steps = this.#journal(relativePath).steps();
    return steps.some((step) => step.hash === hash && Date.parse(step.at) < Date.parse(before));
  }

  /** Whether anybody has looked at the path since a time (ISO 8601, UTC). */
  seenSince(relativePath: string, time: string): boolean {
    const last = this.#journal(relativePath).last();
    return last !== undefined && Date.parse(last.at) >= Date.parse(time);
  }

  /** What the path was last seen to hold. */
  lastText(relativePath: string): string | undefined {
    return this.#lastText(relativePath)?.text;
  }

  /** The paths that were asked for and whose last text is kept, but cannot be read: nothing is known of them any more. */
  get damaged(): readonly string[] {
    return [...this.#damaged];
  }

  /** Whether the path's last text has a cut, which `settle` may take out. */
  hasCuts(relativePath: string): boolean {
    const runs = this.#lastText(relativePath)?.runs;
    return runs !== undefined && hasCut(runs);
  }

  /**
   * After a commit: a cut in a line that HEAD now has is history, and says nothing about the next change of that line.
   */
  async settle(relativePath: string, head: string): Promise<void> {
    const journal = this.#journal(relativePath);
    const last = journal.last();
    if (!last) return;
    await journal.locked(() => {
      const stored = this.#texts.read(last.hash);
      if (!stored || !hasCut(stored.runs)) return;
      if (stored.text !== head) return;
      const runs = stored.runs.map((author, length) => (length === 0 ? undefined : author));
      this.#texts.write({ text: stored.text, runs });
    });
  }

  /**
   * What the path was seen to hold, the newest first, read as it is asked for; at most as many texts as `maxHistory`. A
   * text that is no longer kept comes without its authors.
   */
  *history(relativePath: string): Generator<PastText> {
    const steps = pastSteps(this.#journal(relativePath).steps());
    for (const step of steps.slice(-maxHistory).reverse()) yield { ...step, stored: this.#texts.read(step.hash) };
    if (steps.length > maxHistory) yield { ...(steps[0] as PastStep), stored: undefined };
  }

  #journal(relativePath: string): PathJournal {
    return new PathJournal(this.#paths, relativePath);
  }

  #lastText(relativePath: string): AttributedText | undefined {
    const journal = this.#journal(relativePath);
    const last = journal.last();
    const stored = last && this.#texts.read(last.hash);
    if (!stored && (last ? this.#texts.has(last.hash) : journal.isThere())) this.#damaged.add(relativePath);
    return stored;
  }
}

function hasCut(runs: RunMap): boolean {
  return [...runs].some((run) => run.length === 0);
}
