import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Lifetime } from '../lifetime.ts';
import { atExit } from '../processes.ts';

/**
 * Makes a folder for one run that is gone after it, among the system's temporary ones or below `parent`. Its path is real:
 * git gives paths so, and tests compare them.
 */
export async function temporaryFolder(lifetime: Lifetime, name: string, parent = os.tmpdir()): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(parent, `countersign-${name}-`)));
  // Of a run that is stopped, some work may be under way when its folder goes, and bring it back.
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  // Programs that have just been ended may still be writing their last file.
  await lifetime.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Variables of the program that has started us, which would lead another npm, Node or VS Code astray. */
const launchers = /^(npm_|vscode_|electron_|node_options$)/i;

/** Variables that tell of the user: of git, of assistants, of proxies (everything here is on loopback), of folders. */
const personal =
  /^(git_|chrome_|claude|anthropic_|codex_|openai_|countersign_|xdg_(cache|config|data|state)_home$|tmp$|temp$|tmpdir$)|_proxy$/i;

/** The user's own environment, for programs that the user is to work in. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !launchers.test(name)));
}

/**
 * An environment in which programs neither see nor touch the user's own settings: a new home, a new temporary folder, no
 * marketplace of extensions to ask.
 */
export async function isolatedEnvironment(folder: string): Promise<NodeJS.ProcessEnv> {
  const home = path.join(folder, 'home');
  const temporary = path.join(folder, 'tmp');
  await mkdir(home);
  await mkdir(temporary);
  await writeFile(path.join(home, '.gitconfig'), '[init]\n\tdefaultBranch = main\n');
  const inherited = Object.entries(ownEnvironment()).filter(([name]) => !personal.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    USERPROFILE: home,
    APPDATA: path.join(home, 'AppData', 'Roaming'),
    LOCALAPPDATA: path.join(home, 'AppData', 'Local'),
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    GIT_CONFIG_NOSYSTEM: '1',
    EXTENSIONS_GALLERY: '{}',
  };
}
