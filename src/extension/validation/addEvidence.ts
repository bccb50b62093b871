import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { OpenPlace } from '../places.ts';

/** In bytes: what adding says is a line a scanner. */
const maxOutput = 1024 * 1024;

/**
 * Asks for files of results and keeps what is in them. The command line does it, in a process of its own: such a file may have
 * hundreds of megabytes.
 *
 * @param program the command line
 */
export async function addEvidence(place: OpenPlace, program: string): Promise<void> {
  const files = await vscode.window.showOpenDialog({
    title: 'Results of scanners and tests: SARIF, ZAP, Invicti, Mend, npm audit, JUnit',
    openLabel: 'Add as Evidence',
    defaultUri: vscode.Uri.file(place.repository.top),
    canSelectMany: true,
  });
  if (!files || files.length === 0) return;
  const paths = files.map(({ fsPath }) => fsPath);
  const options = { location: vscode.ProgressLocation.Notification, title: 'Reading results', cancellable: true };
  const said = await vscode.window.withProgress(options, (_, token) => add(place, program, paths, token));
  if (said !== undefined) await vscode.window.showInformationMessage(`Countersign: ${said}`);
}

/** @returns what the command line says; `undefined` where the person ended it @throws what it says is wrong */
async function add(
  place: OpenPlace,
  program: string,
  paths: readonly string[],
  token: vscode.CancellationToken,
): Promise<string | undefined> {
  const abort = new AbortController();
  const subscription = token.onCancellationRequested(() => abort.abort());
  const { NODE_OPTIONS: _, ...env } = process.env;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, 'evidence', 'add', '--', ...paths], {
      cwd: place.repository.top,
      // The editor's own Node runs it, so nothing has to be installed.
      env: { ...env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
      maxBuffer: maxOutput,
      signal: abort.signal,
    });
    return stdout.trim().replaceAll('\n', '; ');
  } catch (error) {
    if (token.isCancellationRequested) return undefined;
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw said === '' ? error : new Error(said);
  } finally {
    subscription.dispose();
  }
}
