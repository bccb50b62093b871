import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { bridge, page } from '../bridge/client.ts';
import { acceptCompletion, observe } from '../support/completions.ts';
import { closeEditors, openFile } from '../support/editor.ts';
import { activated } from '../support/extension.ts';
import { git } from '../support/git.ts';

/** The part of the built-in Git extension's interface that is looked at. */
interface GitExports {
  getAPI(version: 1): { openRepository(root: vscode.Uri): Promise<{ rootUri: vscode.Uri } | null> };
}

describe('the host', () => {
  afterEach(closeEditors);

  it('is the version of VS Code that it is meant to be', async () => {
    const { version } = await bridge.session();
    if (version !== undefined) assert.equal(vscode.version, version);
  });

  it('has the extension, from this repository', async () => {
    const { extensionKind, isActive } = await activated('countersign.countersign');
    assert.equal(extensionKind, vscode.ExtensionKind.Workspace);
    assert.ok(isActive);
  });

  it('has the built-in Git extension, which sees the repository of the workspace', async () => {
    const top = await git('rev-parse', '--show-toplevel');
    const { exports } = await activated<GitExports>('vscode.git');
    const repository = await exports.getAPI(1).openRepository(vscode.Uri.file(top));
    assert.equal(repository?.rootUri.fsPath, vscode.Uri.file(top).fsPath);
  });

  it('turns keys into changes and says that they were typed', async () => {
    const editor = await openFile('README.md');
    const changes = await observe(3, () => page.type('Hi!'));
    assert.ok(editor.document.getText().endsWith('Hi!'));
    assert.deepEqual(
      changes.map(({ texts, source, metadata }) => [texts, source, metadata['kind']]),
      ['H', 'i', '!'].map((key) => [[key], 'cursor', 'type']),
    );
  });

  it('accepts an inline completion of several lines with a key and says whose it was', async () => {
    const editor = await openFile('src/greeting.ts');
    const text = ' function wave(): string {\n  return "o/";\n}';
    const { texts, source, metadata } = await acceptCompletion('export', text);
    assert.ok(editor.document.getText().endsWith(`export${text}`));
    assert.deepEqual(
      [texts, source, metadata['$extensionId']],
      [[text], 'inlineCompletionAccept', 'countersign-test.completions'],
    );
  });
});
