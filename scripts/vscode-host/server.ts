import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Lifetime } from '../lifetime.ts';
import { execute, startTree, stopTree } from '../processes.ts';
import type { Installation } from './install.ts';
import { writeSettings } from './settings.ts';

/** Where a server keeps what belongs to it alone, and the environment that it and its extensions run in. */
export interface ServerHome {
  /** A folder for the server's settings, data and installed extensions. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A running VS Code server. */
export interface Server {
  readonly port: number;
  /** The secret without which the server answers nobody, be it another user of this machine or a web page. */
  readonly token: string;
  /** Rejects when the server ends before it is told to; never resolves. */
  readonly crashed: Promise<never>;
}

/** Starts a VS Code server on a free loopback port, with these settings on top of ours; resolves when it answers. */
export async function startServer(
  lifetime: Lifetime,
  { node, serverMain }: Installation,
  home: ServerHome,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<Server> {
  const token = randomBytes(16).toString('hex');
  const tokenFile = path.join(home.folder, 'token');
  await writeSettings(path.join(home.folder, 'data'), settings);
  await writeFile(tokenFile, token, { mode: 0o600 });
  const args = ['--host', '127.0.0.1', '--port', '0', '--connection-token-file', tokenFile, ...commonArguments(home)];
  // The smoke test driver is what lets a page name extensions under development.
  const child = startTree(node, [serverMain, ...args, '--enable-smoke-test-driver', '--force-disable-user-env'], {
    env: home.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await lifetime.defer(() => stopTree(child));
  const { port, crashed } = watch(child);
  return { port: await Promise.race([port, crashed]), token, crashed };
}

/** Installs a VSIX into the extensions of the server that lives in this home. */
export async function installExtension(
  { node, serverMain }: Installation,
  home: ServerHome,
  vsix: string,
): Promise<void> {
  await execute(node, [serverMain, ...commonArguments(home), '--install-extension', vsix], { env: home.env });
}

/** Where the extensions are that this server has installed. */
export function extensionsFolder({ folder }: ServerHome): string {
  return path.join(folder, 'extensions');
}

function commonArguments(home: ServerHome): string[] {
  const extensions = extensionsFolder(home);
  return ['--accept-server-license-terms', '--server-data-dir', home.folder, '--extensions-dir', extensions];
}

/** Reads what the server says: the port it listens on, and its last words when it ends. */
function watch(child: ChildProcess): { port: Promise<number>; crashed: Promise<never> } {
  const tail: string[] = [];
  const port = new Promise<number>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        tail.push(line);
        if (tail.length > 50) tail.shift();
        const [, found] = /Extension host agent listening on (\d+)/.exec(line) ?? [];
        if (found !== undefined) resolve(Number(found));
      });
    }
  });
  const crashed = new Promise<never>((_resolve, reject) => {
    child.once('error', (error) => reject(new Error(`The VS Code server could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      reject(new Error(`The VS Code server ended (${signal ?? `exit code ${code}`}):\n${tail.join('\n')}`));
    });
  });
  // It matters while somebody waits for the server to do something; after that its end is nobody's failure.
  crashed.catch(() => undefined);
  return { port, crashed };
}
