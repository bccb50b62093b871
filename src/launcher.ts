import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isErrorCode } from './errors.ts';
import { version } from './version.ts';

/** What the launcher starts: a version of the program, and the Node (or an editor's Electron as Node) that runs it. */
export interface Launch {
  readonly version: string;
  readonly program: string;
  readonly runtime: string;
}

/** The exit code with which `countersign git-hook` says no: the only one that stops git. */
export const refusal = 10;

/**
 * The one command that git's and assistants' hooks call: a small script under the user's home that starts the program.
 * An update of the extension rewrites the script, not the hooks; where the program is gone, a hook's call ends with 0.
 * On Windows assistants call a `.cmd`; git's hooks, which run in its own `sh`, call the script beside it.
 */
export function launcherPath(home: string = os.homedir(), platform: NodeJS.Platform = process.platform): string {
  const { join } = platform === 'win32' ? path.win32 : path.posix;
  return join(home, '.countersign', 'bin', platform === 'win32' ? 'countersign.cmd' : 'countersign');
}

/** The launcher as `sh` calls it, with `/` on every system. */
export function shellLauncherPath(home: string = os.homedir(), platform: NodeJS.Platform = process.platform): string {
  const file = launcherPath(home, platform);
  return platform === 'win32' ? file.replace(/\.cmd$/, '').replaceAll('\\', '/') : file;
}

/** Writes the launcher for this very program, run by this very runtime; gives its path, as assistants call it. */
export async function writeLauncher(program: string, runtime: string = process.execPath): Promise<string> {
  const launch: Launch = { version, program, runtime };
  const file = launcherPath();
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') await replace(file, commandLauncher(launch, os.homedir()));
  const slashed = (name: string): string => (process.platform === 'win32' ? name.replaceAll('\\', '/') : name);
  await replace(shellLauncherPath(), shellLauncher({ version, program: slashed(program), runtime: slashed(runtime) }));
  return file;
}

/**
 * Writes the launcher anew where there is one that starts an older version, or something that is gone. Where there is
 * none nobody has agreed to anything, and one that starts a newer version, or another copy of this one, works.
 *
 * @returns whether it was written
 */
export async function refreshLauncher(program: string, runtime: string = process.execPath): Promise<boolean> {
  const found = await readLauncher();
  if (found === undefined) return false;
  if (found !== 'damaged' && !isOlder(found.version, version) && (await isThere(found))) return false;
  await writeLauncher(program, runtime);
  return true;
}

