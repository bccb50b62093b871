import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';

/** The folder that the workbench has open: a repository made for this session. */
export function workspaceFolder(): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('The workbench has no folder open.');
  return folder.uri;
}

/** Opens a file of the workspace and puts the focus into its editor, at the end of the text. */
export async function openFile(relative: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(workspaceFolder(), relative));
  const editor = await vscode.window.showTextDocument(document);
  // What the test before has put back on disk, the editor would learn of by and by: in the middle of this one.
  await vscode.commands.executeCommand('workbench.action.files.revert');
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await vscode.commands.executeCommand('cursorBottom');
  return editor;
}

/**
 * Throws away what is not saved and closes all editors. Each is taken for changed: that a document is, the extension host
 * learns only after the key that did it.
 */
export async function closeEditors(): Promise<void> {
  const { tabGroups } = vscode.window;
  const count = (): number => tabGroups.all.flatMap(({ tabs }) => tabs).length;
  for (let open = count(); open > 0; open = count()) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(tabGroups.onDidChangeTabs, () => count() < open);
  }
}

/** Resolves when the condition holds: it is asked now and after each event. Mocha's time limit ends the wait. */
export function until<T>(event: vscode.Event<T>, condition: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const subscription = event(() => settle());
    const settle = (): void => {
      try {
        if (!condition()) return;
        resolve();
      } catch (error) {
        reject(error);
      }
      subscription.dispose();
    };
    settle();
  });
}

/** How long an answer may take to be the one that is expected, in ms: mocha's own limit would not say what it was instead. */
const patience = 15_000;

/** Asks now, and after each event, until the answer is the one that is expected. */
export async function waitForAnswer<T>(
  event: vscode.Event<unknown>,
  ask: () => T | Promise<T>,
  expected: T,
): Promise<void> {
  let events = 0;
  const subscription = event(() => {
    events++;
  });
  const isLate = new Promise<'late'>((resolve) => setTimeout(resolve, patience, 'late'));
  try {
    for (;;) {
      const seen = events;
      const answer = await ask();
      if (isDeepStrictEqual(answer, expected)) return;
      if ((await Promise.race([until(event, () => events > seen), isLate])) === 'late') {
        assert.deepEqual(answer, expected);
      }
    }
  } finally {
    subscription.dispose();
  }
}
