import * as vscode from 'vscode';

/** The settings, as `package.json` contributes them; a test compares the two. */
export const settings = {
  annotations: 'countersign.annotations.enabled',
  statusBar: 'countersign.statusBar.enabled',
  history: 'countersign.history.enabled',
} as const;

export function annotationsEnabled(): boolean {
  return vscode.workspace.getConfiguration().get(settings.annotations, true);
}

export function statusBarEnabled(): boolean {
  return vscode.workspace.getConfiguration().get(settings.statusBar, true);
}

export function historyEnabled(): boolean {
  return vscode.workspace.getConfiguration().get(settings.history, true);
}

export async function toggleAnnotations(): Promise<void> {
  await vscode.workspace
    .getConfiguration()
    .update(settings.annotations, !annotationsEnabled(), vscode.ConfigurationTarget.Global);
}

export function onDidChangeSettings(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('countersign')) listener();
  });
}
