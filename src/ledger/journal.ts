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
 * a hash) and commands of assistants, reviews and runs of tests or scanners. Stays on this machine.
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
  v.object({
    entry: v.literal('validation'),
    /** When it ended: ISO 8601, UTC. */
    at: v.string(),
    /** The program and its arguments. */
    command: v.array(v.string()),
    /** `null` where a signal ended it. */
    exitCode: v.nullable(v.number()),
    /** In ms. */
    duration: v.number(),
    /** The work tree that it ran on, as the object id of its snapshot; absent where none could be taken. */
    tree: v.exactOptional(v.string()),
  }),
]);

export type JournalEntry = v.InferOutput<typeof JournalEntrySchema>;
export type ValidationEntry = Extract<JournalEntry, { entry: 'validation' }>;

/** In bytes, twice: some 10,000 entries. */
export const maxJournalSize = 1024 * 1024;
