import * as vscode from 'vscode';
import { type Author, type HumanAuthor, unknown } from '../../core/author.ts';
import { maxTextLength } from '../../ledger/ledger.ts';
import { Debounced, Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { PlacedFile, Places } from '../places.ts';
import { AttributedDocument, type Follow } from './attributedDocument.ts';
import { type ChangeCause, causeOf, type TextChange } from './changeCause.ts';

/** An open document that is attributed. */
export interface TrackedDocument extends PlacedFile {
  readonly document: vscode.TextDocument;
  readonly attributed: AttributedDocument;
}

type State =
  | { readonly state: 'loading'; readonly waiting: [readonly TextChange[], ChangeCause][] }
  | ({
      readonly state: 'ready';
      readonly persist: Debounced;
      /** The unsaved text that was kept last, if it is stored for this document alone. */
      kept?: string;
    } & TrackedDocument)
  /** In no repository, no file, or too large. */
  | { readonly state: 'ignored' };

/** How long an author's typing is one burst with one time stamp, in ms. */
const burst = 5 * 60_000;

/**
 * Records who writes in the editor: follows each change event of the open documents of repositories and keeps the result
 * in the pending state, so that it is there after a reload and at the commit.
 */
export class Capture extends Owner {
  readonly #places: Places;
  readonly #log: Log;
  readonly #states = new Map<vscode.TextDocument, State>();
  readonly #changed = this.own(new vscode.EventEmitter<vscode.TextDocument>());
  /** The authors of a document's text have changed, with its text or without. */
  readonly onDidChange = this.#changed.event;
  /** The selections as they were before the event that is being handled. */
  #selection: { readonly editor: vscode.TextEditor; readonly start: number; readonly end: number } | undefined;
  #lastAuthor: HumanAuthor | undefined;

  constructor(places: Places, log: Log) {
    super();
    this.#places = places;
    this.#log = log;
    this.own(vscode.workspace.onDidOpenTextDocument((document) => this.#open(document)));
    this.own(vscode.workspace.onDidCloseTextDocument((document) => this.#close(document)));
    this.own(vscode.workspace.onDidChangeTextDocument((event) => this.#change(event)));
    this.own(vscode.workspace.onDidSaveTextDocument((document) => this.#save(document)));
    this.own(vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.#noteSelection(textEditor)));
    this.own(vscode.window.onDidChangeActiveTextEditor((editor) => this.#noteSelection(editor)));
    this.own(places.onDidChange(() => this.#adopt()));
    this.#noteSelection(vscode.window.activeTextEditor);
    for (const document of vscode.workspace.textDocuments) this.#open(document);
  }

  /** The document with its authors; `undefined` while they are being read, or where it is not attributed. */
  get(document: vscode.TextDocument): TrackedDocument | undefined {
    const state = this.#states.get(document);
    return state?.state === 'ready' ? state : undefined;
  }

  /** Waits until everything seen so far is kept. */
  async flush(): Promise<void> {
    for (const state of this.#states.values()) if (state.state === 'ready') await state.persist.flush();
  }

  override dispose(): void {
    for (const document of [...this.#states.keys()]) this.#close(document);
    super.dispose();
  }

  #open(document: vscode.TextDocument): void {
    if (document.uri.scheme !== 'file' || this.#states.has(document)) return;
    const loading: State = { state: 'loading', waiting: [] };
    this.#states.set(document, loading);
    this.#load(document, document.getText(), loading.waiting).then(
      (state) => {
        if (this.#states.get(document) !== loading) return; // closed meanwhile
        this.#states.set(document, state);
        this.#changed.fire(document);
      },
      (error: unknown) => {
        this.#states.set(document, { state: 'ignored' });
        this.#log.error(error);
      },
    );
  }

  async #load(
    document: vscode.TextDocument,
    text: string,
    waiting: [readonly TextChange[], ChangeCause][],
  ): Promise<State> {
    const placed = text.length > maxTextLength ? undefined : await this.#places.ofDocument(document);
    if (!placed) return { state: 'ignored' };
    const attributed = new AttributedDocument(text, await placed.place.ledger.attribute(placed.path, text));
    for (const [changes, cause] of waiting) attributed.apply(changes, this.#follow(cause));
    const persist = new Debounced(
      400,
      () => this.#persist(document),
      (error) => this.#log.error(error),
    );
    return { state: 'ready', ...placed, document, attributed, persist };
  }

  #close(document: vscode.TextDocument): void {
    const state = this.#states.get(document);
    this.#states.delete(document);
    if (state?.state === 'ready') state.persist.dispose();
  }

  #change(event: vscode.TextDocumentChangeEvent): void {
    const { document, contentChanges, reason } = event;
    if (contentChanges.length === 0) return;
    const state = this.#states.get(document);
    if (!state || state.state === 'ignored') return;
    const changes = contentChanges.map((change) => ({
      offset: change.rangeOffset,
      deleted: change.rangeLength,
      text: change.text,
    }));
    const selection = this.#selection?.editor.document === document ? this.#selection : undefined;
    const cause = causeOf({
      undoOrRedo: reason !== undefined,
      detailed: event.detailedReason,
      changes,
      isDirty: document.isDirty,
      selection,
    });
    this.#noteSelection(vscode.window.activeTextEditor);
    if (state.state === 'loading') {
      state.waiting.push([changes, cause]);
      return;
    }
    state.attributed.apply(changes, this.#follow(cause));
    state.persist.schedule();
    this.#changed.fire(document);
    if (cause.cause === 'reloaded') this.#adoptInto(state).catch((error: unknown) => this.#log.error(error));
  }

  #follow(cause: ChangeCause): Follow {
    const at = new Date().toISOString();
    switch (cause.cause) {
      case 'typed':
        return { how: 'exact', author: this.#person(cause.evidence) };
      case 'ai': {
        const { tool, model, kind } = cause;
        const session = cause.session ?? vscode.env.sessionId;
        const author: Author = {
          origin: 'ai',
          tool,
          ...(model !== undefined && { model }),
          session,
          kind,
          evidence: 'observed',
          at,
          review: 'unseen',
        };
        return { how: 'carry', author };
      }
      case 'tool':
        return { how: 'carry', author: { origin: 'tool', name: cause.name, evidence: 'observed', at } };
      case 'restored':
        return { how: 'restore', author: unknown.editor };
      case 'pasted':
        return { how: 'restore', author: unknown.paste };
      case 'reloaded':
        return { how: 'carry', author: unknown.disk };
      case 'unknown':
        return { how: 'carry', author: unknown.editor };
    }
  }

  /** One author for a burst of typing, so that its characters are one run. */
  #person(evidence: 'observed' | 'inferred'): HumanAuthor {
    const last = this.#lastAuthor;
    if (last?.evidence === evidence && Date.now() - Date.parse(last.at) < burst) return last;
    const at = new Date().toISOString();
    this.#lastAuthor = { origin: 'human', evidence, ...(evidence === 'inferred' && { rule: 'keystroke' }), at };
    return this.#lastAuthor;
  }

  #noteSelection(editor: vscode.TextEditor | undefined): void {
    if (!editor) {
      this.#selection = undefined;
      return;
    }
    const { document, selection } = editor;
    this.#selection = { editor, start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
  }

  #save(document: vscode.TextDocument): void {
    const state = this.#states.get(document);
    if (state?.state === 'ready') state.persist.schedule();
  }

  /** A saved text is what the path holds; an unsaved one is kept by its content, to be found again after a reload. */
  async #persist(document: vscode.TextDocument): Promise<void> {
    const state = this.#states.get(document);
    if (state?.state !== 'ready') return;
    const { attributed, place, path, kept } = state;
    const text = document.getText();
    if (attributed.text !== text) attributed.resync(text);
    const runs = attributed.runs.clone();
    delete state.kept;
    if (document.isDirty) {
      const hash = await place.ledger.keep(text, runs);
      if (hash !== undefined) state.kept = hash;
    } else {
      await place.ledger.observe(path, text, { how: 'edited', runs });
    }
    // Each pause in the typing would leave a copy of the text behind.
    if (kept !== undefined && kept !== state.kept) await place.ledger.drop(path, kept);
  }

  #adopt(): void {
    for (const state of this.#states.values()) {
      if (state.state === 'ready') this.#adoptInto(state).catch((error: unknown) => this.#log.error(error));
    }
  }

  /** Takes in what was reported of this text since: an assistant's hook comes after the change on disk. */
  async #adoptInto({ document, attributed, place, path }: TrackedDocument): Promise<void> {
    const { text } = attributed;
    const known = await place.ledger.attribute(path, text);
    if (attributed.text !== text) return; // typed on meanwhile: the next report, or saving, comes back to it
    attributed.adopt(known);
    this.#changed.fire(document);
  }
}
