import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type * as vscode from 'vscode';
import { execute } from '../../../scripts/processes.ts';
import type { Api } from '../../../src/extension/extension.ts';
import { workspaceFolder } from './editor.ts';
import { activated } from './extension.ts';

/** What the extension offers to others. */
export async function api(): Promise<Api> {
  return (await activated<Api>('countersign.countersign')).exports;
}

/** The bundled command line, run in the workspace as in a terminal of this workbench. */
export async function countersign(...args: string[]): Promise<string> {
  const { extensionPath } = await activated('countersign.countersign');
  const cli = path.join(extensionPath, 'dist', 'cli.js');
  const { stdout } = await execute(process.execPath, [cli, ...args], { cwd: workspaceFolder().fsPath });
  return stdout;
}

/** Hands a payload to the hook of an assistant, on standard input as a shell of the assistant's would. */
export async function reportAs(assistant: string, payload: object): Promise<void> {
  const { extensionPath } = await activated('countersign.countersign');
  const child = spawn(process.execPath, [path.join(extensionPath, 'dist', 'cli.js'), 'hook', assistant], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin.end(JSON.stringify(payload));
  const [code] = await once(child, 'close');
  assert.equal(code, 0);
}

/** Each added line as the editor shows it: its number (from 1), class, and who wrote it where that is AI. */
function markedLines(annotations: Api['annotations'], document: vscode.TextDocument): string[] {
  return [...annotations.lines(document)]
    .sort(([a], [b]) => a - b)
    .map(
      ([line, known]) => `${line + 1} ${known.class}${known.author?.origin === 'ai' ? ` ${known.author.tool}` : ''}`,
    );
}

/** How long an editor may take to show what it knows, in ms: mocha's own limit would not say what was there instead. */
const patience = 10_000;

/** Waits until the editor shows just these lines of a document as added. */
export async function waitForLines(document: vscode.TextDocument, expected: readonly string[]): Promise<void> {
  const { annotations } = await api();
  const wanted = JSON.stringify(expected);
  await new Promise<void>((resolve, reject) => {
    let last = '';
    const look = (): void => {
      last = JSON.stringify(markedLines(annotations, document));
      if (last === wanted) end(resolve);
    };
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      subscription.dispose();
      settle();
    };
    const subscription = annotations.onDidDraw(look);
    const timer = setTimeout(() => end(() => reject(new Error(`expected ${wanted}, saw ${last}`))), patience);
    look();
  });
}

/** The class of each added line, as the command line reads it from the pending state on disk: `src/a.ts:1 ai`. */
export async function pendingLines(...args: string[]): Promise<string[]> {
  await (await api()).flush();
  const status = JSON.parse(await countersign('status', '--json', ...args)) as {
    files: { path: string; spans: { start: number; end: number; class: string; evidence?: string }[] }[];
  };
  return status.files.flatMap(({ path: file, spans }) =>
    spans.map(
      ({ start, end, class: name, evidence }) =>
        `${file}:${start}-${end} ${[name, evidence].filter(Boolean).join(' ')}`,
    ),
  );
}
