import { messageOf } from '../errors.ts';
import type { Command, Io } from './command.ts';
import { printable } from './format.ts';

/** Finds a command by its name. */
export type FindCommand = (name: string) => Promise<Command | undefined>;

/** The command line as a process: its arguments, its streams, its exit code. */
export function runProcess(find: FindCommand): void {
  run(process.argv.slice(2), processIo, find).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      processIo.error(messageOf(error));
      process.exitCode = 1;
    },
  );
}

/** Runs one command; the exit code is 0 when it did its work, 1 when it could not, 2 when it was called wrongly. */
async function run(args: readonly string[], io: Io, find: FindCommand): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.out((await import('./commands.ts')).help());
    return 0;
  }
  if (name === '--version' || name === '-v') {
    io.out(`${(await import('./commands.ts')).version}\n`);
    return 0;
  }
  const command = await find(name);
  if (!command) {
    io.error(`there is no command ${JSON.stringify(name)}: "countersign help" lists them`);
    return 2;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (isUsage(error)) {
      io.error(`${messageOf(error)}; usage: countersign ${command.usage}`);
      return 2;
    }
    io.error(messageOf(error));
    return 1;
  }
}

function isUsage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Told by its name, for the command comes from another bundle. The others are what `parseArgs` throws.
  return error.name === 'UsageError' || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
}

const processIo: Io = {
  cwd: process.cwd(),
  out: (text) => openOutput().write(text),
  error: (line) => process.stderr.write(`countersign: ${clip(line)}\n`),
  readInput,
};

let output: NodeJS.WriteStream | undefined;

/** Standard output, set up at the first word: a hook says none. */
function openOutput(): NodeJS.WriteStream {
  if (output) return output;
  output = process.stdout;
  // A reader that went away (`countersign show | head`) is no error of ours.
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return output;
}

/** One line that fits on a screen, whatever a payload called its files, and that no terminal takes for a command. */
function clip(line: string): string {
  const plain = printable(line);
  return plain.length > 250 ? `${plain.slice(0, 200)} … ${plain.slice(-45)}` : plain;
}

/**
 * Reads standard input to its end; throws above `limit` bytes without keeping them. As a stream, though a blocking read
 * would be faster: no time limit could end that where an assistant leaves its end open.
 */
async function readInput(limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  await new Promise<void>((resolve, reject) => {
    process.stdin
      .on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= limit) chunks.push(chunk);
      })
      .once('end', resolve)
      .once('error', reject);
  });
  if (size > limit) throw new Error(`the input has ${size} bytes, more than the ${limit} that are read: not recorded`);
  return Buffer.concat(chunks);
}
