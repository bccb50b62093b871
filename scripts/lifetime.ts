import { constants } from 'node:os';

/** What a run has opened, closed in the reverse order when the run ends, in whichever way it ends. */
export class Lifetime {
  readonly #closers: (() => Promise<void> | void)[] = [];
  #ended = false;

  /** Takes charge of something that is open now. After the end it is closed at once, and the caller goes no further. */
  async defer(close: () => Promise<void> | void): Promise<void> {
    if (this.#ended) {
      await close();
      throw new Error('The run has ended already.');
    }
    this.#closers.push(close);
  }

  /** Runs `body` with a lifetime of its own, which ends with it, or with this one if that is earlier. */
  async during<T>(body: (lifetime: Lifetime) => Promise<T>): Promise<T> {
    const inner = new Lifetime();
    await this.defer(() => inner.end());
    try {
      return await body(inner);
    } finally {
      await inner.end();
    }
  }

  /** Closes everything; one that cannot be closed does not keep the others open. */
  async end(): Promise<void> {
    this.#ended = true;
    const errors: unknown[] = [];
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
  }
}

/**
 * The frame of each script: runs `body`, closes what it has opened and sets the exit code. An error is printed; a first
 * Ctrl+C (or SIGTERM) ends the run in good order, a second one at once. `stopCode` is the exit code of a stopped run
 * where stopping is the ordinary end; otherwise it is the shell's convention, 128 and the signal's number.
 */
export function runScript(body: (lifetime: Lifetime) => Promise<void>, { stopCode }: { stopCode?: number } = {}): void {
  void main(body, stopCode);
}

async function main(body: (lifetime: Lifetime) => Promise<void>, stopCode: number | undefined): Promise<void> {
  const lifetime = new Lifetime();
  let stopped: number | undefined;
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        const conventional = 128 + constants.signals[signal];
        if (stopped !== undefined) process.exit(conventional);
        stopped = stopCode ?? conventional;
        resolve();
      });
    }
  });
  try {
    await Promise.race([body(lifetime), interrupted]);
  } catch (error) {
    fail(error);
  }
  try {
    await lifetime.end();
  } catch (error) {
    fail(error);
  }
  // A stopped body may still wait for something; all that it has started ends with this process.
  if (stopped !== undefined) process.exit(process.exitCode ?? stopped);
}

function fail(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${describe(error)}\n`);
}

/** One line for what the reader can act on; COUNTERSIGN_DEBUG adds where it came from. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError) return error.errors.map(describe).join('\n');
  return (process.env['COUNTERSIGN_DEBUG'] && error.stack) || error.message;
}
