import { existsSync } from 'node:fs';
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { nodeRuntime } from '../nodeRuntime.ts';
import { fetchPackage, npm } from '../npmPackage.ts';
import { codeServerVersions, type HostName } from './versions.ts';

/** A VS Code server on this machine and the Node that runs it. */
export interface Installation {
  readonly node: string;
  readonly serverMain: string;
}

/** Fetches the VS Code server of this version into the cache (some 400 MB, about half a minute) unless it is there. */
export async function installHost(host: HostName): Promise<Installation> {
  const [node, codeServer] = await Promise.all([
    // The release that this version of VS Code is built for: on a newer one the oldest extension host hangs.
    nodeRuntime(host === 'oldest' ? 22 : 24),
    fetchPackage('code-server', codeServerVersions[host], installServer),
  ]);
  await placeTerminals(vscodeDir(codeServer));
  return { node, serverMain: path.join(vscodeDir(codeServer), 'out', 'server-main.js') };
}

const vscodeDir = (codeServer: string): string => path.join(codeServer, 'lib', 'vscode');

/**
 * VS Code's own dependencies and those of its built-in extensions, which code-server's install script would fetch. No
 * native module is built: without them the server only keeps no log files.
 */
async function installServer(codeServer: string): Promise<void> {
  const server = vscodeDir(codeServer);
  const extensions = path.join(server, 'extensions');
  for (const dir of [server, extensions]) {
    await pinWatcher(dir);
    await npm(['install', '--omit=dev'], dir);
  }
  await placeRipgrep(server);
}

/** Older servers fetch ripgrep, which finds files for extensions, from elsewhere; this package brings it for all platforms. */
async function placeRipgrep(dir: string): Promise<void> {
  const target = path.join(dir, 'node_modules', '@vscode', 'ripgrep');
  if (!existsSync(target)) return;
  const source = await fetchPackage('@vscode/ripgrep-universal', '1.18.0');
  await cp(path.join(source, 'bin', `${process.platform}-${process.arch}`), path.join(target, 'bin'), {
    recursive: true,
  });
}

/** Older servers take this one package from its git repository; npm has it, built, in this version. */
const watcher = { name: '@parcel/watcher', version: '2.5.6' };

/**
 * Terminals, and the tasks that run in them, need a native module, which older servers would have built when they were
 * installed. This release of the same package brings it for all platforms.
 */
async function placeTerminals(server: string): Promise<void> {
  const target = path.join(server, 'node_modules', 'node-pty');
  if (existsSync(path.join(target, 'prebuilds', `${process.platform}-${process.arch}`))) return;
  const source = await fetchPackage('node-pty', '1.2.0-beta.15');
  const copy = `${target}.${process.pid}`;
  await cp(source, copy, { recursive: true });
  await rm(target, { recursive: true, force: true });
  await rename(copy, target);
}

type Dependencies = Record<string, string>;

interface Manifest {
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
}

interface Shrinkwrap {
  readonly packages: Record<string, Manifest>;
}

async function pinWatcher(dir: string): Promise<void> {
  await editJson<Manifest>(path.join(dir, 'package.json'), pin);
  await editJson<Shrinkwrap>(path.join(dir, 'npm-shrinkwrap.json'), ({ packages }) => {
    if (!pin(packages[''] ?? {})) return false;
    delete packages[`node_modules/${watcher.name}`];
    return true;
  });
}

/** Replaces a git address of the watcher; false where there is none. */
function pin({ dependencies, devDependencies }: Manifest): boolean {
  const found = [dependencies, devDependencies].find((list) => list?.[watcher.name]?.includes('#'));
  if (found) found[watcher.name] = watcher.version;
  return found !== undefined;
}

async function editJson<T>(file: string, edit: (value: T) => boolean): Promise<void> {
  const value: T = JSON.parse(await readFile(file, 'utf8'));
  if (edit(value)) await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
