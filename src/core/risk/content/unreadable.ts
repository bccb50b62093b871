/** A text that is no text of its format, or one too long or too deep for its parser. Any other error is our own. */
export class UnreadableError extends Error {}

/** Asks a parser of somebody else's: whatever it throws is about the text. @throws UnreadableError */
export async function reading<T>(parse: () => T | Promise<T>): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    throw new UnreadableError(error instanceof Error ? error.message : 'unknown error', { cause: error });
  }
}
