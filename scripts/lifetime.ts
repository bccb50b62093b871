import { constants } from 'node:os';

/** Those that have something open, a test's own among them. */
const open = new Set<Lifetime>();

/** What a run has opened, closed in the reverse order when the run ends, in whichever way it ends. */
export class Lifetime {
  readonly #closers: (() => Promise<void> | void)[] = [];
  #ended = false;

  /** Takes charge of something that is open now. After the end it is closed at once, and the caller goes no further. */
  async defer(close: () => Promise<void> | void): Promise<void> {
    if (this.#ended) {
      await close();
      throw stopped();
    }
    this.#closers.push(close);
    open.add(this);
  }

  /** Runs `body` with a lifetime of its own, which ends with it, or with this one if that is earlier. */
  async during<T>(body: (lifetime: Lifetime) => Promise<T>): Promise<T> {
    const inner = new Lifetime();
    await this.defer(() => inner.end());
    try {
      const result = await body(inner);
      if (inner.#ended) throw stopped();
      return result;
    } finally {
      await inner.end();
    }
  }

  /** Closes everything; one that cannot be closed does not keep the others open. */
  async end(): Promise<void> {
    this.#ended = true;
    open.delete(this);
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

/** What becomes of work whose lifetime ended before it did: nobody is to go on with it. */
function stopped(): Error {
  return new Error('The run was stopped.');
}

/**
 * The frame of each script: runs `body`, closes what it has opened and sets the exit code. An error is printed; a first
 * Ctrl+C (or SIGTERM) ends the run in good order, the same again ends it at once. `stopCode` is the exit code of a stopped run
 * where stopping is the ordinary end; otherwise it is the shell's convention, 128 and the signal's number.
 */
export function runScript(body: (lifetime: Lifetime) => Promise<void>, { stopCode }: { stopCode?: number } = {}): void {
  void main(body, stopCode);
}

/**
 * `Promise.all` for work inside a lifetime: where one fails, this comes back when the others have come to their end, too.
 * The lifetime would otherwise end under their feet.
 */
export async function all<T extends readonly Promise<unknown>[]>(
  work: readonly [...T],
): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StopSignal = (typeof stopSignals)[number];

async function main(body: (lifetime: Lifetime) => Promise<void>, stopCode: number | undefined): Promise<void> {
  const lifetime = new Lifetime();
  open.add(lifetime);
  let stoppedBy: StopSignal | undefined;
  const interrupted = new Promise<void>((resolve) => {
    const stop = (signal: StopSignal): void => {
      if (stoppedBy === signal) process.exit(conventionalCode(signal));
      // Another kind of signal is not an impatient person: Ctrl+C reaches us both from the terminal and through a parent.
      stoppedBy ??= signal;
      resolve();
    };
    for (const signal of stopSignals) process.on(signal, stop);
    onOrphaned(() => stop('SIGHUP'));
  });
  try {
    await Promise.race([body(lifetime), interrupted]);
  } catch (error) {
    fail(error);
  }
  await endAll();
  // A stopped body may still wait for something; all that it has started ends with this process.
  if (stoppedBy) process.exit(process.exitCode ?? stopCode ?? conventionalCode(stoppedBy));
}

function conventionalCode(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

/**
 * The shell that npm puts between itself and us passes no signal on: whoever stops npm by one leaves us without a
 * parent, which is all that we can notice of it.
 */
function onOrphaned(stop: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, 500);
  watch.unref();
}

/** Ends what is open, the latest first. */
async function endAll(): Promise<void> {
  for (const lifetime of [...open].reverse()) {
    try {
      await lifetime.end();
    } catch (error) {
      fail(error);
    }
  }
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
