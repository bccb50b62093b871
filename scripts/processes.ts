import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { Lifetime } from './lifetime.ts';

/** What `execute` gives back of a program that ended well. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, without a shell; rejects with the program's own words when it fails. */
export async function execute(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'> = {},
): Promise<Output> {
  return await executeWithInput(command, args, options, '');
}

/** The same with something on the program's standard input. */
export async function executeWithInput(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'>,
  input: string,
): Promise<Output> {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  // A program is free to end without having read it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  endWithUs(child, () => child.kill('SIGKILL'));
  const [code, signal]: (number | string | null)[] = await once(child, 'close');
  if (code !== 0) {
    throw new Error(`${[command, ...args].join(' ')} failed (${signal ?? `exit code ${code}`}):\n${stderr}${stdout}`);
  }
  return { stdout, stderr };
}

/**
 * Runs a program on our own terminal to its end and gives back its exit code, 1 where a signal ended it. When the lifetime
 * ends first, the program is told to, and given the time for it.
 */
export async function runInherited(
  lifetime: Lifetime,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  return await lifetime.during(async (own) => {
    const child = spawn(command, args, { env, stdio: 'inherit', windowsHide: true });
    endWithUs(child, () => child.kill('SIGTERM'));
    const closed: Promise<(number | string | null)[]> = once(child, 'close');
    await own.defer(async () => {
      child.kill('SIGTERM'); // which does nothing where it has ended
      await closed;
    });
    const [code] = await closed;
    return typeof code === 'number' ? code : 1;
  });
}

/**
 * Starts a program that stays, at the head of a process group of its own, so that `stopTree` reaches everything it
 * starts in turn, and Ctrl+C reaches us alone: we end the program in good order.
 */
export function startTree(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'stdio'>,
): ChildProcess {
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32', windowsHide: true });
  endWithUs(child, () => signalTree(child, 'SIGKILL'));
  return child;
}

/** Ends a program of `startTree` and all it started; resolves when it is gone. */
export async function stopTree(child: ChildProcess, graceMs = 5000): Promise<void> {
  if (!hasEnded(child)) {
    const exited = once(child, 'exit');
    signalTree(child, 'SIGTERM');
    const timer = setTimeout(signalTree, graceMs, child, 'SIGKILL');
    await exited;
    clearTimeout(timer);
  }
  signalTree(child, 'SIGKILL'); // what outlived the head of its group
}

/** Whether a child of ours has come to its end, or never began. */
export function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Whether a process with this id exists, ours or another's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** The `code` of an error of Node's own, such as `ENOENT`. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function signalTree(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    // Windows has no process groups, and a tree can be found only while its head is alive.
    if (!hasEnded(child)) spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error; // ESRCH: nobody of the group is left
  }
}

const lastResorts = new Set<() => void>();
process.once('exit', () => {
  for (const act of [...lastResorts].reverse()) act();
});

/**
 * Has something done, the latest first, should this process end in any way that it can still notice; gives back how to
 * call that off.
 */
export function atExit(act: () => void): () => void {
  lastResorts.add(act);
  return () => lastResorts.delete(act);
}

/** Our children do not stay behind. */
function endWithUs(child: ChildProcess, end: () => void): void {
  const callOff = atExit(end);
  child.once('close', callOff).once('error', callOff);
}
