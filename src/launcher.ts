import { chmod, mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/**
 * The one command that git's and assistants' hooks call: a small script under the user's home that starts the program.
 * An update of the extension rewrites the script, not the hooks; where the program is gone, a hook's call ends with 0.
 */
export function launcherPath(home: string = os.homedir()): string {
  const name = process.platform === 'win32' ? 'countersign.cmd' : 'countersign';
  return path.join(home, '.countersign', 'bin', name);
}

/** Writes the launcher for this very program, run by this very runtime (Node, or an editor's Electron as Node). */
export async function writeLauncher(program: string, runtime: string = process.execPath): Promise<string> {
  const file = launcherPath();
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(
    file,
    process.platform === 'win32' ? windowsLauncher(runtime, program) : unixLauncher(runtime, program),
  );
  await chmod(file, 0o755);
  return file;
}

function unixLauncher(runtime: string, program: string): string {
  return `#!/bin/sh
# Written by Countersign. Starts its command line; when that is gone, a hook's call is silently fine.
runtime=${shellQuote(runtime)}
program=${shellQuote(program)}
if [ ! -x "$runtime" ] || [ ! -f "$program" ]; then
  case $1 in hook | git-hook) exit 0 ;; esac
  echo "countersign: $program is gone: install Countersign again" >&2
  exit 127
fi
ELECTRON_RUN_AS_NODE=1 exec "$runtime" "$program" "$@"
`;
}

function windowsLauncher(runtime: string, program: string): string {
  return [
    '@echo off',
    'rem Written by Countersign. Starts its command line; when that is gone, a hook call is silently fine.',
    `if not exist "${runtime}" goto gone`,
    `if not exist "${program}" goto gone`,
    'set ELECTRON_RUN_AS_NODE=1',
    `"${runtime}" "${program}" %*`,
    'exit /b %errorlevel%',
    ':gone',
    'if "%1"=="hook" exit /b 0',
    'if "%1"=="git-hook" exit /b 0',
    `echo countersign: ${program} is gone: install Countersign again 1>&2`,
    'exit /b 127',
    '',
  ].join('\r\n');
}

/** A word for `sh`, whatever it contains. */
export function shellQuote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
