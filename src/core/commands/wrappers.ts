/** A program that runs another one, which its own words name. */
export interface Wrapper {
  /** Operands that have to be there first, as `exec` in `docker exec`. */
  readonly after?: readonly string[];
  /** Operands of its own before the inner command: the time of `timeout`, the host of `ssh`. */
  readonly skip?: number;
  /** The inner command is a text for a shell, not words. */
  readonly text?: true;
  /** The inner command is the value of this option, as a text. */
  readonly option?: readonly string[];
  /** Nothing there is of this machine. */
  readonly elsewhere?: true;
  /** Its words may be a command of its own just as well: `yarn jest`, `yarn publish`. */
  readonly itself?: true;
  /** With these it runs nothing. */
  readonly not?: readonly string[];
}

const plain: readonly Wrapper[] = [{}];
const containers = (...before: readonly string[]): Wrapper[] =>
  ['exec', 'run'].map((verb) => ({ after: [...before, verb], skip: 1, elsewhere: true }));

/** By program; of several the first one counts whose operands are there. */
export const wrappers: ReadonlyMap<string, readonly Wrapper[]> = new Map<string, readonly Wrapper[]>([
  ['sudo', plain],
  ['doas', plain],
  ['pkexec', plain],
  ['command', [{ not: ['-v', '-V'] }]],
  ['builtin', plain],
  ['exec', plain],
  ['nohup', plain],
  ['setsid', plain],
  ['time', plain],
  ['nice', plain],
  ['ionice', plain],
  ['stdbuf', plain],
  ['strace', plain],
  ['caffeinate', plain],
  ['busybox', plain],
  ['winpty', plain],
  ['parallel', plain],
  ['xargs', plain],
  ['env', plain],
  ['cross-env', plain],
  ['dotenv', plain],
  ['npx', plain],
  ['bunx', plain],
  ['corepack', plain],
  ['timeout', [{ skip: 1 }]],
  ['chroot', [{ skip: 1, elsewhere: true }]],
  ['flock', [{ skip: 1 }]],
  ['eval', [{ text: true }]],
  ['watch', [{ text: true }]],
  ['trap', [{ text: true }]],
  ['su', [{ option: ['-c', '--command'] }]],
  ['script', [{ option: ['-c', '--command'] }]],
  ['nix-shell', [{ option: ['--run', '--command'] }]],
  ['ssh', [{ skip: 1, text: true, elsewhere: true }]],
  ['docker', [...containers(), ...containers('compose'), ...containers('container')]],
  ['kubectl', [{ after: ['exec'], skip: 1, elsewhere: true }]],
  ['heroku', [{ after: ['run'], elsewhere: true }]],
  ['npm', [{ after: ['exec'] }, { after: ['x'] }]],
  ['pnpm', [{ after: ['exec'] }, { after: ['dlx'] }, { itself: true }]],
  ['yarn', [{ after: ['exec'] }, { after: ['dlx'] }, { after: ['run'], itself: true }, { itself: true }]],
  ['bun', [{ after: ['x'] }, { itself: true }]],
  ['poetry', [{ after: ['run'] }]],
  ['pipenv', [{ after: ['run'] }]],
  ['pdm', [{ after: ['run'] }]],
  ['rye', [{ after: ['run'] }]],
  ['uv', [{ after: ['run'] }]],
  ['uvx', plain],
  ['hatch', [{ after: ['run'] }]],
  ['conda', [{ after: ['run'] }]],
  ['bundle', [{ after: ['exec'] }]],
  ['coverage', [{ after: ['run'] }]],
  ['direnv', [{ after: ['exec'], skip: 1 }]],
  ['mise', [{ after: ['exec'] }]],
  ['doppler', [{ after: ['run'] }]],
  ['op', [{ after: ['run'] }]],
  ['aws-vault', [{ after: ['exec'], skip: 1 }]],
  ['git', [{ after: ['bisect', 'run'] }, { after: ['submodule', 'foreach'], text: true }]],
  [
    'tmux',
    [
      { after: ['new-session'], text: true },
      { after: ['new'], text: true },
    ],
  ],
  ['screen', plain],
]);
