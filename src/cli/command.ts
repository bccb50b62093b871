/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** Its arguments, as the help shows them. */
  readonly usage: string;
  readonly summary: string;
  /** @returns the exit code */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** Where a command reads and writes: the process's own streams, but for tests. */
export interface Io {
  readonly cwd: string;
  out(text: string): void;
  /** One line: what, where, what to do. */
  error(line: string): void;
  readInput(limit: number): Promise<Buffer>;
}

/** The person's command was off: shown with a hint to the help, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
