/** Something that holds resources until it is disposed. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables: what is registered here goes when this goes, the last one first. */
export abstract class Owner implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    this.#disposed = true;
    for (let item = this.#owned.pop(); item; item = this.#owned.pop()) item.dispose();
  }

  protected own<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#owned.push(item);
    return item;
  }
}

/** Runs `work` once a while after the last call, never twice at the same time; a call during the work runs it again. */
export class Debounced implements Disposable {
  readonly #delay: () => number;
  readonly #work: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #disposed = false;

  /** @param delay in ms; where it differs, as it is when the call comes */
  constructor(delay: number | (() => number), work: () => Promise<void>, onError: (error: unknown) => void) {
    this.#delay = typeof delay === 'number' ? () => delay : delay;
    this.#work = work;
    this.#onError = onError;
  }

  schedule(): void {
    if (this.#disposed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), this.#delay());
  }

  /** Runs at once what is scheduled, and waits for it. */
  async flush(): Promise<void> {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#start();
    }
    while (this.#running) await this.#running;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  #start(): void {
    this.#timer = undefined;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = this.#work()
      .catch(this.#onError)
      .finally(() => {
        this.#running = undefined;
        if (!this.#again) return;
        this.#again = false;
        this.#start();
      });
  }
}
