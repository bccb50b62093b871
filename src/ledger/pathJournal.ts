import path from 'node:path';
import * as v from 'valibot';
import { sha256 } from '../core/digest.ts';
import type { Limits } from './compact.ts';
import { appendLines, namesIn, readIfThere, removeFile, replaceFile, statIfThere } from './files.ts';
import { withLock } from './lock.ts';
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
  steps(): Step[] {
    const lines = readIfThere(this.#file)?.split('\n') ?? [];
    return lines.flatMap((line) => {
      const step = v.safeParse(StepSchema, parseJson(line));
      return step.success ? [step.output] : [];
    });
  }

  /** The last step that can be read. */
  last(): Step | undefined {
    const lines = readIfThere(this.#file)?.split('\n') ?? [];
    for (let i = lines.length - 1; i >= 0; i--) {
      const step = v.safeParse(StepSchema, parseJson(lines[i] as string));
      if (step.success) return step.output;
    }
    return undefined;
  }

  /** Whether something is written in it, readable or not. */
  isThere(): boolean {
    return (statIfThere(this.#file)?.size ?? 0) > 0;
  }

  append(step: Step): void {
    const isNew = statIfThere(this.#file) === undefined;
    const lines = [JSON.stringify(step)];
    appendLines(this.#file, isNew ? [JSON.stringify({ path: this.path }), ...lines] : lines);
  }

  /**
   * Takes out steps above the limits, all but the last one where the path is pending. One that is not pending and was not
   * seen for so long has no journal any more.
   *
   * @returns the last step that is left
   */
  async compact(isPending: boolean, limits: Limits): Promise<Step | undefined> {
    const isKept = (step: Step, i: number, { length }: readonly Step[]): boolean =>
      (isPending && i === length - 1) || (i >= length - limits.steps && Date.now() - Date.parse(step.at) < limits.age);
    if (this.steps().every(isKept)) return this.last();
    return await this.locked(() => {
      const steps = this.steps().filter(isKept);
      const lines = [{ path: this.path }, ...steps].map((entry) => `${JSON.stringify(entry)}\n`);
      if (steps.length > 0) replaceFile(this.#file, lines.join(''));
      else removeFile(this.#file);
      return steps.at(-1);
    });
  }

  /** Reads and appends as one: nobody else changes this path's journal meanwhile. */
  locked<T>(work: () => T | Promise<T>): Promise<T> {
    return withLock(`${this.#file}.lock`, work);
  }
}

/** One text that a path held, from the step that it was first seen in (`at`). */
export interface PastStep extends Step {
  /** Whether the path had held the same text before it held another one. */
  readonly heldBefore: boolean;
}

/**
 * The steps without those that saw the same text again. Whoever looked first gave the change to nobody: `by` is the
 * first one who is somebody.
 */
export function pastSteps(steps: readonly Step[]): PastStep[] {
  const seen = new Set<string>();
  const past: PastStep[] = [];
  for (const step of steps) {
    const last = past.at(-1);
    if (last?.hash !== step.hash) past.push({ ...step, heldBefore: seen.has(step.hash) });
    else if (step.by && last.by?.origin === 'unknown') past[past.length - 1] = { ...last, by: step.by };
    seen.add(step.hash);
  }
  return past;
}

/** The paths that have a journal, the one observed last first, with that time in ms since 1970; `limit` of them at most. */
export function journalPaths(folder: string, limit = Infinity): { path: string; observed: number }[] {
  const names = namesIn(folder).filter((name) => name.endsWith('.ndjson'));
  const files = names.map((name) => ({ name, observed: statIfThere(path.join(folder, name))?.mtimeMs ?? 0 }));
  const paths: { path: string; observed: number }[] = [];
  for (const { name, observed } of files.sort((a, b) => b.observed - a.observed)) {
    if (paths.length >= limit) break;
    const head = readIfThere(path.join(folder, name))?.split('\n', 1)[0] ?? '';
    const parsed = v.safeParse(v.object({ path: v.string() }), parseJson(head));
    if (parsed.success) paths.push({ path: parsed.output.path, observed });
  }
  return paths;
}
