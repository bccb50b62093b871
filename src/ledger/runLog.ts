import path from 'node:path';
import * as v from 'valibot';
import { runOutcomes, runSources, validationKinds } from '../core/validation/validation.ts';
import { EntryLog } from './entryLog.ts';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A run of tests, a build, a linter or a scanner, and what it ran on. Holds no argument of the command. */
export const RunEntrySchema = v.object({
  /** When it ended: ISO 8601, UTC. */
  at: v.string(),
  source: v.picklist(runSources),
  kind: v.picklist(validationKinds),
  name: v.string(),
  /** The same for the same command in the same folder: the last run of it counts. */
  key: v.string(),
  outcome: v.picklist(runOutcomes),
  exitCode: v.exactOptional(v.number()),
  tests: v.exactOptional(v.object({ run: Count, failed: Count, skipped: Count })),
  /** In ms. */
  duration: v.exactOptional(v.number()),
  /** The tree that it ran on, as the object id of a snapshot or of a commit's tree; absent where none could be had. */
  tree: v.exactOptional(v.string()),
  /** Files of results, which lie in the work tree and say nothing of the code. */
  except: v.exactOptional(v.array(v.string())),
});

export type RunEntry = v.InferOutput<typeof RunEntrySchema>;

/** In bytes, twice: some 1,000 runs. */
const maxSize = 256 * 1024;

/** The runs that were noted in one worktree. */
export function runLog(folder: string): EntryLog<RunEntry> {
  return new EntryLog(path.join(folder, 'runs.ndjson'), RunEntrySchema, maxSize);
}