/** What the launcher starts; `undefined` where there is none, `damaged` where it is not as it was written. */
export async function readLauncher(file: string = shellLauncherPath()): Promise<Launch | 'damaged' | undefined> {
  try {
    return parseLauncher(await readFile(file, 'utf8')) ?? 'damaged';
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The opposite of `shellLauncher`; `undefined` for any other text. */
export function parseLauncher(text: string): Launch | undefined {
  const found = /^#!\/bin\/sh\n# Countersign (\S+)\n[^\n]*\nruntime=('.*')\nprogram=('.*')\n\n/s.exec(text);
  if (!found) return undefined;
  const [, written = '', runtime = '', program = ''] = found;
  const launch = { version: written, program: shellUnquote(program), runtime: shellUnquote(runtime) };
  return text === shellLauncher(launch) ? launch : undefined;
}

async function isThere({ program, runtime }: Launch): Promise<boolean> {
  const found = await Promise.all([program, runtime].map((file) => stat(file).catch(() => undefined)));
  return found.every((stats) => stats?.isFile() === true);
}

/** By the numbers alone: `0.9.0` is older than `0.10.0-rc.1`, which is as old as `0.10.0`. */
function isOlder(version: string, than: string): boolean {
  const numbers = (text: string): number[] => (text.match(/^\d+(\.\d+)*/)?.[0] ?? '0').split('.').map(Number);
  const [mine, other] = [numbers(version), numbers(than)];
  const first = [0, 1, 2].find((i) => (mine[i] ?? 0) !== (other[i] ?? 0)) ?? 0;
  return (mine[first] ?? 0) < (other[first] ?? 0);
}

/** Whole or not at all: git may call it meanwhile. */
async function replace(file: string, text: string): Promise<void> {
  const partial = `${file}.${process.pid}.tmp`;
  await writeFile(partial, text);
  await chmod(partial, 0o755);
  await rename(partial, file);
}

/**
 * The launcher for `sh`. What a hook need not start the program for is decided here, with nothing but what `sh` has built
 * in: Node's start costs more than all else in a hook, and a rebase calls two hooks a commit.
 */
export function shellLauncher({ version: written, runtime, program }: Launch): string {
  return `#!/bin/sh
# Countersign ${written}
# Starts its command line. Written by Countersign, and written anew by its updates.
runtime=${shellQuote(runtime)}
program=${shellQuote(program)}

case $1-$2 in
git-hook-prepare-commit-msg)
  # Git replays a commit, or no editor opens: there is nothing to show, or nobody to show it to. A template, this one or
  # the last, is for the program to keep in mind or to forget.
  case $3 in */*) folder=\${3%/*} ;; *) folder=. ;; esac
  for mark in rebase-merge rebase-apply CHERRY_PICK_HEAD REVERT_HEAD; do
    if [ -e "$folder/$mark" ]; then exit 0; fi
  done
  if [ "$4" = message ] || [ "$GIT_EDITOR" = : ]; then
    if [ "$4" != template ] && [ ! -e "$folder/countersign/template" ]; then exit 0; fi
  fi
  ;;
git-hook-post-commit)
  # A rebase that picks a commit without a stop: post-rewrite gets it at the end, with all the others. In the commits of
  # a person (after a conflict, at "edit" or "break") and of "exec", one of the three is otherwise.
  folder=\${GIT_DIR:-.git}
  if [ -f "$folder/rebase-merge/author-script" ] && [ -f "$folder/CHERRY_PICK_HEAD" ] &&
    [ ! -e "$folder/rebase-merge/stopped-sha" ]; then
    exit 0
  fi
  # Or commit-msg has left nothing to do for just this commit.
  if [ -r "$folder/countersign/prepared" ]; then
    IFS= read -r prepared <"$folder/countersign/prepared"
    case $prepared in
    - | '') ;;
    *)
      case $prepared in
      "tree "*) format='tree %T %P' ;;
      *) format='%P %(trailers:key=Provenance,valueonly)' ;;
      esac
      if [ "$prepared" = "$(git log -1 --no-show-signature --format="$format")" ]; then
        # Once: another commit may have the same parent, and the same words.
        : >"$folder/countersign/prepared"
        exit 0
      fi
      ;;
    esac
  fi
  ;;
esac

# A version manager may have taken the runtime away: any other Node does.
[ -x "$runtime" ] || runtime=$(command -v node) || runtime=
if [ -z "$runtime" ] || [ ! -f "$program" ]; then
  # A hook of something that was uninstalled says nothing.
  case $1 in hook | git-hook) exit 0 ;; esac
  echo "countersign: $program or its runtime is gone: install Countersign again" >&2
  exit 127
fi
case \${runtime##*/} in node | node.exe) ;; *) export ELECTRON_RUN_AS_NODE=1 ;; esac
case $1 in
hook) unset NODE_OPTIONS ;;
git-hook)
  # Options for other programs (a debugger's) have no say here, and however the program ends, only a no that was meant
  # stops git.
  unset NODE_OPTIONS
  "$runtime" "$program" "$@"
  [ $? -ne ${refusal} ]
  exit
  ;;
esac
exec "$runtime" "$program" "$@"
`;
}

/** The launcher for `cmd.exe`, which reads paths in the system's own encoding: the home, where names are, is not in it. */
export function commandLauncher({ version: written, runtime, program }: Launch, home: string): string {
  const [node, file] = [runtime, program].map((word) => commandQuote(word, home));
  const isNode = /(^|[\\/])node(\.exe)?$/i.test(runtime);
  return [
    '@echo off',
    `rem Countersign ${written}`,
    'rem Starts its command line. Written by Countersign, and written anew by its updates.',
    'setlocal',
    `if not exist ${node} goto gone`,
    `if not exist ${file} goto gone`,
    ...(isNode ? [] : ['set ELECTRON_RUN_AS_NODE=1']),
    'if "%~1"=="hook" set NODE_OPTIONS=',
    `${node} ${file} %*`,
    'exit /b %errorlevel%',
    ':gone',
    'if "%~1"=="hook" exit /b 0',
    'echo countersign: its program or runtime is gone: install Countersign again 1>&2',
    'exit /b 127',
    '',
  ].join('\r\n');
}

/** A word for `sh`, whatever it contains. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function shellUnquote(quoted: string): string {
  return quoted.slice(1, -1).replaceAll("'\\''", "'");
}

/** A path for a `.cmd` file; what is under the home starts with `%USERPROFILE%`. */
export function commandQuote(file: string, home: string): string {
  const under = file.toLowerCase().startsWith(`${home.toLowerCase()}\\`);
  const rest = (under ? file.slice(home.length) : file).replaceAll('%', '%%');
  return `"${under ? '%USERPROFILE%' : ''}${rest}"`;
}
