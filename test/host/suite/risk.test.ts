import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { page } from '../bridge/client.ts';
import { acceptCompletion } from '../support/completions.ts';
import { api, countersign, waitForLines } from '../support/countersign.ts';
import { closeEditors, openFile, until, workspaceFolder } from '../support/editor.ts';
import { git } from '../support/git.ts';

interface Risk {
  readonly score: number;
  readonly level: string;
  readonly factors: readonly { readonly id: string; readonly effect: string; readonly detail: string }[];
  readonly toLower: readonly { readonly action: string; readonly score: number; readonly level: string }[];
}

const who = 'countersign-test.completions';
const rows = '.quick-input-list .monaco-list-row';
const statusBar = '[id="countersign.countersign.countersign.pending"]';

/** A row's parts follow one another without a blank in what the page gives back. */
const withoutBlanks = (text: string): string => text.replace(/\s+/g, '');

describe('the risk in the editor', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    await closeEditors();
    await git('checkout', '-q', '--', '.');
    await git('clean', '-qfd');
  });

  /** Adds AI lines, and gives back what the command line says of the risk. */
  async function addAiLines(): Promise<Risk> {
    const { document } = await openFile('src/greeting.ts');
    await acceptCompletion('export', ' const one = 1;\nexport const two = 2;');
    await waitForLines(document, [`5 mixed ${who}`, `6 ai ${who}`]);
    await document.save();
    await (await api()).flush();
    return JSON.parse(await countersign('risk', '--json')) as Risk;
  }

  it('is what the command line says, factor by factor', async () => {
    const risk = await addAiLines();
    const shown = vscode.commands.executeCommand('countersign.showRisk');
    await page.waitFor(`.quick-input-title:has-text("Risk ${risk.level} ${risk.score}/100")`);
    // A long list has only the rows in the page that there is room for: each is looked for by its words.
    const isShown = async (label: string, ...words: string[]): Promise<void> => {
      await page.press('Control+A');
      await page.type(label);
      await page.waitFor(`${rows}:has-text(${JSON.stringify(label)})`);
      const found = (await page.texts(rows)).map(withoutBlanks);
      const isThere = found.some((row) => words.every((word) => row.includes(withoutBlanks(word))));
      assert.ok(isThere, `${words.join(' ')} in ${found.join('\n')}`);
    };
    assert.ok(risk.factors.length > 0 && risk.toLower.length > 0);
    for (const { id, effect, detail } of risk.factors) await isShown(id, `${id} ${effect}`, detail);
    for (const { action, level, score } of risk.toLower) {
      await isShown(action.slice(0, 12), action, `then ${level} ${score}/100`);
    }
    await page.press('Escape');
    await shown;
  });

  it('leads to the place of a factor', async () => {
    await addAiLines();
    await vscode.commands.executeCommand('cursorTop');
    const moved = until(
      vscode.window.onDidChangeTextEditorSelection,
      () => vscode.window.activeTextEditor?.selection.isEmpty === false,
    );
    const shown = vscode.commands.executeCommand('countersign.showRisk');
    // A step that would lower the score names the rule, too.
    await page.click(`${rows}:has-text("unseen-ai"):has-text("floor")`);
    await shown;
    await moved;
    assert.equal(vscode.window.activeTextEditor?.selection.start.line, 4);
  });

  it('is told where the mouse rests on the status bar, and read out', async () => {
    const risk = await addAiLines();
    await page.waitFor(`${statusBar}:has-text("risk ${risk.score}")`);
    const label = await page.attribute(`${statusBar} [aria-label]`, 'aria-label');
    assert.match(label ?? '', new RegExp(`risk ${risk.level}, ${risk.score} of 100`));
    await page.hover(statusBar);
    const hover = '.monaco-hover:has-text("Pending change")';
    await page.waitFor(hover);
    const text = (await page.text(hover)).replace(/\s+/g, ' ');
    for (const { detail } of risk.factors.slice(0, 5)) assert.ok(text.includes(detail), `${detail} in ${text}`);
  });

  it('shows names of files as they are, whatever is in them', async () => {
    const name = 'src/$(trash) [x](command:y).ts';
    const file = vscode.Uri.joinPath(workspaceFolder(), name);
    await vscode.workspace.fs.writeFile(file, Buffer.from('export const a = 1;\n'));
    const shown = vscode.commands.executeCommand('countersign.showRisk');
    await page.waitFor(`${rows}:has-text("unknown-origin")`);
    const text = (await page.texts(rows)).join('\n');
    assert.ok(text.includes(`${name}:1`), text);
    await page.press('Escape');
    await shown;
  });
});
