import { fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import * as v from 'valibot';

const ProgressSchema = v.object({ read: v.number(), total: v.number() });
/** How many commits were read, of how many. */
export type HistoryProgress = v.InferOutput<typeof ProgressSchema>;

/** So much of what a process says of its failure is kept, in UTF-16 units. */
const maxWords = 2_000;

/**
 * Brings the history index of a repository up to date, in a process that gives way to all others: the extension host stays
 * free for what is typed.
 *
 * @param script the bundle of `process.ts`
 * @throws where it failed, with its words; not where `signal` ended it
 */
export async function readHistory(
  script: string,
  top: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: HistoryProgress) => void },
): Promise<void> {
  if (signal.aborted) return;
  const { NODE_OPTIONS: _, ...env } = process.env;
  // The editor's own Node runs it, so nothing has to be installed.
  const child = fork(script, [top], {
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const end = (): void => {
    child.kill();
  };
  signal.addEventListener('abort', end);
  try {
    await new Promise<void>((resolve, reject) => {
      let words = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        words = (words + text).slice(0, maxWords);
      });
      child.on('spawn', () => giveWay(child.pid));
      child.on('message', (message) => {
        const progress = v.safeParse(ProgressSchema, message);
        if (progress.success) onProgress(progress.output);
      });
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0 || signal.aborted) resolve();
        else reject(new Error(`the history of ${top} could not be read: ${words || `exit code ${code}`}`));
      });
    });
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Of what it starts, git, the priority is the same. It may have ended by now. */
function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Then it runs as all others do.
  }
}
