import type { HookCommand } from './assistant.ts';

/**
 * What each plugin of ours begins with, be it run by Bun or Node. `tell` hands something to our program, and gives its
 * answer; `guarded` makes of a handler one that no mistake of ours lets fail, unless a call is to be stopped by `Refusal`.
 */
export function pluginLauncher(title: string, { argv }: HookCommand): string {
  return `// Countersign's: tells it what ${title} writes and runs. Written by its installation, and taken away with it.
import { spawn } from 'node:child_process';

const [program, ...args] = ${JSON.stringify(argv)};
/** The assistant waits no longer than this for us, in ms. */
const timeLimit = 2000;

/** Our program's answer: an empty one where it is gone, fails or takes too long. No edit may wait for that. */
function tell(payload) {
  return new Promise((resolve) => {
    let answer = '';
    let child;
    const end = (text) => {
      clearTimeout(timer);
      resolve(parsed(text));
    };
    const timer = setTimeout(() => {
      // It may still note what it was told, for itself.
      child?.stdout.destroy();
      child?.unref();
      end('');
    }, timeLimit);
    try {
      child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], windowsHide: true });
      child.on('error', () => end(''));
      child.on('close', () => end(answer));
      child.stdin.on('error', () => end(''));
      child.stdout.setEncoding('utf8').on('data', (text) => {
        answer += text;
      });
      child.stdin.end(JSON.stringify(payload));
    } catch {
      end('');
    }
  });
}

function parsed(answer) {
  try {
    return JSON.parse(answer) ?? {};
  } catch {
    return {};
  }
}

class Refusal extends Error {}

function guarded(handler) {
  return async (...given) => {
    try {
      return await handler(...given);
    } catch (error) {
      if (error instanceof Refusal) throw error;
    }
  };
}
`;
}
