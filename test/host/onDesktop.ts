import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Lifetime } from '../../scripts/lifetime.ts';
import { cacheDir, root } from '../../scripts/paths.ts';
import { isolatedEnvironment, temporaryFolder } from '../../scripts/vscode-host/isolation.ts';
import { writeSettings } from '../../scripts/vscode-host/settings.ts';
import { type HostName, vscodeVersion } from '../../scripts/vscode-host/versions.ts';
import { addCounts, type Counts } from '../support/counts.ts';
import { type HostRun, runSession, SessionLog, testSettings } from './session.ts';
import { makeWorkspace } from './workspace.ts';

/** The program to test on: the one that VSCODE_PATH names, which has the version it has, else this version from its vendor. */
interface Desktop {
  readonly executable: string;
  readonly version: string | undefined;
}

async function desktopProgram(host: HostName): Promise<Desktop> {
  const installed = process.env['VSCODE_PATH'];
  if (installed) {
    if (!existsSync(installed)) throw new Error(`VSCODE_PATH names ${installed}, which does not exist.`);
    return { executable: installed, version: undefined };
  }
  const version = vscodeVersion(host);
  try {
    return { executable: await downloadAndUnzipVSCode({ version, cachePath: cacheDir }), version };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `VS Code ${version} for the desktop cannot be downloaded (${reason}): name an installed one in VSCODE_PATH, or leave VSCODE_TEST_HOST unset to test on the server.`,
    );
  }
}

/**
 * Runs the suites in the desktop program. That the VSIX installs is tested on the server alone, where no command line
 * of the platform's own is needed for it.
 */
export async function testOnDesktop(lifetime: Lifetime, host: HostName, run: HostRun): Promise<Counts> {
  const desktop = await desktopProgram(host);
  return await lifetime.during(async (own) => {
    const folder = await temporaryFolder(own, 'desktop');
    const workspace = path.join(folder, 'workspace');
    const userData = path.join(folder, 'data');
    const env = { ...(await isolatedEnvironment(folder)), ...run.bridge.env };
    await makeWorkspace(workspace, env);
    await writeSettings(userData, testSettings);
    const window: Window = { desktop, host, workspace, env, userData, extensions: path.join(folder, 'extensions') };
    return addCounts(
      await testInWindow(own, run, window, '', run.bundle.suite),
      await testInWindow(own, run, window, ', after a restart', run.bundle.afterReload),
    );
  });
}

interface Window {
  readonly desktop: Desktop;
  readonly host: HostName;
  readonly workspace: string;
  readonly env: NodeJS.ProcessEnv;
  readonly userData: string;
  readonly extensions: string;
}

async function testInWindow(
  lifetime: Lifetime,
  { bridge, bundle, grep }: HostRun,
  { desktop, host, workspace, env, userData, extensions }: Window,
  title: string,
  files: readonly string[],
): Promise<Counts> {
  return await lifetime.during(async (own) => {
    const port = await freePort();
    const { version, executable } = desktop;
    return await runSession(
      bridge,
      {
        title: `VS Code ${version ?? executable} on the desktop${title}`,
        info: {
          host,
          files,
          color: process.stdout.isTTY,
          ...(version === undefined ? {} : { version }),
          ...(grep === undefined ? {} : { grep }),
        },
        screenshots: path.join(cacheDir, 'screenshots', `desktop-${version ?? 'installed'}`),
        page: remoteWindow(own, port),
        start: async () => {
          await runTests({
            vscodeExecutablePath: executable,
            extensionDevelopmentPath: [root, bundle.completions],
            extensionTestsPath: bundle.entry,
            extensionTestsEnv: replacing(process.env, env),
            launchArgs: [
              workspace,
              `--user-data-dir=${userData}`,
              `--extensions-dir=${extensions}`,
              `--remote-debugging-port=${port}`,
              '--enable-proposed-api=countersign.countersign',
              '--enable-proposed-api=countersign-test.completions',
            ],
          });
        },
      },
      new SessionLog(),
    );
  });
}

/** The window's page, found when a test first asks for it: by then the program has started. */
function remoteWindow(lifetime: Lifetime, port: number): () => Promise<Page> {
  let connected: Promise<Browser> | undefined;
  const connect = async (): Promise<Browser> => {
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    await lifetime.defer(() => browser.close());
    return browser;
  };
  return async () => {
    connected ??= connect();
    const pages = (await connected).contexts().flatMap((context) => context.pages());
    const page = pages.find((candidate) => candidate.url().includes('workbench'));
    if (!page) throw new Error('The desktop program shows no workbench.');
    return page;
  };
}

/** `runTests` lays what it is given over our own environment: what is to be absent has to be said. */
function replacing(inherited: NodeJS.ProcessEnv, env: NodeJS.ProcessEnv): Record<string, string | undefined> {
  return { ...Object.fromEntries(Object.keys(inherited).map((name) => [name, undefined])), ...env };
}

/** A port for the program to listen on, which cannot tell us one of its own choice. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
