import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { page } from '../bridge/client.ts';
import { observe } from '../support/completions.ts';
import { pendingLines, waitForLines } from '../support/countersign.ts';
import { openFile } from '../support/editor.ts';

describe('capture in the VSIX for the marketplace', () => {
  it('takes keys as human, and another extension as unknown', async () => {
    const editor = await openFile('src/greeting.ts');
    const text = '// by hand';
    await observe(text.length, () => page.type(text));
    await waitForLines(editor.document, ['5 human']);
    assert.ok(await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// by an extension\n')));
    await waitForLines(editor.document, ['1 unknown', '6 human']);
    await editor.document.save();
    // A workbench under development may offer the proposal to everybody: then the editor says it, else it is inferred.
    const lines = (await pendingLines()).map((line) => line.replace(/ (observed|inferred)$/, ' known'));
    assert.deepEqual(lines, ['src/greeting.ts:1-1 unknown', 'src/greeting.ts:6-6 human known']);
  });
});
