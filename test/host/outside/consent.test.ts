import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { makeDemo } from '../../../scripts/demo.ts';
import { Lifetime } from '../../../scripts/lifetime.ts';
import { root } from '../../../scripts/paths.ts';
import { execute } from '../../../scripts/processes.ts';
import { installHost } from '../../../scripts/vscode-host/install.ts';
import { isolatedEnvironment, temporaryFolder } from '../../../scripts/vscode-host/isolation.ts';
import { startServer } from '../../../scripts/vscode-host/server.ts';
import { openPage, startBrowser, workbenchUrl } from '../../../scripts/vscode-host/workbench.ts';
import { commitHooks } from '../../../src/git/hooks/events.ts';
import { parseLauncher, shellLauncher } from '../../../src/launcher.ts';
import { version } from '../../../src/version.ts';

/** Runs a command from the palette, as a person does. */
async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
}

/** `src/a.ts:1-3 ai claude`, a string for each span of `show --json`. */
function classes(json: string): string[] {
  const { files } = JSON.parse(json) as {
    files: { path: string; spans: { start: number; end: number; class: string; tool?: string }[] }[];
  };
  return files.flatMap((file) =>
    file.spans.map(({ start, end, class: name, tool = '' }) => `${file.path}:${start}-${end} ${name} ${tool}`.trim()),
  );
}

// A workbench that runs tests refuses to show dialogs, so this one is driven from outside.
describe('the git hooks', () => {
  it('are set from the palette only after a person has seen what is written and agreed', async () => {
    await new Lifetime().during(async (lifetime) => {
      const run = await temporaryFolder(lifetime, 'consent');
      const env = await isolatedEnvironment(run);
      const folder = path.join(run, 'demo');
      await makeDemo(folder, env);
      const git = async (...args: string[]): Promise<string> =>
        (await execute('git', args, { cwd: folder, env })).stdout;
      await execute(process.execPath, [path.join(root, 'dist', 'cli.js'), 'uninstall', '--git'], { cwd: folder, env });
      const hook = path.join(folder, '.git', 'hooks', 'commit-msg');
      const launcher = path.join(env['HOME'] as string, '.countersign', 'bin', 'countersign');
      const before = parseLauncher(await readFile(launcher, 'utf8'));
      assert.ok(before);
      await writeFile(launcher, shellLauncher({ ...before, version: '0.0.1' }));

      const [installation, browser] = await Promise.all([installHost('current'), startBrowser(lifetime)]);
      const server = await startServer(lifetime, installation, { folder: path.join(run, 'server'), env });
      const page = await openPage(browser, lifetime);
      await page.goto(workbenchUrl(server, { folder, development: root }));
      await page.locator('[id="countersign.countersign.countersign.pending"]').waitFor();

      const dialog = page.locator('.monaco-dialog-box', { hasText: 'Set the git hooks of this repository?' });
      await runCommand(page, 'Set the Git Hooks of This Repository');
      await dialog.waitFor();
      const text = await dialog.innerText();
      const { stdout: planned } = await execute(
        process.execPath,
        [path.join(root, 'dist', 'cli.js'), 'install', '--git', '--dry-run'],
        { cwd: folder, env },
      );
      const [, lines = ''] = /^git commit-msg: .*\n((?: {2}\+ .*\n)+)/m.exec(planned) ?? [];
      assert.match(lines, /git-hook commit-msg "\$@"/);
      for (const line of [...lines.trimEnd().split('\n'), ...commitHooks, 'Assisted-by: ', 'Provenance: sha256:'])
        assert.ok(text.includes(line.replace(/^ {2}\+ */, '')), line);
      // What was agreed to before is this version's business from now on.
      assert.equal(parseLauncher(await readFile(launcher, 'utf8'))?.version, version);
      await dialog.getByText('Cancel').click();
      await dialog.waitFor({ state: 'hidden' });
      await assert.rejects(access(hook), { code: 'ENOENT' });

      await runCommand(page, 'Set the Git Hooks of This Repository');
      await dialog.getByText('Set the Hooks').click();
      await dialog.waitFor({ state: 'hidden' });
      await runCommand(page, 'Notifications: Show Notifications');
      await page.locator('.notifications-center', { hasText: 'the git hooks are set' }).waitFor();
      const doctor = await execute(process.execPath, [path.join(root, 'dist', 'cli.js'), 'doctor'], {
        cwd: folder,
        env,
      });
      assert.match(doctor.stdout, /^current +commit-msg: /m);

      // What waits in the demo is committed as a newcomer would do it.
      await git('add', '--all');
      await git('commit', '--quiet', '--message', 'Discounts');
      const message = await git('log', '-1', '--format=%B');
      assert.match(
        message,
        /^Discounts\n\nAssisted-by: Claude Code \(claude-opus-4-5\)\nAssisted-by: GitHub Copilot\n/,
      );
      const program = path.join(root, 'dist', 'cli.js');
      const { stdout } = await execute(process.execPath, [program, 'show', 'HEAD', '--json'], { cwd: folder, env });
      assert.deepEqual(classes(stdout), [
        'README.md:4-5 unknown',
        'src/cart.ts:1-1 ai claude',
        'src/cart.ts:10-14 ai claude',
        'src/discount.ts:1-13 ai claude',
        'src/product.ts:7-10 ai copilot',
        'test/cart.test.ts:8-11 human',
      ]);
      assert.match(message, /\nAI-Lines: 23\/29 added, 0 reviewed, 2 unknown\nChange-Risk: moderate /);
    });
  });
});
