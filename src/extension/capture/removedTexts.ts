import type { Run } from '../../core/runs.ts';
import { visibleLength } from '../../core/text.ts';

/** A piece of text that was taken out of a document, with its authors. */
export interface RemovedText {
  readonly text: string;
  readonly runs: readonly Run[];
  /** Where it stood: a deletion right beside it belongs to it (Backspace held down). UTF-16 code units. */
  readonly offset: number;
  /** The document it stood in. */
  readonly from: object;
  /** Whether it went to the clipboard. */
  readonly isCut: boolean;
}

/** What comes back: a part of a removed text, as it stood there. */
export interface RecalledText {
  readonly text: string;
  readonly removed: RemovedText;
  /** Where it starts in the removed text, in UTF-16 code units. */
  readonly start: number;
}

/** Pieces of removed text that are remembered, and their length together (UTF-16 code units). */
const maxPieces = 400;
const maxLength = 4_000_000;
/** Visible characters from which on two texts are not the same by chance. */
const telling = 10;

/**
 * The texts that were lately taken out of the documents of a window, so that they have their authors back when undo or
 * the clipboard brings them back. Bounded: the oldest ones are forgotten.
 */
export class RemovedTexts {
  #pieces: RemovedText[] = [];

  remember(piece: RemovedText): void {
    const last = this.#pieces.at(-1);
    const joined = last && join(last, piece);
    if (joined) this.#pieces[this.#pieces.length - 1] = joined;
    else this.#pieces.push(piece);
    let total = 0;
    const forgotten = this.#pieces.findLastIndex((removed, i) => {
      total += removed.text.length;
      return total > maxLength || this.#pieces.length - i > maxPieces;
    });
    if (forgotten >= 0) this.#pieces = this.#pieces.slice(forgotten + 1);
  }

  /** What undo brings back was taken out of the same document, however short it is. */
  ofDocument(document: object, text: string): RecalledText | undefined {
    return this.#find(text, (piece) => piece.from === document);
  }

  /**
   * What the clipboard brings may come from any document. A few characters may as well come from elsewhere: they must have
   * been cut.
   */
  ofWindow(text: string): RecalledText | undefined {
    const isShort = visibleLength(text) < telling;
    return this.#find(text, (piece) => piece.isCut || !isShort);
  }

  /** The latest piece that is the text, or holds it. */
  #find(text: string, isMeant: (piece: RemovedText) => boolean): RecalledText | undefined {
    for (const removed of this.#pieces.toReversed()) {
      if (!isMeant(removed)) continue;
      const start = removed.text.indexOf(text);
      // A word or two may stand anywhere in a longer text by chance; a whole piece, or a line, may not.
      if (start >= 0 && (removed.text.length === text.length || text.includes('\n'))) return { text, removed, start };
      // The clipboard takes on the line ends of the document it goes to.
      if (withoutCarriageReturns(removed.text) === withoutCarriageReturns(text)) {
        return { text: removed.text, removed, start: 0 };
      }
    }
    return undefined;
  }
}

function withoutCarriageReturns(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** Two deletions side by side, one after the other, are one. */
function join(last: RemovedText, piece: RemovedText): RemovedText | undefined {
  if (piece.text.length > 1 || piece.from !== last.from || piece.isCut || last.isCut) return undefined;
  if (piece.offset + piece.text.length === last.offset) {
    return { ...piece, text: piece.text + last.text, runs: [...piece.runs, ...last.runs] };
  }
  if (piece.offset === last.offset) {
    return { ...last, text: last.text + piece.text, runs: [...last.runs, ...piece.runs] };
  }
  return undefined;
}
