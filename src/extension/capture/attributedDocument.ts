import { type Author, unknown } from '../../core/author.ts';
import { carry, leavesPartOfLine } from '../../core/carry.ts';
import { mergeRuns } from '../../core/merge.ts';
import { type Run, RunMap } from '../../core/runs.ts';
import type { TextChange } from './changeCause.ts';

/** How the runs follow a change. */
export type Follow =
  /** What was put in is the author's to the last character. */
  | { readonly how: 'exact'; readonly author: Author }
  /** What stayed the same keeps its author, only the rest is the author's. */
  | { readonly how: 'carry'; readonly author: Author }
  /** Text that was taken out a moment ago comes back with its authors; what is not found is the author's. */
  | { readonly how: 'restore'; readonly author: Author };

interface RemovedText {
  readonly text: string;
  readonly runs: readonly Run[];
  /** Where it stood: a deletion right beside it belongs to it (Backspace held down). */
  readonly offset: number;
}

/** Pieces of removed text that are remembered, and their length together (UTF-16 code units). */
const maxRemoved = 200;
const maxRemovedLength = 4_000_000;

/** An open document: its text, and who wrote which part of it. Knows nothing of the editor. */
export class AttributedDocument {
  #text: string;
  #runs: RunMap;
  #removed: RemovedText[] = [];

  constructor(text: string, runs: RunMap) {
    this.#text = text;
    this.#runs = runs;
  }

  get text(): string {
    return this.#text;
  }

  get runs(): RunMap {
    return this.#runs;
  }

  /** Applies the changes of one event; their offsets are those of the text before it. */
  apply(changes: readonly TextChange[], follow: Follow): void {
    // From the end to the start, so that the offsets of the others stay right.
    for (const change of [...changes].sort((a, b) => b.offset - a.offset)) this.#applyOne(change, follow);
  }

  /** The text is known to be another than was thought: what did not change keeps its author. */
  resync(text: string): void {
    this.#runs = carry(this.#text, this.#runs, text, unknown.editor).runs;
    this.#text = text;
  }

  /** Takes in what others have learnt of this same text: names for unknown parts, and how far AI text was reviewed. */
  adopt(known: RunMap): void {
    this.#runs = mergeRuns(this.#runs, known, (own, other) => {
      if (!own || !other) return own ?? (other?.origin === 'unknown' ? undefined : other);
      if (own.origin === 'unknown') return other;
      return own.origin === 'ai' && other.origin === 'ai' ? other : own;
    });
  }

  #applyOne({ offset, deleted, text }: TextChange, follow: Follow): void {
    const end = offset + deleted;
    const removedText = this.#text.slice(offset, end);
    const removedRuns = withoutEdgeCuts(this.#runs.slice(offset, end));
    const inserted = this.#insertedRuns(removedText, removedRuns, text, follow);
    const cut = text.trim() === '' && follow.how !== 'restore' && leavesPartOfLine(this.#text, offset, end);
    const runs = cut ? [...inserted, { length: 0, author: follow.author }] : inserted;
    this.#runs.replace(offset, deleted, runs, follow.how === 'restore');
    this.#text = this.#text.slice(0, offset) + text + this.#text.slice(end);
    if (deleted > 0) this.#remember({ text: removedText, runs: removedRuns, offset });
  }

  #insertedRuns(removedText: string, removedRuns: readonly Run[], text: string, follow: Follow): readonly Run[] {
    if (text === '') return [];
    switch (follow.how) {
      case 'exact':
        return [{ length: text.length, author: follow.author }];
      case 'carry':
        return [...carry(removedText, RunMap.from(removedRuns), text, follow.author).runs];
      case 'restore':
        return this.#recall(text) ?? [...carry(removedText, RunMap.from(removedRuns), text, follow.author).runs];
    }
  }

  #remember(piece: RemovedText): void {
    const last = this.#removed.at(-1);
    const joined = last && join(last, piece);
    if (joined) this.#removed[this.#removed.length - 1] = joined;
    else this.#removed.push(piece);
    let total = 0;
    const kept = this.#removed.findLastIndex((removed, i) => {
      total += removed.text.length;
      return total > maxRemovedLength || this.#removed.length - i > maxRemoved;
    });
    if (kept >= 0) this.#removed = this.#removed.slice(kept + 1);
  }

  /** The authors of a text that was taken out, the latest first; also of a part of such a text. */
  #recall(text: string): readonly Run[] | undefined {
    for (const removed of this.#removed.toReversed()) {
      const at = removed.text.indexOf(text);
      if (at < 0) continue;
      // A word or two may stand anywhere in a longer text by chance; a whole piece, or a line, may not.
      if (removed.text.length !== text.length && !text.includes('\n')) continue;
      return RunMap.from(removed.runs).slice(at, at + text.length);
    }
    return undefined;
  }
}

/** The cuts at the ends of a range stay in the text. */
function withoutEdgeCuts(runs: readonly Run[]): Run[] {
  const first = runs.findIndex((run) => run.length > 0);
  const last = runs.findLastIndex((run) => run.length > 0);
  return first < 0 ? [] : runs.slice(first, last + 1);
}

/** Two deletions side by side, one after the other, are one. */
function join(last: RemovedText, piece: RemovedText): RemovedText | undefined {
  if (piece.text.length > 1) return undefined;
  if (piece.offset + piece.text.length === last.offset) {
    return { text: piece.text + last.text, runs: [...piece.runs, ...last.runs], offset: piece.offset };
  }
  if (piece.offset === last.offset) {
    return { text: last.text + piece.text, runs: [...last.runs, ...piece.runs], offset: last.offset };
  }
  return undefined;
}
