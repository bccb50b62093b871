import * as vscode from 'vscode';
import { type FileChange, totalsOf } from '../../core/change.ts';
import type { Risk } from '../../core/risk/risk.ts';
import { comparisonWords, scoreWords } from '../../core/risk/words.ts';
import { Debounced, Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { PendingThread } from '../pending/pendingThread.ts';
import type { OpenPlace, Places } from '../places.ts';
import { onDidChangeSettings, statusBarEnabled } from '../settings.ts';

/** The pending change of one repository, as it was last read. */
export interface Pending {
  readonly place: OpenPlace;
  readonly files: readonly FileChange[];
  readonly risk: Risk;
}

/** How long nothing must have happened before the change is read, in ms. */
const settled = 400;
/** A change that takes long to read is read the more seldom: at most this share of the time. */
const share = 0.2;

/** The status bar item that sums the pending change up. It is hidden where nothing is pending. */
export class PendingSummary extends Owner {
  readonly #places: Places;
  readonly #thread: PendingThread;
  readonly #item = this.own(
    vscode.window.createStatusBarItem('countersign.pending', vscode.StatusBarAlignment.Left, 10),
  );
  readonly #refresh: Debounced;
  readonly #updated = this.own(new vscode.EventEmitter<void>());
  readonly onDidUpdate = this.#updated.event;
  #pending: readonly Pending[] = [];
  /** When it may be read next unasked, in ms since 1970. */
  #notBefore = 0;
  #isAskedFor = false;

  constructor(places: Places, thread: PendingThread, log: Log) {
    super();
    this.#places = places;
    this.#thread = thread;
    this.#item.name = 'Countersign: Pending Change';
    this.#item.command = 'countersign.showPendingChange';
    this.#refresh = this.own(
      new Debounced(
        () => Math.max(settled, this.#notBefore - Date.now()),
        () => this.#update(),
        (error) => log.error(error),
      ),
    );
    this.own(places.onDidOpen(() => this.#refresh.schedule()));
    this.own(places.onDidChange(() => this.#refresh.schedule()));
    this.own(vscode.workspace.onDidSaveTextDocument(() => this.#refresh.schedule()));
    this.own(vscode.workspace.onDidCreateFiles(() => this.#refresh.schedule()));
    this.own(vscode.workspace.onDidDeleteFiles(() => this.#refresh.schedule()));
    this.own(onDidChangeSettings(() => this.#show()));
    this.#refresh.schedule();
  }

  /** What is pending in the window's repositories. */
  get pending(): readonly Pending[] {
    return this.#pending;
  }

  /** Reads and judges it anew at once. */
  async update(): Promise<void> {
    this.#isAskedFor = true;
    this.#refresh.schedule();
    await this.#refresh.flush();
  }

  async #update(): Promise<void> {
    const start = Date.now();
    const isFresh = this.#isAskedFor;
    this.#isAskedFor = false;
    const pending: Pending[] = [];
    for (const place of this.#places.all) {
      pending.push({ place, ...(await this.#thread.read(place.repository.top, isFresh)) });
    }
    this.#pending = pending;
    this.#notBefore = Date.now() + (Date.now() - start) * (1 / share - 1);
    this.#show();
    this.#updated.fire();
  }

  #show(): void {
    const pending = this.#pending.filter(({ files }) => files.length > 0);
    if (pending.length === 0 || !statusBarEnabled()) {
      this.#item.hide();
      return;
    }
    const totals = totalsOf(pending.flatMap(({ files }) => files));
    const risk = pending.map((entry) => entry.risk).reduce((worst, next) => (next.score > worst.score ? next : worst));
    const text = `AI ${totals.countsAsAi}/${totals.added} · risk ${risk.score}`;
    this.#item.text = `$(verified) ${text}`;
    this.#item.tooltip = tooltip(pending);
    this.#item.accessibilityInformation = {
      label: `Countersign: ${totals.countsAsAi} of ${totals.added} added lines from AI, risk ${risk.level}, ${risk.score} of 100`,
      role: 'button',
    };
    this.#item.show();
  }
}

/** Text from a repository is put in as text: what it says is no Markdown, and the whole is not trusted. */
function tooltip(pending: readonly Pending[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  for (const { place, files, risk } of pending) {
    const totals = totalsOf(files);
    if (pending.length > 1) text.appendText(`${place.repository.top}\n\n`);
    text.appendMarkdown(`**Pending change**: ${totals.added} lines added  \n`);
    text.appendMarkdown(
      `${totals.ai} AI, ${totals.mixed} mixed, ${totals.human} human, ${totals.tool} tool, ${totals.unknown} unknown  \n`,
    );
    text.appendMarkdown(`${totals.reviewed} of ${totals.countsAsAi} AI lines reviewed\n\n`);
    appendRisk(text, risk);
  }
  return text;
}

/** Rows of each list that a tooltip has room for; the list of the risk has all of them. */
const maxRows = 5;

function appendRisk(text: vscode.MarkdownString, risk: Risk): void {
  const comparison = comparisonWords(risk);
  text.appendMarkdown(`**Risk ${scoreWords(risk)}**`);
  if (comparison !== undefined) text.appendText(`, by the model ${comparison}`);
  text.appendMarkdown('\n\n');
  appendRows(
    text,
    risk.factors.map(({ id, effect, detail }) => `${id} (${effect}): ${detail}`),
  );
  if (risk.toLower.length === 0) return;
  text.appendMarkdown('\n**What would bring it down**\n\n');
  appendRows(
    text,
    risk.toLower.map(
      ({ rules, action, level, score }) => `${rules.join(', ')}: ${action}; then ${scoreWords({ level, score })}`,
    ),
  );
}

function appendRows(text: vscode.MarkdownString, rows: readonly string[]): void {
  for (const row of rows.slice(0, maxRows)) {
    text.appendMarkdown('-');
    // Word by word: text has blanks that no line can break at.
    for (const word of row.split(' ')) text.appendMarkdown(' ').appendText(word);
    text.appendMarkdown('\n');
  }
  if (rows.length > maxRows) text.appendMarkdown(`- ${rows.length - maxRows} more\n`);
}
