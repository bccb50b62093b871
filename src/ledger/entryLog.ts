import { renameSync } from 'node:fs';
import * as v from 'valibot';
import { appendLines, readIfThere, statIfThere } from './files.ts';
import { withLock } from './lock.ts';
import { parseJson } from './textStore.ts';

/**
 * Entries of one kind, a line of JSON each, appended by many processes at once. Above `maxSize` bytes the file becomes the
 * older half, and the half before it goes: the log is bounded by twice that size, and an entry that is being appended
 * meanwhile lands in one of the two halves.
 */
export class EntryLog<Entry> {
  readonly #file: string;
  readonly #schema: v.GenericSchema<unknown, Entry>;
  readonly #maxSize: number;

  constructor(file: string, schema: v.GenericSchema<unknown, Entry>, maxSize: number) {
    this.#file = file;
    this.#schema = schema;
    this.#maxSize = maxSize;
  }

  async append(entry: Entry): Promise<void> {
    const size = appendLines(this.#file, [JSON.stringify(entry)]);
    if (size > this.#maxSize) await this.#rotate();
  }

  /** All entries that are kept, oldest first. Lines that were torn or damaged are passed over. */
  entries(): Entry[] {
    const halves = [readIfThere(this.#older), readIfThere(this.#file)];
    return halves.flatMap((half) => this.#parse(half?.split('\n') ?? []));
  }

  /** The last `count` entries or fewer, oldest first. */
  last(count: number): Entry[] {
    const younger = this.#parse(
      readIfThere(this.#file)
        ?.split('\n')
        .slice(-count - 1) ?? [],
    ).slice(-count);
    if (younger.length === count) return younger;
    const older = readIfThere(this.#older)?.split('\n') ?? [];
    return [...this.#parse(older.slice(-count - 1)), ...younger].slice(-count);
  }

  get #older(): string {
    return `${this.#file}.older`;
  }

  #parse(lines: readonly string[]): Entry[] {
    return lines.flatMap((line) => {
      const entry = v.safeParse(this.#schema, parseJson(line));
      return entry.success ? [entry.output] : [];
    });
  }

  /** Under a lock and looked at again: of two that see the file too large, the second one finds it small. */
  async #rotate(): Promise<void> {
    await withLock(`${this.#file}.lock`, () => {
      const size = statIfThere(this.#file)?.size ?? 0;
      if (size > this.#maxSize) renameSync(this.#file, this.#older);
    });
  }
}
