import path from 'node:path';
import * as v from 'valibot';
import { ActionSchema } from '../core/actions.ts';
import { EntryLog } from './entryLog.ts';

const ActionEntrySchema = v.variant('entry', [
  v.object({
    entry: v.literal('command'),
    /** ISO 8601, UTC. */
    at: v.string(),
    tool: v.string(),
    session: v.string(),
    /** The call's id; where it has none, a digest of the command. */
    key: v.string(),
    /** `begun` is not known to have run; `asked` and `denied` is what a policy said before it ran. */
    state: v.picklist(['begun', 'ran', 'asked', 'denied']),
    actions: v.pipe(v.array(ActionSchema), v.readonly()),
  }),
  /** A record has told of all up to here. */
  v.object({
    entry: v.literal('told'),
    at: v.string(),
    /** The first parent of the commit that it is of; `null` where it has none. */
    base: v.nullable(v.string()),
    /** What was taken for it at first: the commit turned out to replace another one. */
    mistaken: v.exactOptional(v.nullable(v.string())),
  }),
]);

/** A command of an assistant's that some rule says something of, in the rule's words, or a commit that told of them. */
export type ActionEntry = v.InferOutput<typeof ActionEntrySchema>;
export type ActionCommand = Extract<ActionEntry, { entry: 'command' }>;

/** In bytes, twice: some 2,000 commands. */
const maxSize = 512 * 1024;

/** What assistants' commands did in one worktree, by class. Holds no word of any command. */
export function actionLog(folder: string): EntryLog<ActionEntry> {
  return new EntryLog(path.join(folder, 'actions.ndjson'), ActionEntrySchema, maxSize);
}
