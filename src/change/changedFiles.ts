import type { ChangedFile } from '../core/risk/content.ts';
import { linesOf } from '../core/text.ts';
import type { DiffFile, RemovedLines } from '../git/diff.ts';

/** So much of a change is held for the rules on its content; the rest is skipped, and that is said. */
export interface ContentLimits {
  readonly files: number;
  /** Of one text, in UTF-16 units. */
  readonly text: number;
  /** Of all texts together. */
  readonly texts: number;
}

export const contentLimits: ContentLimits = { files: 2_000, text: 1_000_000, texts: 24_000_000 };

/** Collects the files of a change with both their texts, as they are read to find out who wrote their lines. */
export class ChangedFiles {
  readonly #limits: ContentLimits;
  readonly #files: ChangedFile[] = [];
  #room: number;
  #skipped = 0;
  readonly #linesBefore = new Map<string, number>();

  constructor(limits: ContentLimits = contentLimits) {
    this.#limits = limits;
    this.#room = limits.texts;
  }

  get files(): readonly ChangedFile[] {
    return this.#files;
  }

  /** How many lines each file had, by its path after the change, as far as its text was read; 0 for a new one. */
  get linesBefore(): ReadonlyMap<string, number> {
    return this.#linesBefore;
  }

  /** Files that were too large, or too many. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Whether the texts of a file are wanted, as far as can be told before they are read. */
  wants({ binary, added, removed }: DiffFile): boolean {
    return !binary && (added.length > 0 || removed.length > 0) && this.#files.length < this.#limits.files;
  }

  /** @param read reads the texts, where there is still room for them */
  add(file: DiffFile, read: () => Texts): void {
    if (file.binary) return;
    const texts = this.wants(file) ? read() : undefined;
    if (texts && texts.before === undefined && texts.after === undefined) return;
    if (texts?.before !== undefined) this.#linesBefore.set(file.path, linesOf(texts.before).count);
    else if (/^0*$/.test(file.oldId)) this.#linesBefore.set(file.path, 0);
    const [before, after] = [length(texts?.before), length(texts?.after)];
    if (!texts || Math.max(before, after) > this.#limits.text || before + after > this.#room) {
      this.#skipped++;
      return;
    }
    this.#room -= before + after;
    this.#files.push(changedFile(file, texts));
  }
}

/** What a file holds before and after the change, where it is text. */
export type Texts = Pick<ChangedFile, 'before' | 'after' | 'apart'>;

function length(text: string | undefined): number {
  return text?.length ?? 0;
}

function changedFile({ path, oldPath, added, removed }: DiffFile, texts: Texts): ChangedFile {
  return {
    path,
    ...(oldPath !== undefined && { oldPath }),
    ...texts,
    added: added.map(({ number }) => number),
    removed: removed.flatMap(numbersOf),
  };
}

function numbersOf({ first, count }: RemovedLines): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
