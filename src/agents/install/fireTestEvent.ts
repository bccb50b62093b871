import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Assistant, HookCommand } from '../assistant.ts';
import { testAnswer } from '../testEvent.ts';
import { hookCommand, type User } from './hookCommand.ts';

/** How a test event fared: how long the whole way took, in ms, or why it did not arrive. */
export type TestResult =
  | { readonly arrived: true; readonly ms: number }
  | { readonly arrived: false; readonly why: string };

/** A program with its arguments, as an assistant starts it for a hook. */
export type Call = readonly [program: string, ...args: string[]];

/** In ms; an assistant would not wait that long. */
const timeLimit = 5_000;

/** Runs the installed command as the assistant does, with a payload that is a test and nothing else. */
export async function fireTestEvent(assistant: Assistant, user: User): Promise<TestResult> {
  const nonce = randomUUID();
  const [program, ...args] = callOf(assistant, user);
  const start = performance.now();
  return await new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: user.home,
      env: user.environment,
      timeout: timeLimit,
      killSignal: 'SIGKILL',
      windowsHide: true,
      // With `/s`, cmd.exe gets a command line that is quoted already.
      windowsVerbatimArguments: args.includes('/s'),
    });
    let [out, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stdin.on('error', () => {
      // It ended without reading; what it said tells why.
    });
    child.on('error', (error) => resolve({ arrived: false, why: error.message }));
    child.on('close', (code, signal) => {
      const ms = Math.round(performance.now() - start);
      if (signal) resolve({ arrived: false, why: `it took more than ${timeLimit / 1000} s` });
      else if (code !== 0) resolve({ arrived: false, why: `it ended with ${code}` });
      else if (out !== '') resolve({ arrived: false, why: 'it writes to standard output' });
      else if (!said.includes(testAnswer(nonce))) resolve({ arrived: false, why: reasonIn(said) });
      else resolve({ arrived: true, ms });
    });
    child.stdin.end(JSON.stringify({ countersign: 'test', nonce }));
  });
}

function reasonIn(said: string): string {
  const line = said.split('\n').find((text) => text.trim() !== '');
  return line === undefined ? 'the program behind it is gone' : `it says "${line.trim().slice(0, 150)}"`;
}

/** How this system starts the command: in the shell whose form the assistant's settings have. */
export function callOf(assistant: Assistant, user: User): Call {
  const command = hookCommand(assistant, user);
  const { hooks } = assistant;
  if (hooks?.form === 'files') {
    const files = hooks.files(user.home, user.environment, command);
    const script = files.find(({ executable }) => executable);
    if (script && !command.windows) return [script.file];
    return shellCall(command, files.map(({ text }) => text).join('\n')) ?? command.argv;
  }
  const written = JSON.stringify([hooks?.items?.(command), hooks?.values?.(command)]);
  return shellCall(command, written) ?? command.argv;
}

function shellCall(command: HookCommand, written: string): Call | undefined {
  const has = (text: string): boolean => written.includes(text) || written.includes(JSON.stringify(text).slice(1, -1));
  if (command.windows && has(command.powershell))
    return ['powershell.exe', '-NoProfile', '-Command', command.powershell];
  if (command.windows && has(command.cmd)) return ['cmd.exe', '/d', '/s', '/c', `"${command.cmd}"`];
  return has(command.sh) ? ['sh', '-c', command.sh] : undefined;
}
