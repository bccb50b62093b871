import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, constants, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { gitHook } from '../../src/cli/gitHook.ts';

/** The hooks that `countersign install --git` sets, but for `prepare-commit-msg`: it only shows something to a person. */
const events = ['commit-msg', 'post-commit', 'post-merge', 'post-rewrite', 'post-applypatch'];

/** What git tells its hooks by the environment. */
const variables = [
  'GIT_AUTHOR_DATE',
  'GIT_AUTHOR_EMAIL',
  'GIT_AUTHOR_NAME',
  'GIT_CHERRY_PICK_HELP',
  'GIT_DIR',
  'GIT_EDITOR',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_REFLOG_ACTION',
  'GIT_WORK_TREE',
];

/** Ends what a hook tells; no variable and no message file has this name. */
const end = 'countersign-end';

/**
 * Git's hooks, run in this process: to start Node for each takes a hundred times as long as the hook itself. Git runs a
 * shell script that tells through a named pipe what it was called with, and waits for the answer in another.
 */
export class GitHooks {
  /** For `core.hooksPath`. */
  readonly folder: string;
  /** What hooks said that went wrong. */
  readonly problems: string[] = [];
  readonly #answers: number;
  readonly #questions: Socket;
  #told = '';

  /** @param folder an empty folder */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder);
    const [questions, answers] = ['questions', 'answers'].map((name) => path.join(folder, name)) as [string, string];
    execFileSync('mkfifo', [questions, answers]);
    const script = scriptOf(questions, answers);
    for (const event of events) {
      writeFileSync(path.join(folder, event), script);
      chmodSync(path.join(folder, event), 0o755);
    }
    // Opened for both ways, a named pipe never ends and nobody waits for its other side.
    const flags = constants.O_RDWR | constants.O_NONBLOCK;
    this.#answers = openSync(answers, flags);
    this.#questions = new Socket({ fd: openSync(questions, flags), readable: true, writable: false });
    this.#questions.setEncoding('utf8');
    this.#questions.on('data', (told: string) => this.#hear(told));
  }

  dispose(): void {
    this.#questions.destroy();
    closeSync(this.#answers);
  }

  #hear(told: string): void {
    this.#told += told;
    if (!this.#told.endsWith(`${end}\0`)) return;
    const parts = this.#told.split('\0').slice(0, -2);
    this.#told = '';
    this.#run(parts).finally(() => writeSync(this.#answers, '0\n'));
  }

  /** @param told folder, event, how many arguments, these, each variable with its value, the lines of the standard input */
  async #run([cwd = '', event = '', count = '0', ...rest]: readonly string[]): Promise<void> {
    const args = rest.slice(0, Number(count));
    const told = rest.slice(args.length);
    const before = { ...process.env };
    for (const [i, name] of variables.entries()) {
      const value = told[i] as string;
      if (value.startsWith('=')) process.env[name] = value.slice(1);
      else delete process.env[name];
    }
    const input = Buffer.from(told.slice(variables.length).join(''));
    try {
      await gitHook.run([event, ...args], {
        cwd,
        out: () => undefined,
        error: (line) => this.problems.push(line),
        readInput: () => Promise.resolve(input),
      });
    } finally {
      for (const name of variables) delete process.env[name];
      Object.assign(process.env, before);
    }
  }
}

/** Nothing but what a shell does by itself: no process is started. */
function scriptOf(questions: string, answers: string): string {
  const values = variables.map((name) => `"\${${name}+=}\${${name}-}"`).join(' ');
  return `#!/bin/sh
{
  printf '%s\\0' "$PWD" "\${0##*/}" "$#" "$@" ${values}
  case $0 in *post-rewrite) while IFS= read -r line; do printf '%s\\n' "$line"; done; printf '\\0' ;; esac
  printf '%s\\0' ${end}
} > '${questions}'
read -r code < '${answers}'
exit "$code"
`;
}
