import { messageOf } from '../errors.ts';
import { version } from '../version.ts';
import { blame } from './blame.ts';
import { type Command, type Io, UsageError } from './command.ts';
import { explain } from './explain.ts';
import { printable } from './format.ts';
import { gitHook } from './gitHook.ts';
import { hook } from './hook.ts';
import { install, uninstall } from './install.ts';
import { review } from './review.ts';
import { risk } from './risk.ts';
import { show } from './show.ts';
import { status } from './status.ts';

const commands: readonly Command[] = [status, show, blame, explain, risk, review, install, uninstall, hook, gitHook];

function help(): string {
  const width = Math.max(...commands.map((command) => command.usage.length));
  const lines = commands.map((command) => `  countersign ${command.usage.padEnd(width)}  ${command.summary}`);
  return `countersign ${version}: who wrote the pending change, who looked at it, what shows that it works\n\n${lines.join('\n')}\n`;
}

/** Runs one command; the exit code is 0 when it did its work, 1 when it could not, 2 when it was called wrongly. */
async function main(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.out(help());
    return 0;
  }
  if (name === '--version' || name === '-v') {
    io.out(`${version}\n`);
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
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
  // What `parseArgs` throws for an option it does not know.
  return (
    error instanceof UsageError ||
    (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
  );
}

const processIo: Io = {
  cwd: process.cwd(),
  out: (text) => process.stdout.write(text),
  error: (line) => process.stderr.write(`countersign: ${clip(line)}\n`),
  readInput,
};

/** One line that fits on a screen, whatever a payload called its files, and that no terminal takes for a command. */
function clip(line: string): string {
  const plain = printable(line);
  return plain.length > 250 ? `${plain.slice(0, 200)} … ${plain.slice(-45)}` : plain;
}

/** Reads standard input to its end, as a stream; throws above `limit` bytes without keeping them. */
async function readInput(limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  if (size > limit) throw new Error(`the input has ${size} bytes, more than the ${limit} that are read: not recorded`);
  return Buffer.concat(chunks);
}

// A reader that went away (`countersign show | head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

main(process.argv.slice(2), processIo).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    processIo.error(messageOf(error));
    process.exitCode = 1;
  },
);
