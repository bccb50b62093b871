import { type FileDelta, featuresOf } from '../../core/risk/extraction.ts';
import type { Features } from '../../core/risk/features.ts';
import type { FileRecord } from './fileRecords.ts';
import type { FileEvent, HistoryCommit } from './historyCommit.ts';

/** The histories of all files, commit by commit. */
export class FileHistories {
  readonly #before: (path: string) => FileRecord | null | undefined;
  /** `null`: renamed away. */
  readonly #changed = new Map<string, FileRecord | null>();

  /** @param before what is known already */
  constructor(before: (path: string) => FileRecord | null | undefined = () => undefined) {
    this.#before = before;
  }

  get changed(): ReadonlyMap<string, FileRecord | null> {
    return this.#changed;
  }

  get(path: string): FileRecord | undefined {
    const changed = this.#changed.get(path);
    return (changed === undefined ? this.#before(path) : changed) ?? undefined;
  }

  /** Lines of a file before a commit; `undefined` where the history so far did not bring its content. */
  linesBefore(event: FileEvent): number | undefined {
    if (event.linesBefore !== undefined) return event.linesBefore;
    const record = this.get(event.oldPath ?? event.path);
    return record?.blob === event.oldBlob ? record.lines : undefined;
  }

  /** The features of a commit that comes next. */
  featuresOf(commit: HistoryCommit): Features {
    const deltas = commit.files
      .filter((event) => event.isText)
      .map((event): FileDelta => {
        const { path, oldPath, added, deleted } = event;
        return { path, added, deleted, linesBefore: this.linesBefore(event), history: this.get(oldPath ?? path) };
      });
    const { time, developer, fix } = commit;
    return featuresOf(deltas, { time, developer, fix, hasHistory: true });
  }

  /** Takes the next commit in. */
  add(commit: HistoryCommit): void {
    const next = commit.files.map((event): [FileEvent, FileRecord | undefined] => [event, this.#after(commit, event)]);
    // A path that one file leaves may be another's at once.
    for (const [{ oldPath }] of next) if (oldPath !== undefined) this.#changed.set(oldPath, null);
    for (const [{ path, oldPath }, record] of next) {
      if (record) this.#changed.set(path, record);
      // A file of unknown history has come where another one was.
      else if (oldPath !== undefined) this.#changed.set(path, null);
    }
  }

  #after({ time, developer }: HistoryCommit, event: FileEvent): FileRecord | undefined {
    const record = this.get(event.oldPath ?? event.path);
    const blob = event.newBlob;
    if (!event.isText) return record && { ...record, blob, lines: undefined };
    const before = this.linesBefore(event);
    const lines = before === undefined ? undefined : before + event.added - event.deleted;
    if (event.added + event.deleted === 0) return record && { ...record, blob, lines };
    if (!record) return { changes: 1, lastChange: time, developers: [developer], blob, lines };
    const { changes, developers } = record;
    return {
      changes: changes + 1,
      lastChange: Math.max(record.lastChange, time),
      developers: developers.includes(developer) ? developers : [...developers, developer],
      ...{ blob, lines },
    };
  }
}
