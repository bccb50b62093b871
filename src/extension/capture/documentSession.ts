import type { Place } from '../../change/place.ts';
import { workTreeText } from '../../change/texts.ts';
import { unknown } from '../../core/author.ts';
import { carry } from '../../core/carry.ts';
import type { RunMap } from '../../core/runs.ts';
import { AttributedDocument } from './attributedDocument.ts';
import type { ChangeCause, TextChange } from './changeCause.ts';
import type { EditorWindow } from './editorWindow.ts';

/** The file of a document, in its repository. */
export interface DocumentFile {
  readonly place: Place;
  /** Relative to the top of the repository. */
  readonly path: string;
}

/** Whether the file holds the text: not, as far as the editor knows; about to; or, as far as the editor knows, yes. */
export type SaveState = 'unsaved' | 'saving' | 'saved';

/**
 * A document that is open in an editor, from its opening to its closing: follows its changes, and keeps the result in the
 * pending state. Knows nothing of VS Code.
 */
export class DocumentSession {
  readonly attributed: AttributedDocument;
  readonly #file: DocumentFile;
  readonly #window: EditorWindow;
  /** The unsaved text that was kept last, if it is stored for this document alone. */
  #kept: string | undefined;
  /** How the text was kept since it changed last: what is kept again may no longer be what the path holds. */
  #keptAs: 'unsaved' | 'saved' | undefined;
  /** One after the other: an older text must not be kept over a newer one. */
  #persisting: Promise<void> = Promise.resolve();

  private constructor(file: DocumentFile, attributed: AttributedDocument, window: EditorWindow) {
    this.#file = file;
    this.attributed = attributed;
    this.#window = window;
  }

  /** Opens a document with this text, its authors as far as they are known. */
  static async open(file: DocumentFile, text: string, window: EditorWindow): Promise<DocumentSession> {
    const runs = await file.place.ledger.attribute(file.path, text);
    return new DocumentSession(file, new AttributedDocument(text, runs, window.removed), window);
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
  persist(text: string, state: SaveState): Promise<void> {
    const kind = state === 'unsaved' ? 'unsaved' : 'saved';
    if (this.attributed.text !== text) this.attributed.resync(text);
    else if (this.#keptAs === kind) return this.#persisting;
    this.#keptAs = kind;
    const runs = this.attributed.runs.clone();
    const kept = this.#persisting.then(() => this.#keep(text, runs, state));
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
    const { place, path } = this.#file;
    const { ledger } = place;
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

  async #keep(text: string, runs: RunMap, state: SaveState): Promise<void> {
    const { place, path } = this.#file;
    const { ledger } = place;
    const kept = this.#kept;
    this.#kept = undefined;
    const isHeld = state === 'saving' || (state === 'saved' && (await this.#isOnDisk(text)));
    if (!isHeld) this.#kept = await ledger.keep(text, runs);
    else await ledger.observe(path, text, { how: 'edited', runs });
    // Each pause in the typing would leave a copy of the text behind.
    if (kept !== undefined && kept !== this.#kept) await ledger.drop(path, kept);
  }

  /** The file may have changed since it was read, and the editor will notice later. An editor leaves the byte order mark out. */
  async #isOnDisk(text: string): Promise<boolean> {
    const content = await workTreeText(this.#file.place.repository, this.#file.path);
    return content.kind === 'text' && content.text.replace(/^\uFEFF/, '') === text.replace(/^\uFEFF/, '');
  }
}

/** What was cut out of another text may be there in this one. */
function withoutCuts(runs: RunMap): RunMap {
  return runs.map((author, length) => (length === 0 ? undefined : author));
}
