import { type Author, unknown } from '../../core/author.ts';
import { carry, leavesPartOfLine } from '../../core/carry.ts';
import { ChunkedText } from '../../core/chunkedText.ts';
import { betterKnown, mergeRuns } from '../../core/merge.ts';
import { type Run, RunMap } from '../../core/runs.ts';
import type { TextChange } from './changeCause.ts';
import { type RecalledText, type RemovedText, RemovedTexts } from './removedTexts.ts';

/** How the runs follow a change. */
export type Follow =
  /** What was put in is the author's to the last character. */
  | { readonly how: 'exact'; readonly author: Author }
  /** As `exact`; what was taken out is on the clipboard. */
  | { readonly how: 'cut'; readonly author: Author }
  /** What stayed the same keeps its author, only the rest is the author's. */
  | { readonly how: 'carry'; readonly author: Author }
  /** Undo and redo: text that was taken out of this document comes back with its authors; the rest is the author's. */
  | { readonly how: 'undo'; readonly author: Author }
  /** As `carry`, but text that was taken out of any document of the window comes back with its authors. */
  | { readonly how: 'paste'; readonly author: Author };

/** An open document: its text, and who wrote which part of it. Knows nothing of the editor. */
export class AttributedDocument {
  readonly #text: ChunkedText;
  #runs: RunMap;
  readonly #removed: RemovedTexts;

  /** @param removed what was taken out of the documents that text may come back from */
  constructor(text: string, runs: RunMap, removed = new RemovedTexts()) {
    this.#text = new ChunkedText(text);
    this.#runs = runs;
    this.#removed = removed;
  }

  get text(): string {
    return this.#text.toString();
  }

  get runs(): RunMap {
    return this.#runs;
  }

  /** Applies the changes of one event; their offsets are those of the text before it. */
  apply(changes: readonly TextChange[], follow: Follow): void {
    const steps = changes.map((change) => ({ change, removed: this.#removedBy(change, follow.how === 'cut') }));
    const moving = steps.map(({ removed }) => removed).filter(({ text }) => text.trim() !== '');
    // From the end to the start, so that the offsets of the others stay right.
    for (const { change, removed } of steps.toSorted((a, b) => b.change.offset - a.change.offset)) {
      this.#applyOne(change, removed, moving, follow);
    }
    for (const { removed } of steps) if (removed.text !== '') this.#removed.remember(removed);
  }

  /** The text is known to be another than was thought: what did not change keeps its author. */
  resync(text: string): void {
    this.#runs = carry(this.text, this.#runs, text, unknown.editor).runs;
    this.#text.replace(0, this.#text.length, text);
  }

  /** Takes in what others have learnt of this same text: names for unknown parts, and how far AI text was reviewed. */
  adopt(known: RunMap): void {
    this.#runs = mergeRuns(this.#runs, known, (own, other) => {
      if (!own || !other) return own ?? (other?.origin === 'unknown' ? undefined : other);
      if (own.origin === 'unknown') return betterKnown(own, other);
      return own.origin === 'ai' && other.origin === 'ai' ? other : own;
    });
  }

  #removedBy({ offset, deleted }: TextChange, isCut: boolean): RemovedText {
    const end = offset + deleted;
    const runs = withoutEdgeCuts(this.#runs.slice(offset, end));
    return { text: this.#text.slice(offset, end), runs, offset, from: this, isCut };
  }

  #applyOne(change: TextChange, removed: RemovedText, moving: readonly RemovedText[], follow: Follow): void {
    const { offset, deleted, text } = change;
    const end = offset + deleted;
    const recalled = this.#recall(text, follow);
    const inserted = insertedRuns(text, recalled, removed, moving, follow);
    const leavesCut = text.trim() === '' && follow.how !== 'undo' && leavesPartOfLine(this.#text, offset, end);
    const runs = leavesCut ? [...inserted, { length: 0, author: follow.author }] : inserted;
    this.#runs.replace(offset, deleted, runs, recalled !== undefined);
    this.#text.replace(offset, deleted, text);
  }

  #recall(text: string, { how }: Follow): RecalledText | undefined {
    if (text === '') return undefined;
    if (how === 'undo') return this.#removed.ofDocument(this, text);
    return how === 'paste' ? this.#removed.ofWindow(text) : undefined;
  }
}

function insertedRuns(
  text: string,
  recalled: RecalledText | undefined,
  removed: RemovedText,
  moving: readonly RemovedText[],
  { how, author }: Follow,
): readonly Run[] {
  if (text === '') return [];
  if (how === 'exact' || how === 'cut') return [{ length: text.length, author }];
  if (recalled) return recalledRuns(recalled, text, author);
  // What the same event takes out at another place was moved: a line over its neighbour, an import into its order.
  const moved = moving.find((other) => other !== removed && other.text.trim() === text.trim());
  const { text: before, runs } = moved ?? removed;
  return [...carry(before, RunMap.from(runs), text, author).runs];
}

function recalledRuns({ text, removed, start }: RecalledText, now: string, author: Author): readonly Run[] {
  const runs = RunMap.from(removed.runs).slice(start, start + text.length);
  return text === now ? runs : [...carry(text, RunMap.from(runs), now, author).runs];
}

/** The cuts at the ends of a range stay in the text. */
function withoutEdgeCuts(runs: readonly Run[]): Run[] {
  const first = runs.findIndex((run) => run.length > 0);
  const last = runs.findLastIndex((run) => run.length > 0);
  return first < 0 ? [] : runs.slice(first, last + 1);
}
