import path from 'node:path';
import * as v from 'valibot';
import { readIfThere, removeFile, replaceFile } from '../ledger/files.ts';
import type { Place } from './place.ts';

const PreparedSchema = v.object({
  tree: v.string(),
  parents: v.array(v.string()),
  /** `null` where there is nothing to say of the commit. */
  digest: v.nullable(v.string()),
  /** The files that it changes. */
  paths: v.array(v.string()),
});

/** The commit that `commit-msg` has prepared: `post-commit` has nothing to do where just this one was made. */
export type PreparedCommit = v.InferOutput<typeof PreparedSchema>;

const fileOf = ({ ledger }: Place): string => path.join(ledger.folder, 'prepared.json');

export function prepare(place: Place, commit: PreparedCommit): void {
  replaceFile(fileOf(place), JSON.stringify(commit));
}

/** What was prepared last, once. A file that is no such note, or of another version, is none. */
export function takePrepared(place: Place): PreparedCommit | undefined {
  const file = fileOf(place);
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  removeFile(file);
  try {
    const result = v.safeParse(PreparedSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
