import { EventEmitter, once } from 'node:events';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Lifetime } from '../lifetime.ts';
import { findBrowser } from './browser.ts';
import type { Server } from './server.ts';

/** What a workbench shows and which extensions it loads besides the installed ones. All paths are absolute. */
export interface WorkbenchOptions {
  readonly folder: string;
  /** An extension under development, loaded from its folder. The page can name one only. */
  readonly development: string;
  /** A file to show, on a line of it (from 1). */
  readonly file?: { readonly path: string; readonly line: number };
  /** A CommonJS module that exports `run(): Promise<void>`, run inside the extension host. */
  readonly tests?: string;
}

/** The address at which the server shows the workbench; it holds the server's secret. */
export function workbenchUrl(server: Server, { folder, development, file, tests }: WorkbenchOptions): string {
  const address = `127.0.0.1:${server.port}`;
  const remote = (file: string): string => `vscode-remote://${address}${uriPath(file)}`;
  const payload = [
    ['extensionDevelopmentPath', remote(development)],
    ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
    ...(file === undefined
      ? []
      : [
          ['openFile', remote(`${file.path}:${file.line}`)],
          ['gotoLineMode', 'true'],
        ]),
    // All extensions may use the API proposals that they name.
    ['enableProposedApi', ''],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({
    tkn: server.token,
    folder: uriPath(folder),
    payload: JSON.stringify(payload),
  });
  return `http://${address}/?${query}`;
}

/** `/abs/folder`, and `/c:/abs/folder` for Windows. */
function uriPath(file: string): string {
  const slashed = file.replaceAll('\\', '/');
  return slashed.startsWith('/') ? slashed : `/${slashed}`;
}

/** Starts a browser without a window. */
export async function startBrowser(lifetime: Lifetime): Promise<Browser> {
  const { executablePath, env } = await findBrowser();
  const browser = await chromium.launch({
    executablePath,
    env,
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-gpu',
      '--disable-quic',
      '--disable-sync',
      '--no-first-run',
    ],
    // A stopped run ends its browser itself, after the page.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  await lifetime.defer(() => browser.close());
  return browser;
}

/** Opens an empty page with a profile of its own, which may use the clipboard. */
export async function openPage(browser: Browser, lifetime: Lifetime): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await lifetime.defer(() => context.close());
  // Well below the tests' own limit: what was waited for in vain says more than that it took too long.
  context.setDefaultTimeout(15_000);
  return await context.newPage();
}

/** A page that can run tests inside the extension host of the workbench it shows. */
export interface TestPage {
  readonly page: Page;
  /** Has the workbench loaded, by address or anew, and gives back the exit code of the tests in it (0: passed). */
  readonly run: (load: (page: Page) => Promise<unknown>) => Promise<number>;
}

/** Opens a page for tests; `log` gets what their console says, and the workbench's own. */
export async function openTestPage(
  browser: Browser,
  lifetime: Lifetime,
  log: (type: string, ...args: readonly unknown[]) => void,
): Promise<TestPage> {
  const page = await openPage(browser, lifetime);
  const events = new EventEmitter();
  // The two names under which the workbench looks for whoever runs its tests.
  await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => log(type, ...args));
  await page.exposeFunction('codeAutomationExit', (code: number) => {
    events.emit('exit', code);
  });
  const crashed = new Promise<never>((_resolve, reject) => {
    page.once('crash', () => reject(new Error('The page of the workbench crashed.')));
  });
  crashed.catch(() => undefined); // it matters only to a run that is under way
  return {
    page,
    run: async (load) => {
      const exit: Promise<number[]> = once(events, 'exit');
      await load(page);
      const [code = 1] = await Promise.race([exit, crashed]);
      return code;
    },
  };
}
