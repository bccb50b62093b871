import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { errorCode, startTree, stopTree } from '../../scripts/processes.ts';

/** How a program ended and what it said. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
}

/**
 * Runs a program to its end, whatever its exit code. What it started and left behind is ended with it: it runs in a
 * process group of its own, which would otherwise keep the pipes open and the test with them.
 */
export async function runProgram(command: string, args: readonly string[], options: ProgramOptions): Promise<Finished> {
  const { cwd, env, input = '', timeoutMs = 60_000 } = options;
  const child = startTree(command, args, { cwd, env, stdio: 'pipe' });
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error(`${command}: started without pipes`);
  let stopped: Promise<void> | undefined;
  const timer = setTimeout(() => {
    stopped = stopTree(child, 0);
  }, timeoutMs);
  try {
    const [out, err] = await Promise.all([
      text(stdout),
      text(stderr),
      once(child, 'exit').then(() => stopTree(child)),
      pipeline([input], stdin).catch(ignoreUnreadInput),
    ]);
    return { code: child.exitCode, stdout: out, stderr: err, timedOut: stopped !== undefined };
  } finally {
    clearTimeout(timer);
    await stopped;
  }
}

/** A program is free to end without having read all that it was given. */
function ignoreUnreadInput(error: unknown): void {
  if (!['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(errorCode(error) ?? '')) throw error;
}
