import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { build } from './build.ts';
import { makeDemo } from './demo.ts';
import { all, runScript } from './lifetime.ts';
import { root } from './paths.ts';
import { installHost } from './vscode-host/install.ts';
import { isolatedEnvironment, temporaryFolder } from './vscode-host/isolation.ts';
import { startServer } from './vscode-host/server.ts';
import { openPage, startBrowser, workbenchUrl } from './vscode-host/workbench.ts';

/** One picture of the demo. */
interface Shot {
  /** The name of the file in media/screenshots. */
  readonly name: string;
  /** The file that is open, and the line (from 1) that the cursor is on. */
  readonly file: string;
  readonly line: number;
  /** What has to be there before anything else is done: a decoration, a status bar item. */
  readonly until: string;
  /** What is done before the picture is taken. */
  readonly pose: (page: Page) => Promise<void>;
}

const shots: readonly Shot[] = [
  {
    name: 'editor',
    file: 'src/cart.ts',
    line: 11,
    until: '.glyph-margin-widgets .cgmr',
    pose: (page) => hoverCode(page, 'discounts', 'Claude Code'),
  },
];

/** Moves the mouse over a word of the code and waits until the hover says this. */
async function hoverCode(page: Page, word: string, says: string): Promise<void> {
  const token = page.locator('.editor-instance .view-line > span > span', { hasText: word }).first();
  // An editor shows its hover where the mouse moves on the text, not where it already rests.
  await token.hover({ position: { x: 1, y: 1 } });
  await token.hover();
  await page.locator('.monaco-hover', { hasText: says }).first().waitFor();
}

/** The window without what belongs to this machine or to the way it was started. */
const settings = {
  'editor.minimap.enabled': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
};

// npm run screenshots [-- NAME...]: takes the pictures of the README anew, in the same workbench as npm start.
runScript(async (lifetime) => {
  const names = process.argv.slice(2);
  const chosen = shots.filter(({ name }) => names.length === 0 || names.includes(name));
  if (chosen.length === 0) throw new Error(`There are these shots: ${shots.map(({ name }) => name).join(', ')}.`);
  const browser = await startBrowser(lifetime);
  const [installation] = await all([installHost('current'), build()]);
  const out = path.join(root, 'media', 'screenshots');
  await mkdir(out, { recursive: true });
  for (const { name, file, line, until, pose } of chosen) {
    await lifetime.during(async (own) => {
      const run = await temporaryFolder(own, 'shot');
      const env = await isolatedEnvironment(run);
      const folder = path.join(run, 'cart');
      await makeDemo(folder, env);
      const server = await startServer(own, installation, { folder: path.join(run, 'server'), env }, settings);
      const page = await openPage(browser, own);
      const shown = { path: path.join(folder, file), line };
      await page.goto(workbenchUrl(server, { folder, development: root, file: shown }));
      await page.locator(until).first().waitFor();
      await page.locator('.statusbar-item .codicon-loading').waitFor({ state: 'hidden' });
      await pose(page);
      const picture = path.join(out, `${name}.png`);
      await page.screenshot({ path: picture, animations: 'disabled', caret: 'initial' });
      process.stdout.write(`${path.relative(process.cwd(), picture)}\n`);
    });
  }
});
