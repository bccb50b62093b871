import { type FSWatcher, watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { afterUnhookedCommit } from '../change/afterCommit.ts';
import { openPlace, type Place } from '../change/place.ts';
import { textsAt } from '../change/texts.ts';
import { GitError } from '../git/git.ts';
import { gitHooksInstalled } from '../git/hooks/inspect.ts';
import { pathInRepository } from '../git/repository.ts';
import { headCommit } from '../git/workTree.ts';
import { Debounced, Owner } from './lifecycle.ts';
import type { Log } from './log.ts';
import { isNoted } from './pending/noted.ts';

/** A file of a repository that is open in the editor. */
export interface PlacedFile {
  readonly place: OpenPlace;
  /** Relative to the top of the repository. */
  readonly path: string;
}

/** The repositories of the window's files, each opened once. */
export class Places extends Owner {
  readonly #log: Log;
  readonly #places = new Map<string, OpenPlace>();
  readonly #folders = new Map<string, Promise<OpenPlace | undefined>>();
  readonly #changed = this.own(new vscode.EventEmitter<OpenPlace>());
  readonly #opened = this.own(new vscode.EventEmitter<OpenPlace>());
  /** What is known of a repository's files has changed: HEAD moved, or somebody reported. */
  readonly onDidChange = this.#changed.event;
  readonly onDidOpen = this.#opened.event;

  constructor(log: Log) {
    super();
    this.#log = log;
  }

  get all(): readonly OpenPlace[] {
    return [...this.#places.values()];
  }

  /** The repository that a document's file lies in; `undefined` for what is no file, or lies in none. */
  async ofDocument(document: vscode.TextDocument): Promise<PlacedFile | undefined> {
    if (document.uri.scheme !== 'file') return undefined;
    const place = await this.ofFolder(path.dirname(document.uri.fsPath));
    if (!place) return undefined;
    const relative = pathInRepository(place.repository, document.uri.fsPath);
    return relative === undefined ? undefined : { place, path: relative };
  }

  ofFolder(folder: string): Promise<OpenPlace | undefined> {
    const known = this.#folders.get(folder) ?? this.#open(folder);
    this.#folders.set(folder, known);
    return known;
  }

  /** The repository that a folder lies in, if it is one of the window's, or lies in one. */
  async containing(folder: string): Promise<OpenPlace | undefined> {
    const file = path.join(folder, 'file');
    const isWithin = this.all.some(({ repository }) => pathInRepository(repository, file) !== undefined);
    return isWithin ? await this.ofFolder(folder) : undefined;
  }

  override dispose(): void {
    for (const place of this.#places.values()) place.dispose();
    this.#places.clear();
    super.dispose();
  }

  async #open(folder: string): Promise<OpenPlace | undefined> {
    try {
      const place = await openPlace(folder);
      const known = this.#places.get(place.repository.gitDir);
      if (known) return known;
      const opened = new OpenPlace(place, this.#log, () => this.#changed.fire(opened));
      this.#places.set(place.repository.gitDir, opened);
      await opened.watch();
      this.#opened.fire(opened);
      return opened;
    } catch (error) {
      // A folder may become a repository later: do not remember that it is none.
      this.#folders.delete(folder);
      if (!(error instanceof GitError && (error.reason === 'no-repository' || error.reason === 'bare')))
        this.#log.error(error);
      return undefined;
    }
  }
}

/** A repository with its pending state, kept up to date while the window is open. */
export class OpenPlace extends Owner implements Place {
  readonly repository: Place['repository'];
  readonly ledger: Place['ledger'];
  readonly #log: Log;
  readonly #refresh: Debounced;
  #head: Promise<string | null>;
  #headTexts = new Map<string, Promise<string>>();

  constructor(place: Place, log: Log, onChange: () => void) {
    super();
    this.repository = place.repository;
    this.ledger = place.ledger;
    this.#log = log;
    this.#head = headCommit(place.repository);
    const refresh = async (): Promise<void> => {
      await this.#refreshHead();
      onChange();
    };
    this.#refresh = this.own(new Debounced(150, refresh, (error) => log.error(error)));
  }

  /** The commit of HEAD; `null` on an unborn branch. */
  get head(): Promise<string | null> {
    return this.#head;
  }

  /** The file's text in HEAD, `''` where HEAD has none. */
  headText(relativePath: string): Promise<string> {
    const known = this.#headTexts.get(relativePath) ?? this.#readHeadText(relativePath);
    this.#headTexts.set(relativePath, known);
    return known;
  }

  /** Watches what tells that something happened: the index and HEAD, and of the pending state the journals, the logs and the history. */
  async watch(): Promise<void> {
    const journals = path.join(this.ledger.folder, 'paths');
    const scans = path.join(this.ledger.folder, 'scans');
    for (const folder of [journals, scans]) await mkdir(folder, { recursive: true, mode: 0o700 });
    // Lock files come and go with each command, ours and git's: the file behind them tells.
    const isFile = (name: string): boolean => !name.endsWith('.lock') && !name.endsWith('.tmp');
    this.#watch(this.repository.gitDir, isFile);
    this.#watch(journals, isFile);
    this.#watch(this.ledger.folder, isNoted);
    this.#watch(scans, isNoted);
  }

  /** @param tells whether a file of this name says something by being changed */
  #watch(folder: string, tells: (name: string) => boolean): void {
    const watcher: FSWatcher = watch(folder, (_, name) => {
      if (name === null || tells(name)) this.#refresh.schedule();
    });
    watcher.on('error', (error) => this.#log.error(error));
    this.own({ dispose: () => watcher.close() });
  }

  async #refreshHead(): Promise<void> {
    const [head, before] = await Promise.all([headCommit(this.repository), this.#head]);
    if (head === before) return;
    this.#head = Promise.resolve(head);
    this.#headTexts = new Map();
    // Only where the person has agreed to records: the hooks are the sign of it.
    if (before !== null && head !== null && (await gitHooksInstalled(this.repository))) {
      await afterUnhookedCommit(this, before);
    }
  }

  async #readHeadText(relativePath: string): Promise<string> {
    const texts = await textsAt(this.repository, await this.#head, [relativePath]);
    return texts.get(relativePath) ?? '';
  }
}
