import path from 'node:path';
import * as v from 'valibot';
import { readIfThere, removeFile, replaceFile } from '../ledger/files.ts';
import type { Place } from './place.ts';

const PreparedSchema = v.object({
  parents: v.array(v.string()),
  /** `null` where there is nothing to say of the commit: then its tree tells that it is the one. */
  digest: v.nullable(v.string()),
  tree: v.exactOptional(v.string()),
  /** The files that it changes. */
  paths: v.array(v.string()),
});

/** The commit that `commit-msg` has prepared: `post-commit` has little to do where just this one was made. */
export type PreparedCommit = v.InferOutput<typeof PreparedSchema>;

const fileOf = ({ ledger }: Place): string => path.join(ledger.folder, 'prepared');

/**
 * Takes note of the commit that is about to be made. The first line is what git's `%P %(trailers:key=Provenance)` says of it
 * (`tree %T %P` where it names no record), so that the launcher can tell without starting this program that all is done;
 * `-` where there is more to do.
 */
export function prepare(place: Place, commit: PreparedCommit, isAll: boolean): void {
  const { tree, parents, digest } = commit;
  const told = digest === null ? `tree ${tree} ${parents.join(' ')}` : `${parents.join(' ')} sha256:${digest}`;
  replaceFile(fileOf(place), `${isAll ? told : '-'}\n${JSON.stringify(commit)}\n`);
}

/** What was prepared last, once. A file that is no such note, or of another version, is none. */
export function takePrepared(place: Place): PreparedCommit | undefined {
  const file = fileOf(place);
  const [, json] = readIfThere(file)?.split('\n') ?? [];
  if (json === undefined) return undefined;
  removeFile(file);
  try {
    const result = v.safeParse(PreparedSchema, JSON.parse(json));
    return result.success ? result.output : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
