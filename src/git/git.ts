import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { messageOf } from '../errors.ts';

/** The oldest git that everything here works with. */
export const oldestGit = '2.30';

/** Why git gave no answer. The message is one line: what, where, what to do. */
export class GitError extends Error {
  readonly reason: 'missing' | 'too-old' | 'no-repository' | 'bare' | 'failed';
  /** All that git said, where it ran. */
  readonly stderr: string;

  constructor(reason: GitError['reason'], message: string, stderr = '') {
    super(message);
    this.name = 'GitError';
    this.reason = reason;
    this.stderr = stderr;
  }

  /** Each bundle that ships has this class for itself: an error of another one's is known, too. */
  static override [Symbol.hasInstance](value: unknown): value is GitError {
    return value instanceof Error && value.name === 'GitError' && 'reason' in value;
  }
}

export interface GitOptions {
  /** Given to git on its standard input. */
  readonly input?: string | Uint8Array;
  /** Exit codes besides 0 that are an answer. */
  readonly accept?: readonly number[];
  /** Variables over the environment; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends git; the call then throws what the signal says. */
  readonly signal?: AbortSignal | undefined;
}

/** Settings of the user's that would change what is parsed here, or make git ask, are pinned for every call. */
const pinned = ['-c', 'core.quotePath=false', '-c', 'color.ui=false', '-c', 'i18n.logOutputEncoding=UTF-8'];

/** Runs the user's git in one folder. No shell, no prompt, no pager; output is bytes. */
export class Git {
  readonly folder: string;
  readonly #env: GitOptions['env'];

  /** @param env variables over the environment of every call */
  constructor(folder: string, env: GitOptions['env'] = {}) {
    this.folder = folder;
    this.#env = env;
  }

  /** @throws {GitError} where git cannot be started or ends with an exit code that was not asked for. */
  async run(args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
    const child = await this.#start(args, options);
    const stdout: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    const ended = this.#ended(child, args, options);
    child.stdin.end(options.input ?? '');
    await ended;
    return Buffer.concat(stdout);
  }

  /**
   * Runs git with input that it takes as it needs it, and gives its output as it comes: neither is ever held as a whole.
   * Where the caller has enough, git is ended.
   *
   * @throws {GitError} as `run`, at the end of the output
   */
  async *stream(
    args: readonly string[],
    input: Iterable<string>,
    options: Pick<GitOptions, 'signal'> = {},
  ): AsyncGenerator<Buffer> {
    const [child, { Readable }] = await Promise.all([this.#start(args, options), import('node:stream')]);
    const ended = this.#ended(child, args, options);
    ended.catch(() => undefined); // told below, once the output has been read
    Readable.from(input).pipe(child.stdin);
    try {
      yield* child.stdout;
      await ended;
    } finally {
      if (child.exitCode === null) child.kill();
    }
  }

  /** @throws {GitError} where it does not end as it should */
  async #ended(
    child: ChildProcessWithoutNullStreams,
    args: readonly string[],
    { accept = [], signal }: GitOptions,
  ): Promise<void> {
    const stderr: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A git that ends early closes its input: its exit code and words say why, not the broken pipe.
    child.stdin.on('error', () => undefined);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) => reject(signal?.aborted ? signal.reason : notStarted(error, this.folder)));
      child.once('close', resolve);
    });
    if (code === 0 || accept.includes(code ?? -1)) return;
    const words = Buffer.concat(stderr).toString('utf8').trim();
    const command = args.find((arg, i) => arg !== '-c' && args[i - 1] !== '-c');
    const message = `git ${command} failed in ${this.folder}: ${firstLine(words) || `exit code ${code}`}`;
    throw new GitError('failed', message, words);
  }

  async #start(args: readonly string[], { env, signal }: GitOptions): Promise<ChildProcessWithoutNullStreams> {
    // Loaded when it is needed: a hook that finds all it needs in files does without.
    const { spawn } = await import('node:child_process');
    signal?.throwIfAborted();
    try {
      return spawn('git', [...pinned, ...args], {
        cwd: this.folder,
        env: {
          ...process.env,
          GIT_TERMINAL_PROMPT: '0',
          GIT_OPTIONAL_LOCKS: '0',
          LC_ALL: 'C',
          ...this.#env,
          ...env,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
        windowsHide: true,
        ...(signal && { signal }),
      });
    } catch (error) {
      // Some reasons come as an event, others (the folder is a file) at once.
      throw notStarted(error, this.folder);
    }
  }

  /** Output as UTF-8 without the final line break. */
  async text(args: readonly string[], options?: GitOptions): Promise<string> {
    return (await this.run(args, options)).toString('utf8').replace(/\r?\n$/, '');
  }

  /** Like `text`, or `undefined` where git says no (a ref or an object that is not there). */
  async ask(args: readonly string[], options?: GitOptions): Promise<string | undefined> {
    try {
      return await this.text(args, options);
    } catch (error) {
      if (error instanceof GitError && error.reason === 'failed') return undefined;
      throw error;
    }
  }
}

function notStarted(error: unknown, folder: string): GitError {
  // A folder that is not there gives the same error as a program that is not there.
  return new GitError(
    'missing',
    `git could not be started in ${folder}: is git on the PATH, and is the folder there? (${messageOf(error)})`,
  );
}

function firstLine(text: string): string {
  return (text.split('\n').find((line) => /^(fatal|error):/.test(line)) ?? text.split('\n')[0] ?? '').trim();
}

/** @throws {GitError} `too-old` below git 2.30. */
export async function requireGit(git: Git): Promise<void> {
  const answer = await git.text(['version']);
  const { major, minor } = parseVersion(answer);
  if (major > 2 || (major === 2 && minor >= 30)) return;
  throw new GitError('too-old', `${answer} is too old: Countersign needs git ${oldestGit} or later; update git`);
}

/** The version in what `git version` says; 0.0 where it names none. */
export function parseVersion(answer: string): {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
} {
  const [text = '0.0', major, minor] = /(\d+)\.(\d+)(?:\.\d+)*/.exec(answer) ?? [];
  return { text, major: Number(major ?? 0), minor: Number(minor ?? 0) };
}
