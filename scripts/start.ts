import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { makeDemo } from './demo.ts';
import { all, runScript } from './lifetime.ts';
import { root } from './paths.ts';
import { installHost } from './vscode-host/install.ts';
import { isolatedEnvironment, ownEnvironment, temporaryFolder } from './vscode-host/isolation.ts';
import { startServer } from './vscode-host/server.ts';
import { workbenchUrl } from './vscode-host/workbench.ts';

// npm start [-- FOLDER]: the workbench with the extension, on FOLDER or on a demo that is gone afterwards.
runScript(
  async (lifetime) => {
    const [given] = parseArgs({ allowPositionals: true }).positionals;
    const project = given === undefined ? undefined : await existingFolder(given);
    const [installation] = await all([installHost('current'), build()]);
    const run = await temporaryFolder(lifetime, 'start');
    const { folder, env } = project ? { folder: project, env: ownEnvironment() } : await demo(run);
    const server = await startServer(lifetime, installation, { folder: path.join(run, 'server'), env });
    const url = workbenchUrl(server, { folder, development: root });
    process.stdout.write(`\nVS Code with Countersign, on ${folder}:\n\n  ${url}\n\nCtrl+C stops it.\n`);
    if (process.stdout.isTTY) showInBrowser(url);
    await server.crashed;
  },
  { stopCode: 0 },
);

async function existingFolder(given: string): Promise<string> {
  const folder = path.resolve(given);
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw new Error(`${folder} is not a folder: give one to open, or none for the demo.`);
  return folder;
}

/** The demo has an environment of its own: whatever is tried in it leaves the user's settings alone. */
async function demo(run: string): Promise<{ folder: string; env: NodeJS.ProcessEnv }> {
  const env = await isolatedEnvironment(run);
  const folder = path.join(run, 'demo');
  await makeDemo(folder, env);
  return { folder, env };
}

/** Opens the address as the platform does; it is on the screen already for whoever has no such program. */
function showInBrowser(url: string): void {
  const [command, ...args] = opener(url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', (error) => process.stderr.write(`The browser could not be opened: ${error.message}\n`));
  child.unref();
}

function opener(url: string): [command: string, ...args: string[]] {
  switch (process.platform) {
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler', url];
    case 'darwin':
      return ['open', url];
    default:
      return ['xdg-open', url];
  }
}
