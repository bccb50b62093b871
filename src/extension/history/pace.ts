/** How long nothing must have been typed, and nothing been opened, before history is read, in ms. */
const quiet = 5_000;
/** How long an index is left as it is, in ms: HEAD moves often, and what is missing of the history is read where it is needed. */
const interval = 10 * 60_000;

/** What tells when a repository's history is to be read. All times in ms since 1970. */
export interface Pace {
  /** Since when there is something new to read; `undefined`: there is nothing. */
  readonly dueSince: number | undefined;
  /** When it was read last in this window. */
  readonly readAt: number | undefined;
  /** When something was typed last in this window. */
  readonly typedAt: number;
}

/** The ms to wait before history is read; `undefined` where there is nothing to read. */
export function waitOf({ dueSince, readAt, typedAt }: Pace, now: number): number | undefined {
  if (dueSince === undefined) return undefined;
  const earliest = Math.max(typedAt + quiet, dueSince + quiet, readAt === undefined ? 0 : readAt + interval);
  return Math.max(0, earliest - now);
}
