import * as v from 'valibot';

const actor = {
  /** ISO 8601, UTC. */
  at: v.string(),
  tool: v.string(),
  version: v.exactOptional(v.string()),
  model: v.exactOptional(v.string()),
  session: v.string(),
};

/**
 * What happened beside the observations of texts, which have a journal for each path: sessions, prompts (as
 * a hash) and commands of assistants, and reviews. Stays on this machine.
 */
export const JournalEntrySchema = v.variant('entry', [
  v.object({ entry: v.literal('session'), ...actor, event: v.picklist(['start', 'end']) }),
  v.object({
    entry: v.literal('command'),
    ...actor,
    call: v.exactOptional(v.string()),
    /** The name of the first program in it; absent where it does not say, or none can be told. */
    program: v.exactOptional(v.string()),
    /** As it was given to the shell, where the person wants it kept: it may hold secrets. */
    command: v.exactOptional(v.string()),
    exitCode: v.exactOptional(v.number()),
    /** When the before-event came: ISO 8601, UTC; absent where none came. */
    since: v.exactOptional(v.string()),
    /** Files of the work tree whose change was given to the command. */
    files: v.number(),
  }),
  v.object({
    entry: v.literal('prompt'),
    ...actor,
    /** SHA-256, in hex, of the prompt as UTF-8, without the white space around it. */
    hash: v.string(),
    /** The prompt, where the person wants it kept. */
    text: v.exactOptional(v.string()),
  }),
  /** A commit that our hook had nothing to say of, while an assistant's command was open. */
  v.object({ entry: v.literal('commit'), at: v.string(), tree: v.string() }),
  v.object({
    entry: v.literal('review'),
    at: v.string(),
    path: v.string(),
    /** Content hash of the text that was reviewed. */
    hash: v.string(),
    /** AI lines that were not reviewed before. */
    lines: v.number(),
  }),
]);

export type JournalEntry = v.InferOutput<typeof JournalEntrySchema>;

/** In bytes, twice: some 10,000 entries. */
export const maxJournalSize = 1024 * 1024;
