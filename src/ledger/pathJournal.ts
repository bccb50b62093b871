import path from 'node:path';
import * as v from 'valibot';
import { sha256 } from '../core/digest.ts';
import { appendLines, namesIn, readIfThere, statIfThere, withLock } from './files.ts';
import { AuthorSchema, parseJson } from './textStore.ts';

const StepSchema = v.object({
  /** ISO 8601, UTC. */
  at: v.string(),
  /** Content hash of the text after the step. */
  hash: v.string(),
  /** Who the new text of this step was given to; absent where an editor says it for each part. */
  by: v.exactOptional(AuthorSchema),
});

/** One observation of a path: what it held, and who was given what had changed. */
export type Step = v.InferOutput<typeof StepSchema>;

/** The steps of one path, a line each, appended; the last one tells what the path was last seen to hold. */
export class PathJournal {
  readonly path: string;
  readonly #file: string;

  constructor(folder: string, relativePath: string) {
    this.path = relativePath;
    this.#file = path.join(folder, `${sha256(relativePath).slice(0, 40)}.ndjson`);
  }

  /** All steps, oldest first. Lines that were torn or damaged are passed over. */
  async steps(): Promise<Step[]> {
    const lines = (await readIfThere(this.#file))?.split('\n') ?? [];
    return lines.flatMap((line) => {
      const step = v.safeParse(StepSchema, parseJson(line));
      return step.success ? [step.output] : [];
    });
  }

  async last(): Promise<Step | undefined> {
    const lines = (await readIfThere(this.#file))?.split('\n') ?? [];
    for (let i = lines.length - 1; i >= 0; i--) {
      const step = v.safeParse(StepSchema, parseJson(lines[i] as string));
      if (step.success) return step.output;
    }
    return undefined;
  }

  async append(step: Step): Promise<void> {
    const isNew = (await readIfThere(this.#file)) === undefined;
    const lines = [JSON.stringify(step)];
    await appendLines(this.#file, isNew ? [JSON.stringify({ path: this.path }), ...lines] : lines);
  }

  /** Reads and appends as one: nobody else changes this path's journal meanwhile. */
  locked<T>(work: () => Promise<T>): Promise<T> {
    return withLock(`${this.#file}.lock`, work);
  }
}

/** The paths that have a journal, the one observed last first, with that time in ms since 1970; `limit` of them at most. */
export async function journalPaths(folder: string, limit = Infinity): Promise<{ path: string; observed: number }[]> {
  const names = (await namesIn(folder)).filter((name) => name.endsWith('.ndjson'));
  const files = await Promise.all(
    names.map(async (name) => ({ name, observed: (await statIfThere(path.join(folder, name)))?.mtimeMs ?? 0 })),
  );
  const paths: { path: string; observed: number }[] = [];
  for (const { name, observed } of files.sort((a, b) => b.observed - a.observed)) {
    if (paths.length >= limit) break;
    const head = (await readIfThere(path.join(folder, name)))?.split('\n', 1)[0] ?? '';
    const parsed = v.safeParse(v.object({ path: v.string() }), parseJson(head));
    if (parsed.success) paths.push({ path: parsed.output.path, observed });
  }
  return paths;
}
