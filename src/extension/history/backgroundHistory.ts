import * as vscode from 'vscode';
import { Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { OpenPlace, Places } from '../places.ts';
import { historyEnabled, onDidChangeSettings } from '../settings.ts';
import { type HistoryProgress, readHistory } from './historyProcess.ts';
import { waitOf } from './pace.ts';

interface Known {
  dueSince: number | undefined;
  readAt: number | undefined;
  head: string | null | undefined;
}

/** From so many commits on it is shown that history is being read. */
const worthShowing = 1_000;

/**
 * Keeps the history index of the window's repositories, which the risk is judged by, up to date: when a repository is opened
 * and when HEAD has moved, one at a time, while nothing is typed and not too often. Ends with the window, and where the
 * person switches it off.
 */
export class BackgroundHistory extends Owner {
  readonly #script: string;
  readonly #log: Log;
  readonly #known = new Map<OpenPlace, Known>();
  readonly #updated = this.own(new vscode.EventEmitter<OpenPlace>());
  /** The index of a repository has been brought up to date. */
  readonly onDidUpdate = this.#updated.event;
  #typedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: AbortController | undefined;

  /** @param script what reads history in a process of its own */
  constructor(places: Places, script: string, log: Log) {
    super();
    this.#script = script;
    this.#log = log;
    this.own(
      vscode.workspace.onDidChangeTextDocument(({ contentChanges }) => {
        if (contentChanges.length > 0) this.#typedAt = Date.now();
      }),
    );
    this.own(places.onDidOpen((place) => this.#look(place)));
    this.own(places.onDidChange((place) => this.#look(place)));
    this.own(
      onDidChangeSettings(() => {
        if (!historyEnabled()) this.#running?.abort();
        this.#schedule();
      }),
    );
    for (const place of places.all) this.#look(place);
  }

  override dispose(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    super.dispose();
  }

  /** Something happened in a repository: its history is due where HEAD has moved. */
  #look(place: OpenPlace): void {
    place.head.then(
      (head) => {
        const known = this.#known.get(place) ?? { dueSince: undefined, readAt: undefined, head: undefined };
        this.#known.set(place, known);
        if (known.head === head) return;
        known.head = head;
        if (head !== null) known.dueSince ??= Date.now();
        this.#schedule();
      },
      (error: unknown) => this.#log.error(error),
    );
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.isDisposed || this.#running || !historyEnabled()) return;
    const next = this.#next();
    if (!next) return;
    this.#timer = setTimeout(() => {
      // Somebody may have typed meanwhile.
      if ((this.#next()?.wait ?? 1) > 0) this.#schedule();
      else this.#read(next.place).catch((error: unknown) => this.#log.error(error));
    }, next.wait);
  }

  /** The repository whose turn is next, and the ms until then. */
  #next(): { readonly place: OpenPlace; readonly wait: number } | undefined {
    const now = Date.now();
    const waits = [...this.#known].flatMap(([place, { dueSince, readAt }]) => {
      const wait = waitOf({ dueSince, readAt, typedAt: this.#typedAt }, now);
      return wait === undefined ? [] : [{ place, wait }];
    });
    return waits.sort((a, b) => a.wait - b.wait)[0];
  }

  async #read(place: OpenPlace): Promise<void> {
    const known = this.#known.get(place);
    if (!known) return;
    const running = new AbortController();
    this.#running = running;
    known.dueSince = undefined;
    const progress = new ShownProgress();
    try {
      await readHistory(this.#script, place.repository.top, {
        signal: running.signal,
        onProgress: (made) => progress.show(made),
      });
      if (!running.signal.aborted) this.#updated.fire(place);
    } finally {
      // One that failed is not tried again at once, either.
      known.readAt = Date.now();
      if (running.signal.aborted) known.dueSince ??= known.readAt;
      this.#running = undefined;
      progress.end();
      this.#schedule();
    }
  }
}

/** What the status bar shows of a long reading. */
class ShownProgress {
  readonly #ended: Promise<void>;
  #end: () => void = () => undefined;
  #progress: vscode.Progress<{ message?: string }> | undefined;

  constructor() {
    this.#ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  show({ read, total }: HistoryProgress): void {
    if (total < worthShowing) return;
    const message = `${Math.floor((100 * read) / total)} %`;
    if (this.#progress) {
      this.#progress.report({ message });
      return;
    }
    const options = { location: vscode.ProgressLocation.Window, title: 'Countersign: reading the history' };
    void vscode.window.withProgress(options, (progress) => {
      this.#progress = progress;
      progress.report({ message });
      return this.#ended;
    });
  }

  end(): void {
    this.#end();
  }
}
