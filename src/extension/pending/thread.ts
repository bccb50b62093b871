import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import type { Answer, Question } from './messages.ts';
import { PendingReader } from './pendingReader.ts';

// A thread of its own: to judge a large change takes seconds, and what is typed must not wait for them.
const reader = new PendingReader();

parentPort?.on('message', ({ id, folder, isFresh }: Question) => {
  reader.read(folder, isFresh).then(
    (pending) => answer({ id, pending }),
    (error: unknown) => answer({ id, error: messageOf(error) }),
  );
});

function answer(given: Answer): void {
  parentPort?.postMessage(given);
}
