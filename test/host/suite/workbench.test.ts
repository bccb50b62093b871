import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { page } from '../bridge/client.ts';
import { acceptCompletion } from '../support/completions.ts';
import { api, countersign, reportAs, waitForLines } from '../support/countersign.ts';
import { closeEditors, openFile, until, workspaceFolder } from '../support/editor.ts';
import { activated } from '../support/extension.ts';
import { git } from '../support/git.ts';

const statusBar = '[id="countersign.countersign.countersign.pending"]';
const who = 'countersign-test.completions';

interface GitRepository {
  status(): Promise<void>;
  readonly state: { readonly HEAD: { readonly commit?: string } | undefined; readonly onDidChange: vscode.Event<void> };
}

describe('the workbench', () => {
  afterEach(async () => {
    await closeEditors();
    await git('checkout', '-q', '--', '.');
  });

  it('marks AI lines in the gutter, and the marks follow an edit at once', async () => {
    const { document } = await openFile('src/greeting.ts');
    await acceptCompletion('export', ' const one = 1;\nexport const two = 2;');
    await waitForLines(document, [`5 mixed ${who}`, `6 ai ${who}`]);
    const marks = '.glyph-margin-widgets .cgmr';
    await page.waitFor(marks);
    assert.equal((await page.texts(marks)).length, 2);
    const classes = await Promise.all([0, 1].map((i) => page.attribute(`${marks} >> nth=${i}`, 'class')));
    assert.notEqual(classes[0], classes[1]);
    await vscode.commands.executeCommand('cursorTop');
    await page.press('Enter');
    await waitForLines(document, ['1 human', `6 mixed ${who}`, `7 ai ${who}`]);
    await vscode.commands.executeCommand('countersign.toggleAnnotations');
    await page.waitUntilGone(marks);
    await vscode.commands.executeCommand('countersign.toggleAnnotations');
    await page.waitFor(marks);
  });

  it('tells tool, time, evidence and review where the mouse rests on an AI line', async () => {
    const { document } = await openFile('src/greeting.ts');
    await acceptCompletion('export', ' const farewell = 1;\nexport const goodbye = 2;');
    await waitForLines(document, [`5 mixed ${who}`, `6 ai ${who}`]);
    await page.hoverCode('goodbye');
    const hover = '.monaco-hover:has-text("AI line")';
    await page.waitFor(hover);
    const text = await page.text(hover);
    for (const word of [
      who,
      'inline completion',
      new Date().getFullYear().toString(),
      'observed by the editor',
      'nobody has looked at it',
    ]) {
      assert.ok(text.includes(word), `${word} in ${text}`);
    }
  });

  it('the hover tells step by step how the line came about', async () => {
    const { document } = await openFile('src/greeting.ts');
    await acceptCompletion('export', ' const goodbye = 1;');
    await document.save();
    await (await api()).flush();
    await page.type(' // soon');
    await waitForLines(document, [`5 mixed ${who}`]);
    await page.hoverCode('goodbye');
    const hover = '.monaco-hover:has-text("AI line")';
    await page.waitFor(hover);
    const text = (await page.text(hover)).replace(/\s+/g, ' ');
    const steps = [
      'a person, observed: wrote "export"',
      `${who}, session [^ ]+, observed: wrote "const goodbye = 1;"`,
      'a person, observed: put in "// soon"',
    ];
    const time = String.raw`(\d{4}-\d\d-\d\d \d\d:\d\d|now)`;
    assert.match(text, new RegExp(steps.map((step) => `${time} ${step}`).join(' ?')));
  });

  it('the hover tells what the record of its commit says of a committed line', async () => {
    const file = vscode.Uri.joinPath(workspaceFolder(), 'src/committed.ts');
    const session = { version: 1, cwd: workspaceFolder().fsPath, tool: 'my-agent', model: 'm-1', session: 's-1' };
    const report = async (event: string): Promise<void> => {
      await reportAs('generic', { ...session, event, files: ['src/committed.ts'] });
    };
    await report('before-edit');
    await vscode.workspace.fs.writeFile(file, Buffer.from('export const first = 1;\n'));
    await report('after-edit');
    const start = (await git('rev-parse', 'HEAD')).trim();
    await countersign('install', '--git');
    try {
      await git('add', '--all');
      await git('commit', '-q', '-m', 'Add first');
      const commit = (await git('rev-parse', '--short=12', 'HEAD')).trim();
      await openFile('src/committed.ts');
      await page.hoverCode('first');
      const hover = '.monaco-hover:has-text("AI line")';
      await page.waitFor(hover);
      const text = await page.text(hover);
      for (const word of ['my-agent (m-1)', 'reported by the assistant itself', commit]) {
        assert.ok(text.includes(word), `${word} in ${text}`);
      }
    } finally {
      await closeEditors();
      await countersign('uninstall', '--git');
      await git('reset', '-q', '--hard', start);
    }
  });

  it('sums the pending change up in the status bar, which leads to the lines', async () => {
    const { document } = await openFile('src/greeting.ts');
    await acceptCompletion('export', ' const one = 1;\nexport const two = 2;');
    await document.save();
    await page.waitFor(`${statusBar}:has-text("AI 2/2 · risk 50")`);
    await page.click(statusBar);
    const moved = until(
      vscode.window.onDidChangeTextEditorSelection,
      () => vscode.window.activeTextEditor?.selection.isEmpty === false,
    );
    await page.click('.quick-input-list .monaco-list-row:has-text("Line 6: ai")');
    await moved;
    assert.equal(vscode.window.activeTextEditor?.selection.start.line, 5);
  });

  it('marks reviewed lines as such', async () => {
    const { document } = await openFile('src/greeting.ts');
    await acceptCompletion('export', ' const one = 1;');
    await document.save();
    await vscode.commands.executeCommand('countersign.reviewFile');
    await page.waitFor(`${statusBar}:has-text("AI 1/1 · risk 30")`);
    const status = JSON.parse(await countersign('status', '--json')) as { totals: { reviewed: number } };
    assert.equal(status.totals.reviewed, 1);
    const { annotations } = await api();
    await until(annotations.onDidDraw, () => {
      const author = annotations.lines(document).get(4)?.author;
      return author?.origin === 'ai' && author.review === 'reviewed';
    });
  });

  it('commits from the Source Control view with the trailers', async () => {
    // A workbench under test shows no dialogs: that the command asks first is tested from outside.
    await countersign('install', '--git');
    const { document } = await openFile('src/greeting.ts');
    await acceptCompletion('export', ' const one = 1;\nexport const two = 2;');
    await document.save();
    await (await api()).flush();
    await git('add', '--all');
    const { exports } = await activated<{ getAPI(version: 1): { repositories: GitRepository[] } }>('vscode.git');
    const [repository] = exports.getAPI(1).repositories;
    assert.ok(repository);
    await repository.status();
    const before = await git('rev-parse', 'HEAD');
    await vscode.commands.executeCommand('workbench.view.scm');

    await page.click('.scm-editor .view-lines');
    await page.type('Count to two');
    await page.press('Control+Enter');
    await until(repository.state.onDidChange, () => (repository.state.HEAD?.commit ?? before) !== before);

    const message = await git('log', '-1', '--format=%B');
    assert.match(
      message,
      new RegExp(
        `^Count to two\n\nAssisted-by: ${who}\nAI-Lines: 2/2 added, 0 reviewed\nChange-Risk: moderate .*\nProvenance: sha256:[0-9a-f]{64}$`,
      ),
    );
    const shown = JSON.parse(await countersign('show', 'HEAD', '--json')) as {
      fit: unknown;
      files: { spans: unknown[] }[];
    };
    assert.deepEqual(shown.fit, { state: 'exact' });
    assert.notEqual(await git('rev-parse', '--verify', 'refs/countersign/records'), '');
    await page.waitUntilGone(statusBar);
    await waitForLines(document, []);
  });

  it('a commit from a terminal has them too', async () => {
    const { document } = await openFile('README.md');
    await page.type('By hand.');
    await waitForLines(document, ['4 human']);
    await document.save();
    await (await api()).flush();
    await git('commit', '-qam', 'Say more');
    const message = await git('log', '-1', '--format=%B');
    assert.match(message, /^Say more\n\nChange-Risk: low .*\nProvenance: sha256:[0-9a-f]{64}$/);
  });
});
