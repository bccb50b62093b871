import * as vscode from 'vscode';
import { maxTextLength } from '../../ledger/ledger.ts';
import { Debounced, Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { PlacedFile, Places } from '../places.ts';
import type { AttributedDocument } from './attributedDocument.ts';
import { type ChangeCause, causeOf, type TextChange } from './changeCause.ts';
import { DocumentSession } from './documentSession.ts';
import { EditorWindow } from './editorWindow.ts';

/** An open document that is attributed. */
export interface TrackedDocument extends PlacedFile {
  readonly document: vscode.TextDocument;
  readonly attributed: AttributedDocument;
}

type State =
  | { readonly state: 'loading'; readonly waiting: [readonly TextChange[], ChangeCause][] }
  | ({ readonly state: 'ready'; readonly session: DocumentSession; readonly persist: Debounced } & TrackedDocument)
  /** In no repository, no file, or too large. */
  | { readonly state: 'ignored' };

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
  readonly #window = new EditorWindow(vscode.env.sessionId);

  constructor(places: Places, log: Log) {
    super();
    this.#places = places;
    this.#log = log;
    this.own(vscode.workspace.onDidOpenTextDocument((document) => this.#open(document)));
    this.own(vscode.workspace.onDidCloseTextDocument((document) => this.#close(document)));
    this.own(vscode.workspace.onDidChangeTextDocument((event) => this.#change(event)));
    this.own(
      vscode.workspace.onWillSaveTextDocument((event) => {
        const kept = this.#beforeSave(event.document);
        if (kept) event.waitUntil(kept);
      }),
    );
    this.own(vscode.workspace.onDidSaveTextDocument((document) => this.#schedule(document)));
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
    const session = await DocumentSession.open(placed, text, this.#window);
    for (const [changes, cause] of waiting) session.change(changes, cause);
    const persist = new Debounced(
      400,
      () => session.persist(document.getText(), document.isDirty ? 'unsaved' : 'saved'),
      (error) => this.#log.error(error),
    );
    return { state: 'ready', ...placed, document, attributed: session.attributed, session, persist };
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
    state.session.change(changes, cause);
    state.persist.schedule();
    this.#changed.fire(document);
    if (cause.cause === 'reloaded') this.#adoptInto(state);
  }

  #noteSelection(editor: vscode.TextEditor | undefined): void {
    if (!editor) {
      this.#selection = undefined;
      return;
    }
    const { document, selection } = editor;
    this.#selection = { editor, start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
  }

  #schedule(document: vscode.TextDocument): void {
    const state = this.#states.get(document);
    if (state?.state === 'ready') state.persist.schedule();
  }

  /**
   * The authors are kept before the text is on disk: an assistant whose report comes right behind the saving would be
   * given what the person has typed. A save is never stopped by a failure of ours.
   */
  #beforeSave(document: vscode.TextDocument): Promise<void> | undefined {
    const state = this.#states.get(document);
    if (state?.state !== 'ready') return undefined;
    return state.session.persist(document.getText(), 'saving').catch((error: unknown) => this.#log.error(error));
  }

  #adopt(): void {
    for (const state of this.#states.values()) if (state.state === 'ready') this.#adoptInto(state);
  }

  /** Takes in what was reported of this text since. */
  #adoptInto({
    document,
    session,
  }: {
    readonly document: vscode.TextDocument;
    readonly session: DocumentSession;
  }): void {
    session.adopt().then(
      (adopted) => {
        if (adopted) this.#changed.fire(document);
      },
      (error: unknown) => this.#log.error(error),
    );
  }
}
