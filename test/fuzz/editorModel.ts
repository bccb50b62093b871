import type { ChangeCause, TextChange } from '../../src/extension/capture/changeCause.ts';
import { DocumentSession } from '../../src/extension/capture/documentSession.ts';
import type { EditorWindow } from '../../src/extension/capture/editorWindow.ts';
import type { Tree } from './tree.ts';

/** What one undo takes back: one event, or a burst of keys as the editor joins them. */
interface UndoStep {
  /** The changes that take it back. */
  readonly changes: readonly TextChange[];
  /** Whether a key right beside it belongs to it. */
  readonly burst: number;
}

/** A text document as VS Code has it, with the code that follows it there. */
export class OpenDocument {
  readonly tree: Tree;
  readonly path: string;
  session: DocumentSession;
  #text: string;
  /** What the file held when document and file were last the same. */
  #saved: string;
  #undo: UndoStep[] = [];
  #redo: UndoStep[] = [];
  #burst = 0;
  #isScheduled = false;
  #removed: string[] = [];

  private constructor(tree: Tree, path: string, text: string, session: DocumentSession) {
    this.tree = tree;
    this.path = path;
    this.session = session;
    this.#text = text;
    this.#saved = text;
  }

  static async open(tree: Tree, path: string, window: EditorWindow): Promise<OpenDocument> {
    const text = tree.read(path);
    if (text === undefined) throw new Error(`${path} is not there to be opened`);
    const session = await DocumentSession.open({ place: tree.place, path }, text, window);
    return new OpenDocument(tree, path, text, session);
  }

  get text(): string {
    return this.#text;
  }

  get lineEnd(): string {
    return this.#text.includes('\r\n') ? '\r\n' : '\n';
  }

  get isDirty(): boolean {
    return this.#text !== this.#saved;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** What comes next is another burst of keys. */
  newBurst(): void {
    this.#burst++;
  }

  /** One change event; offsets are those of the text before it. */
  change(changes: readonly TextChange[], cause: ChangeCause): void {
    const step = { changes: this.#apply(changes), burst: this.#burst };
    const last = this.#undo.at(-1);
    const joined = last?.burst === this.#burst ? join(last, step) : undefined;
    if (joined) this.#undo[this.#undo.length - 1] = joined;
    else this.#undo.push(step);
    this.#redo = [];
    this.session.change(changes, cause);
    this.#isScheduled = true;
  }

  undo(): void {
    this.#back(this.#undo, this.#redo);
  }

  redo(): void {
    this.#back(this.#redo, this.#undo);
  }

  /** The file has changed on disk, and the editor reads it again: one change from the first line that differs to the last. */
  reload(): void {
    const text = this.tree.read(this.path);
    if (text === undefined || text === this.#text) return;
    const [old, fresh] = [splitLines(this.#text), splitLines(text)];
    let prefix = 0;
    while (prefix < Math.min(old.length, fresh.length) && old[prefix] === fresh[prefix]) prefix++;
    let suffix = 0;
    while (
      suffix < Math.min(old.length, fresh.length) - prefix &&
      old[old.length - suffix - 1] === fresh[fresh.length - suffix - 1]
    ) {
      suffix++;
    }
    const change = {
      offset: old.slice(0, prefix).join('').length,
      deleted: old.slice(prefix, old.length - suffix).join('').length,
      text: fresh.slice(prefix, fresh.length - suffix).join(''),
    };
    this.newBurst();
    this.change([change], { cause: 'reloaded' });
    this.#saved = text;
  }

  /** What was taken out of the document since this was asked last. */
  takeRemoved(): string[] {
    const removed = this.#removed;
    this.#removed = [];
    return removed;
  }

  /** The pause in the typing after which the authors are kept; false where there was nothing to keep. */
  async pause(): Promise<boolean> {
    if (!this.#isScheduled) return false;
    this.#isScheduled = false;
    await this.session.persist(this.#text, this.isDirty ? 'unsaved' : 'saved');
    return true;
  }

  async save(): Promise<void> {
    this.newBurst();
    await this.session.persist(this.#text, 'saving');
    this.tree.write(this.path, this.#text);
    this.#saved = this.#text;
    this.#isScheduled = true;
  }

  /** A reload of the window brings an unsaved text back; the editor's memory is gone. */
  async reopen(window: EditorWindow): Promise<void> {
    await this.pause();
    this.session = await DocumentSession.open({ place: this.tree.place, path: this.path }, this.#text, window);
    this.#undo = [];
    this.#redo = [];
  }

  #back(from: UndoStep[], to: UndoStep[]): void {
    const step = from.pop();
    if (!step) throw new Error('nothing to take back');
    const changes = this.#apply(step.changes);
    to.push({ changes, burst: -1 });
    this.newBurst();
    this.session.change(step.changes, { cause: 'restored' });
    this.#isScheduled = true;
  }

  /** Changes the text and gives the changes that take it back. */
  #apply(changes: readonly TextChange[]): TextChange[] {
    const inverse: TextChange[] = [];
    let shift = 0;
    let result = '';
    let position = 0;
    for (const { offset, deleted, text } of changes.toSorted((a, b) => a.offset - b.offset)) {
      result += this.#text.slice(position, offset) + text;
      position = offset + deleted;
      this.#removed.push(this.#text.slice(offset, position));
      inverse.push({ offset: offset + shift, deleted: text.length, text: this.#text.slice(offset, position) });
      shift += text.length - deleted;
    }
    this.#text = result + this.#text.slice(position);
    return inverse;
  }
}

/** Two steps of a burst are one where the second goes on in what the first put in, or right beside it. */
function join(first: UndoStep, second: UndoStep): UndoStep | undefined {
  const [a, b] = [first.changes[0], second.changes[0]];
  if (!a || !b || first.changes.length > 1 || second.changes.length > 1) return undefined;
  // `a` puts a.text back in the place of a.deleted characters; `b` was made on the text that has these characters.
  const start = b.offset - a.offset;
  const end = start + b.text.length;
  if (start > a.deleted || end < 0) return undefined;
  const before = start < 0 ? b.text.slice(0, -start) : '';
  const behind = end > a.deleted ? b.text.slice(b.text.length - (end - a.deleted)) : '';
  const text = before + a.text + behind;
  const kept = Math.max(0, start) + Math.max(0, a.deleted - end);
  return {
    changes: [{ offset: Math.min(a.offset, b.offset), deleted: kept + b.deleted, text }],
    burst: first.burst,
  };
}

/** The lines of a text with their line breaks. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
