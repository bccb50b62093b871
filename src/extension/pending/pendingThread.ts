import { Worker } from 'node:worker_threads';
import { Owner } from '../lifecycle.ts';
import type { Answer, Question } from './messages.ts';
import type { PendingChange } from './pendingReader.ts';

/** More memory than this, in MB, the thread does not get: it is ended, and begins anew with the next question. */
const maxMemory = 1_024;

interface Waiting {
  readonly resolve: (pending: PendingChange) => void;
  readonly reject: (error: Error) => void;
}

/** The thread that reads and judges pending changes, so that the extension host stays free. It starts when it is first asked. */
export class PendingThread extends Owner {
  readonly #script: string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #asked = 0;

  /** @param script the bundle of `thread.ts` */
  constructor(script: string) {
    super();
    this.#script = script;
  }

  /**
   * @param folder in the repository
   * @param isFresh whether the change is judged anew in any case
   * @throws where it cannot be read, and where the thread ended before it had an answer
   */
  read(folder: string, isFresh: boolean): Promise<PendingChange> {
    if (this.isDisposed) return Promise.reject(new Error('the window is closed'));
    this.#worker ??= this.#start();
    const question: Question = { id: ++this.#asked, folder, isFresh };
    const answer = new Promise<PendingChange>((resolve, reject) => {
      this.#waiting.set(question.id, { resolve, reject });
    });
    this.#worker.postMessage(question);
    return answer;
  }

  override dispose(): void {
    super.dispose();
    this.#worker?.terminate().catch(() => undefined); // the window is going
  }

  #start(): Worker {
    const worker = new Worker(this.#script, { resourceLimits: { maxOldGenerationSizeMb: maxMemory } });
    let reason: Error | undefined;
    worker.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('pending' in answer) waiting?.resolve(answer.pending);
      else waiting?.reject(new Error(answer.error));
    });
    worker.on('error', (error: Error) => {
      reason = error;
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      const waiting = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const { reject } of waiting) reject(reason ?? new Error('what reads the pending change has ended'));
    });
    // The window does not stay open for it.
    worker.unref();
    return worker;
  }
}
