import path from 'node:path';
import * as v from 'valibot';
import { readIfThere, replaceFile, statIfThere } from './files.ts';
import { withLock } from './lock.ts';
import { parseJson } from './textStore.ts';

const FileDiagnosticsSchema = v.object({
  /** ISO 8601, UTC. */
  at: v.string(),
  /** Content hash of the text that they are of. */
  hash: v.string(),
  /** Lines with an error, 1-based, ascending. */
  lines: v.array(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** Who found them: `ts`, `eslint`. */
  sources: v.array(v.string()),
});
export type FileDiagnostics = v.InferOutput<typeof FileDiagnosticsSchema>;

const Schema = v.record(v.string(), FileDiagnosticsSchema);

/** Files with errors that are kept, those noted last. */
const maxFiles = 200;
/** A larger file, in bytes, is none of ours. */
const maxSize = 4 * 1024 * 1024;

/** The errors that an editor shows, by the path of the file: one file, replaced as a whole. */
export class DiagnosticStore {
  readonly #file: string;

  /** @param folder the ledger's */
  constructor(folder: string) {
    this.#file = path.join(folder, 'diagnostics.json');
  }

  all(): ReadonlyMap<string, FileDiagnostics> {
    const size = statIfThere(this.#file)?.size;
    if (size === undefined || size > maxSize) return new Map();
    const read = v.safeParse(Schema, parseJson(readIfThere(this.#file) ?? ''));
    return new Map(read.success ? Object.entries(read.output) : []);
  }

  /** `undefined` for a file that has no errors any more. */
  async note(files: ReadonlyMap<string, FileDiagnostics | undefined>): Promise<void> {
    await withLock(`${this.#file}.lock`, () => {
      const kept = new Map(this.all());
      for (const [name, diagnostics] of files) {
        kept.delete(name);
        if (diagnostics) kept.set(name, diagnostics);
      }
      replaceFile(this.#file, JSON.stringify(Object.fromEntries([...kept].slice(-maxFiles))));
    });
  }
}
