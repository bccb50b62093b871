import { constants } from 'node:os';
import spawn from 'cross-spawn';
import { identityOf, noteRun, outcomeOf, workTree } from '../change/runs.ts';
import { surroundingsOf } from '../change/surroundings.ts';
import { shellWords } from '../core/commands/shellWords.ts';
import { plainName, type ValidatingCommand, validatingLine } from '../core/validation/commandKinds.ts';
import { messageOf } from '../errors.ts';
import { type Command, type Io, UsageError } from './command.ts';
import { openForCommand } from './place.ts';

/** What shells say where a program could not be started, and add a signal's number to. */
const notStarted = 127;
const signalled = 128;

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export const run: Command = {
  name: 'run',
  usage: 'run -- CMD...',
  summary: 'run tests or a scanner, and note how it ended and on what',
  async run(args, io) {
    const command = args[0] === '--' ? args.slice(1) : [...args];
    if (command.length === 0) throw new UsageError('a command is needed');
    const place = await openForCommand(io);
    // What is tested is what is there when it begins.
    const tree = await workTree(place).catch((error: unknown) => {
      io.error(`${messageOf(error)}: it is not noted what the command runs on`);
      return undefined;
    });
    const start = Date.now();
    const { exitCode, signal } = await runToItsEnd(command, io);
    const line = shellWords(command);
    await noteRun(place, {
      ...whatIsRun(command, line, io.cwd, place.repository.top),
      source: 'run',
      identity: identityOf(place, line, io.cwd),
      outcome: outcomeOf(exitCode),
      ...(exitCode !== null && { exitCode }),
      duration: Date.now() - start,
      tree,
    });
    return exitCode ?? (signal ? signalled + constants.signals[signal] : notStarted);
  },
};

/** What no rule knows is validation all the same: a person says so. */
function whatIsRun(command: readonly string[], line: string, folder: string, top: string): ValidatingCommand {
  return validatingLine(line, surroundingsOf(folder, top)).ifPassed[0] ?? { kind: 'other', name: plainName(command) };
}

/** Runs a program with our own streams; no shell is between. */
async function runToItsEnd([program = '', ...args]: readonly string[], io: Io): Promise<Ended> {
  // A person's Ctrl+C goes to the program, too: how it ends is still to be noted.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    return await new Promise<Ended>((resolve, reject) => {
      const child = spawn(program, [...args], { cwd: io.cwd, stdio: 'inherit' });
      child.once('error', (error) => reject(new Error(`${program} could not be started (${error.message})`)));
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    });
  } finally {
    process.off('SIGINT', ignore);
  }
}
