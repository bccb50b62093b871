import { unknown } from '../../core/author.ts';
import { carry } from '../../core/carry.ts';
import type { RunMap } from '../../core/runs.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { AttributedDocument } from './attributedDocument.ts';
import type { ChangeCause, TextChange } from './changeCause.ts';
import type { EditorWindow } from './editorWindow.ts';

/** Where the authors of a document are kept. */
export interface LedgerPath {
  readonly ledger: Ledger;
  /** Relative to the top of the repository. */
  readonly path: string;
}

/**
 * A document that is open in an editor, from its opening to its closing: follows its changes, and keeps the result in the
 * pending state. Knows nothing of VS Code.
 */
export class DocumentSession {
  readonly attributed: AttributedDocument;
  readonly #place: LedgerPath;
  readonly #window: EditorWindow;
  /** The unsaved text that was kept last, if it is stored for this document alone. */
  #kept: string | undefined;
  /** How the text was kept since it changed last: what is kept again may no longer be what the path holds. */
  #keptAs: 'unsaved' | 'saved' | undefined;
  /** One after the other: an older text must not be kept over a newer one. */
  #persisting: Promise<void> = Promise.resolve();

  private constructor(place: LedgerPath, attributed: AttributedDocument, window: EditorWindow) {
    this.#place = place;
    this.attributed = attributed;
    this.#window = window;
  }

  /** Opens a document with this text, its authors as far as they are known. */
  static async open(place: LedgerPath, text: string, window: EditorWindow): Promise<DocumentSession> {
    const runs = await place.ledger.attribute(place.path, text);
    return new DocumentSession(place, new AttributedDocument(text, runs, window.removed), window);
  }

  /** Follows the changes of one event; their offsets are those of the text before it. */
  change(changes: readonly TextChange[], cause: ChangeCause): void {
    this.attributed.apply(changes, this.#window.follow(cause));
    this.#keptAs = undefined;
  }

  /**
   * Keeps the authors. A text that is saved, or about to be, is what the path holds; an unsaved one is kept by its content,
   * to be found again after a reload.
   *
   * @param text the document's text, which is right where a change was missed
   */
  persist(text: string, isDirty: boolean): Promise<void> {
    if (this.attributed.text !== text) this.attributed.resync(text);
    else if (this.#keptAs === (isDirty ? 'unsaved' : 'saved')) return this.#persisting;
    this.#keptAs = isDirty ? 'unsaved' : 'saved';
    const runs = this.attributed.runs.clone();
    const kept = this.#persisting.then(() => this.#keep(text, runs, isDirty));
    // Who asked for it hears of a failure; the next one is not stopped by it, and tries again.
    this.#persisting = kept.catch(() => {
      this.#keptAs = undefined;
    });
    return kept;
  }

  /**
   * Takes in what was reported since of the text that the path holds: an assistant's hook comes after the change on disk.
   *
   * @returns false where the text changed meanwhile: the next report, or saving, comes back to it
   */
  async adopt(): Promise<boolean> {
    const { ledger, path } = this.#place;
    const { text } = this.attributed;
    const known = await ledger.attribute(path, text);
    const held = (await ledger.lastText(path)) ?? text;
    const ofHeld = held === text ? undefined : await ledger.attribute(path, held);
    if (this.attributed.text !== text) return false;
    this.attributed.adopt(known);
    // An unsaved text may be stored, too, but with what this document knew of it.
    if (ofHeld) this.attributed.adopt(withoutCuts(carry(held, ofHeld, text, unknown.editor).runs));
    return true;
  }

  async #keep(text: string, runs: RunMap, isDirty: boolean): Promise<void> {
    const { ledger, path } = this.#place;
    const kept = this.#kept;
    this.#kept = undefined;
    if (isDirty) this.#kept = await ledger.keep(text, runs);
    else await ledger.observe(path, text, { how: 'edited', runs });
    // Each pause in the typing would leave a copy of the text behind.
    if (kept !== undefined && kept !== this.#kept) await ledger.drop(path, kept);
  }
}

/** What was cut out of another text may be there in this one. */
function withoutCuts(runs: RunMap): RunMap {
  return runs.map((author, length) => (length === 0 ? undefined : author));
}
