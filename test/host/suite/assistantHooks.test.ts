import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { page } from '../bridge/client.ts';
import { closeEditors, until } from '../support/editor.ts';
import { activated } from '../support/extension.ts';

const before = '{\n  // mine\n  "model": "m"\n}\n';
const rows = '.quick-input-list .monaco-list-row';

describe('the hooks of assistants', () => {
  const file = path.join(os.homedir(), '.claude', 'settings.json');

  beforeEach(async () => {
    await activated('countersign.countersign');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, before);
  });
  afterEach(async () => {
    await closeEditors();
    await rm(path.dirname(file), { recursive: true, force: true });
    await rm(path.join(os.homedir(), '.countersign'), { recursive: true, force: true });
  });

  /** Opens the question of a command; what it gives back waits for the command's end. */
  async function ask(command: string, title: string): Promise<() => Thenable<unknown>> {
    const done = vscode.commands.executeCommand(command);
    await page.waitFor(`.quick-input-title:has-text("${title}")`);
    await page.waitFor(`${rows}:has-text("Claude Code")`);
    return () => done;
  }

  async function accept(): Promise<void> {
    await page.click('.quick-input-widget .quick-input-action .monaco-button');
  }

  it('are set for those that are picked, the ones that are here to begin with, and taken out again', async () => {
    const installed = await ask('countersign.installAssistantHooks', 'Let these assistants report');
    const [first = ''] = await page.texts(rows);
    assert.ok(first.includes('Claude Code') && first.includes(file), first);
    assert.ok((await page.texts(rows)).some((row) => row.includes('Codex') && row.includes('not found here')));
    assert.equal(await page.attribute(`${rows}:has-text("Claude Code") [role="checkbox"]`, 'aria-checked'), 'true');
    assert.equal(await page.attribute(`${rows}:has-text("Codex") [role="checkbox"]`, 'aria-checked'), 'false');
    assert.equal(await readFile(file, 'utf8'), before, 'asking writes nothing');
    await accept();
    await installed();
    assert.match(await readFile(file, 'utf8'), /\/\/ mine[\s\S]*hook claude/);
    assert.ok((await stat(path.join(os.homedir(), '.countersign/bin/countersign'))).isFile());
    await assert.rejects(stat(path.join(os.homedir(), '.codex/hooks.json')), { code: 'ENOENT' });

    const takenOut = await ask('countersign.uninstallAssistantHooks', 'Stop letting these');
    assert.equal((await page.texts(rows)).length, 1);
    await accept();
    await takenOut();
    assert.equal(await readFile(file, 'utf8'), before);
  });

  it('are shown before they are set, as the change of the file that they are', async () => {
    const left = await ask('countersign.installAssistantHooks', 'Let these assistants report');
    await page.hover(`${rows}:has-text("Claude Code")`);
    await page.click(`${rows}:has-text("Claude Code") .codicon-diff`);
    const { tabGroups } = vscode.window;
    await until(
      tabGroups.onDidChangeTabs,
      () => tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff,
    );
    const { input } = tabGroups.activeTabGroup.activeTab as vscode.Tab;
    const { original, modified } = input as vscode.TabInputTextDiff;
    const texts = await Promise.all([original, modified].map((uri) => vscode.workspace.openTextDocument(uri)));
    assert.equal(texts[0]?.getText(), before);
    assert.match(texts[1]?.getText() ?? '', /\/\/ mine[\s\S]*hook claude/);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await left();
    assert.equal(await readFile(file, 'utf8'), before);
  });
});
