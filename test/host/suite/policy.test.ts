import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { api } from '../support/countersign.ts';
import { closeEditors, openFile, waitForAnswer, workspaceFolder } from '../support/editor.ts';

describe('the policy in the editor', () => {
  const file = (): string => path.join(workspaceFolder().fsPath, '.countersign.json');

  beforeEach(async () => {
    await api();
  });
  afterEach(async () => {
    await closeEditors();
    await rm(file(), { force: true });
  });

  /** What we say of the file, by line and column from 1. */
  function problems(): string[] {
    return vscode.languages
      .getDiagnostics(vscode.Uri.file(file()))
      .filter(({ source }) => source === 'Countersign')
      .map(({ range: { start }, message }) => `${start.line + 1}:${start.character + 1} ${message.split(' ')[0]}`);
  }

  const { onDidChangeDiagnostics } = vscode.languages;

  it('shows what is wrong at its place, while it is written, and no longer once it is right', async () => {
    await writeFile(file(), '{\n  "version": 1,\n  "levels": { "high": "much" },\n  "limits": {}\n}\n');
    const { document } = await openFile('.countersign.json');
    await waitForAnswer(onDidChangeDiagnostics, problems, ['3:23 levels.high', '4:3 limits']);
    const replace = async (old: string, text: string): Promise<void> => {
      const start = document.getText().indexOf(old);
      const edit = new vscode.WorkspaceEdit();
      const range = new vscode.Range(document.positionAt(start), document.positionAt(start + old.length));
      edit.replace(document.uri, range, text);
      assert.ok(await vscode.workspace.applyEdit(edit));
    };
    await replace('"much"', '70');
    await waitForAnswer(onDidChangeDiagnostics, problems, ['4:3 limits']);
    await replace(',\n  "limits": {}', '');
    await waitForAnswer(onDidChangeDiagnostics, problems, []);
  });
});
