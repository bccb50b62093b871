import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Lifetime } from '../../scripts/lifetime.ts';
import { cacheDir, root } from '../../scripts/paths.ts';
import { installHost } from '../../scripts/vscode-host/install.ts';
import { isolatedEnvironment, temporaryFolder } from '../../scripts/vscode-host/isolation.ts';
import { extensionsFolder, installExtension, startServer } from '../../scripts/vscode-host/server.ts';
import { type HostName, vscodeVersion } from '../../scripts/vscode-host/versions.ts';
import { openTestPage, workbenchUrl } from '../../scripts/vscode-host/workbench.ts';
import { addCounts, type Counts } from '../support/counts.ts';
import { type HostRun, runSession, SessionLog, testSettings } from './session.ts';
import { makeWorkspace } from './workspace.ts';

export interface ServerRun extends HostRun {
  readonly browser: Browser;
  /** The extension as it ships, with proposed API and without it. */
  readonly vsix: string;
  readonly marketplaceVsix: string;
}

/** Runs all suites on one version of VS Code, in its server and a browser. */
export async function testOnServer(lifetime: Lifetime, host: HostName, run: ServerRun): Promise<Counts> {
  const { bundle } = run;
  const developed = await lifetime.during(async (own) => {
    const installed = { folder: bundle.completions };
    const workbench = await openWorkbench(own, host, run, { development: root, installed });
    return addCounts(
      await workbench.test('', bundle.suite, (page) => page.goto(workbench.url)),
      await workbench.test(', after a reload of the window', bundle.afterReload, (page) => page.reload()),
    );
  });
  const testVsix = (vsix: string, title: string, files: readonly string[]): Promise<Counts> =>
    lifetime.during(async (own) => {
      const extensions = { development: bundle.completions, installed: { vsix } };
      const workbench = await openWorkbench(own, host, run, extensions);
      return await workbench.test(title, files, (page) => page.goto(workbench.url));
    });
  const installed = await testVsix(run.vsix, ', the VSIX installed', bundle.installed);
  const restricted = await testVsix(run.marketplaceVsix, ', the VSIX for the marketplace', bundle.marketplace);
  return [developed, installed, restricted].reduce(addCounts);
}

interface Extensions {
  /** A page can name one extension under development, and tests run only beside one. */
  readonly development: string;
  readonly installed: { readonly folder: string } | { readonly vsix: string };
}

interface Workbench {
  readonly url: string;
  readonly test: (title: string, files: readonly string[], load: (page: Page) => Promise<unknown>) => Promise<Counts>;
}

/** Starts a server of its own with these extensions, on a fresh repository, and a page to show it. */
async function openWorkbench(
  lifetime: Lifetime,
  host: HostName,
  { bridge, bundle, browser, grep }: ServerRun,
  { development, installed }: Extensions,
): Promise<Workbench> {
  const installation = await installHost(host);
  const folder = await temporaryFolder(lifetime, 'host');
  const home = { folder: path.join(folder, 'server'), env: { ...(await isolatedEnvironment(folder)), ...bridge.env } };
  const workspace = path.join(folder, 'workspace');
  await makeWorkspace(workspace, home.env);
  if ('vsix' in installed) await installExtension(installation, home, installed.vsix);
  // A server without a list of its extensions takes those whose folders it finds.
  else await cp(installed.folder, path.join(extensionsFolder(home), 'completions'), { recursive: true });
  const server = await startServer(lifetime, installation, home, testSettings);
  const log = new SessionLog();
  const test = await openTestPage(browser, lifetime, log.add);
  const version = vscodeVersion(host);
  return {
    url: workbenchUrl(server, { folder: workspace, development, tests: bundle.entry }),
    test: (title, files, load) =>
      runSession(
        bridge,
        {
          title: `VS Code ${version} (${host})${title}`,
          info: { host, version, files, color: process.stdout.isTTY, ...(grep === undefined ? {} : { grep }) },
          screenshots: path.join(cacheDir, 'screenshots', host),
          page: () => Promise.resolve(test.page),
          start: async () => {
            await Promise.race([test.run(load), server.crashed]);
          },
        },
        log,
      ),
  };
}
