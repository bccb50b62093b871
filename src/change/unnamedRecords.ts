import { changeOf } from '../core/record.ts';
import type { Git } from '../git/git.ts';
import { digestsByChange, type StoredRecord } from '../git/recordList.ts';
import { readRecords } from '../git/records.ts';
import { digestsNamed } from '../git/revisions.ts';
import type { ResolvedCommit } from './resolve.ts';

/** Records that were made for a commit and that no commit names: what is left where somebody took trailers out. */
export class UnnamedRecords {
  readonly #git: Git;
  readonly #stored: ReadonlyMap<string, StoredRecord>;
  #byChange: ReturnType<typeof digestsByChange> | undefined;
  #named: ReturnType<typeof digestsNamed> | undefined;

  constructor(git: Git, stored: ReadonlyMap<string, StoredRecord>) {
    this.#git = git;
    this.#stored = stored;
  }

  /** Reads the records before they are needed, while git reads the commits: for a long history. */
  prepare(): void {
    this.#byChange ??= digestsByChange(this.#git, this.#stored);
    this.#byChange.catch(() => undefined); // told where it is needed
  }

  /**
   * The digests of records of this very change that neither the commit nor any other one names. The records and the
   * history are read once, when they are first needed.
   */
  async of({ files, records }: ResolvedCommit): Promise<string[]> {
    if (files.every(({ lines }) => lines.length === 0)) return [];
    this.#byChange ??= digestsByChange(this.#git, this.#stored);
    const own = new Set(records.map(({ digest }) => digest));
    const candidates = ((await this.#byChange).get(changeOf(files)) ?? []).filter((digest) => !own.has(digest));
    if (candidates.length === 0) return [];
    this.#named ??= digestsNamed(this.#git);
    const named = await this.#named;
    const found = await readRecords(
      this.#git,
      candidates.filter((digest) => !named.has(digest)),
    );
    return [...found].flatMap(([digest, record]) => (typeof record === 'string' ? [] : [digest]));
  }
}
