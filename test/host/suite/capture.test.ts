import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { page } from '../bridge/client.ts';
import { acceptCompletion, observe } from '../support/completions.ts';
import { api, countersign, pendingLines, reportAs, waitForLines } from '../support/countersign.ts';
import { closeEditors, openFile, workspaceFolder } from '../support/editor.ts';
import { git } from '../support/git.ts';

/** Puts the cursor at the end and begins a line. */
async function newLine(): Promise<void> {
  await observe(1, () => page.press('Enter'));
}

async function run(command: string): Promise<void> {
  await vscode.commands.executeCommand(command);
}

function file(relative: string): string {
  return vscode.Uri.joinPath(workspaceFolder(), relative).fsPath;
}

describe('capture', () => {
  afterEach(async () => {
    await closeEditors();
    await git('checkout', '-q', '--', '.');
    await git('clean', '-qfd');
  });

  it('takes typed text as human, observed', async () => {
    const { document } = await openFile('src/greeting.ts');
    await page.type('// by hand');
    await waitForLines(document, ['5 human']);
    await document.save();
    assert.deepEqual(await pendingLines(), ['src/greeting.ts:5-5 human observed']);
  });

  it('takes an accepted inline completion as AI, and a typed change of it as mixed', async () => {
    const { document } = await openFile('src/greeting.ts');
    await acceptCompletion('export', ' function wave(): string {\n  return "o/";\n}');
    const who = 'countersign-test.completions';
    await waitForLines(
      document,
      [`5 ai ${who}`, `6 ai ${who}`, `7 ai ${who}`].map((line, i) => (i === 0 ? `5 mixed ${who}` : line)),
    );
    await vscode.commands.executeCommand('cursorUp');
    await vscode.commands.executeCommand('cursorEnd');
    await page.type(' // hi');
    await waitForLines(document, [`5 mixed ${who}`, `6 mixed ${who}`, `7 ai ${who}`]);
    await document.save();
    assert.deepEqual(await pendingLines(), ['src/greeting.ts:5-6 mixed observed', 'src/greeting.ts:7-7 ai observed']);
  });

  it('takes the marks away with undo and brings them back with redo', async () => {
    const { document } = await openFile('README.md');
    await acceptCompletion('Then', ' it waves.\nAnd bows.');
    const lines = ['4 mixed countersign-test.completions', '5 ai countersign-test.completions'];
    await waitForLines(document, lines);
    await observe(1, () => page.press('Control+z'));
    await waitForLines(document, ['4 human']);
    await observe(1, () => page.press('Control+Shift+z'));
    await waitForLines(document, lines);
  });

  it('takes what is pasted from elsewhere as unknown, and what was cut here as what it was', async () => {
    const { document } = await openFile('README.md');
    await vscode.env.clipboard.writeText('From somewhere else.');
    await observe(1, () => run('editor.action.clipboardPasteAction'));
    await waitForLines(document, ['4 unknown']);
    await newLine();
    await page.type('By hand.');
    await waitForLines(document, ['4 unknown', '5 human']);
    await page.press('Shift+Home');
    await observe(1, () => run('editor.action.clipboardCutAction'));
    await waitForLines(document, ['4 unknown']);
    // A browser without a window cuts the text, but does not always put it on the clipboard.
    await vscode.env.clipboard.writeText('By hand.');
    await observe(1, () => run('editor.action.clipboardPasteAction'));
    await waitForLines(document, ['4 unknown', '5 human']);
  });

  it("takes another extension's edit as unknown", async () => {
    const editor = await openFile('README.md');
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), 'By an extension.\n'));
    await waitForLines(editor.document, ['4 unknown']);
  });

  it('takes a change on disk that nobody reported as unknown', async () => {
    const { document } = await openFile('README.md');
    await writeFile(file('README.md'), `${document.getText()}Changed outside.\n`);
    await waitForLines(document, ['4 unknown']);
    assert.deepEqual(await pendingLines(), ['README.md:4-4 unknown']);
  });

  it("takes an assistant's change on disk as AI, reported after the editor has seen it, and leaves the person's", async () => {
    const { document } = await openFile('src/greeting.ts');
    const original = document.getText();
    await page.type('// by hand');
    await waitForLines(document, ['5 human']);
    await document.save();
    await (await api()).flush();
    const before = document.getText();
    const after = before.replace("return 'Hello, '", "const word = 'Hello, ';\n  return word");
    const tool = {
      tool_name: 'Edit',
      tool_input: {
        file_path: file('src/greeting.ts'),
        old_string: "return 'Hello, '",
        new_string: "const word = 'Hello, ';\n  return word",
      },
    };
    const common = { session_id: 's', cwd: workspaceFolder().fsPath, ...tool, tool_use_id: 't1' };
    await reportAs('claude', { ...common, hook_event_name: 'PreToolUse' });
    await writeFile(file('src/greeting.ts'), after);
    await waitForLines(document, ['3 unknown', '4 unknown', '6 human']);
    await reportAs('claude', { ...common, hook_event_name: 'PostToolUse', tool_response: { originalFile: before } });
    await waitForLines(document, ['3 ai claude', '4 ai claude', '6 human']);
    assert.notEqual(document.getText(), original);
    assert.deepEqual(await pendingLines(), ['src/greeting.ts:3-4 ai reported', 'src/greeting.ts:6-6 human observed']);
    assert.match(await countersign('status'), /2 AI, 1 human/);
  });

  it('keeps the origins through a formatter', async () => {
    const { document } = await openFile('README.md');
    await acceptCompletion('Then', ' it waves ,and   bows');
    const who = 'countersign-test.completions';
    await waitForLines(document, [`4 mixed ${who}`]);
    const formatter = vscode.languages.registerDocumentFormattingEditProvider(
      { pattern: '**/README.md' },
      {
        provideDocumentFormattingEdits: (formatted) => {
          const whole = new vscode.Range(0, 0, formatted.lineCount, 0);
          return [vscode.TextEdit.replace(whole, formatted.getText().replace(' ,and   bows', ',\nand bows\n'))];
        },
      },
    );
    try {
      await run('editor.action.formatDocument');
    } finally {
      formatter.dispose();
    }
    await waitForLines(document, [`4 mixed ${who}`, `5 ai ${who}`]);
  });
});
