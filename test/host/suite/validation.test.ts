import assert from 'node:assert/strict';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { page } from '../bridge/client.ts';
import { api, countersign } from '../support/countersign.ts';
import { closeEditors, openFile, until, waitForAnswer, workspaceFolder } from '../support/editor.ts';
import { git } from '../support/git.ts';

interface Run {
  readonly kind: string;
  readonly name: string;
  readonly source: string;
  readonly outcome: string;
  readonly freshness: string;
}

/** The runs that the command line knows of, the youngest first: `tests "npm test" passed, current (terminal)`. */
async function runs(): Promise<string[]> {
  const { validation } = JSON.parse(await countersign('status', '--json')) as { validation: { runs: Run[] } };
  return validation.runs.map(
    ({ kind, name, source, outcome, freshness }) => `${kind} "${name}" ${outcome}, ${freshness} (${source})`,
  );
}

/** Waits until these are the runs: each that is noted makes the summary of the pending change come anew. */
async function waitForRuns(expected: readonly string[]): Promise<void> {
  await waitForAnswer((await api()).summary.onDidUpdate, runs, expected);
}

describe('validation that the editor sees', () => {
  const inWorkspace = (name: string): string => path.join(workspaceFolder().fsPath, name);
  const journal = (): string => inWorkspace('.git/countersign/runs.ndjson');

  /** A program that a rule knows as a run of tests, by its name, and that ends with this code. */
  async function makeTests(exitCode: number): Promise<void> {
    await writeFile(inWorkspace('test.sh'), `#!/bin/sh\nexit ${exitCode}\n`);
    await chmod(inWorkspace('test.sh'), 0o755);
  }

  beforeEach(async () => {
    await api();
    await makeTests(0);
  });
  afterEach(async () => {
    await closeEditors();
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await git('checkout', '-q', '--', '.');
    await git('clean', '-qfd');
    await rm(journal(), { force: true });
  });

  async function runTask(
    name: string,
    execution: vscode.Task['execution'],
    group?: vscode.TaskGroup,
    isBackground = false,
  ): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const task = new vscode.Task({ type: 'shell' }, folder, name, 'made for a test', execution);
    if (group) task.group = group;
    task.isBackground = isBackground;
    let hasEnded = false;
    const subscription = vscode.tasks.onDidEndTask(({ execution: { task: ended } }) => {
      hasEnded ||= ended.name === name;
    });
    await vscode.tasks.executeTask(task);
    await until(vscode.tasks.onDidEndTask, () => hasEnded);
    subscription.dispose();
  }

  it('is a task of the test group that ended well, until a file changes', async () => {
    await runTask('check it all', new vscode.ProcessExecution('git', ['--version']), vscode.TaskGroup.Test);
    await waitForRuns(['tests "check it all" passed, current (task)']);
    const { document } = await openFile('src/greeting.ts');
    await page.type('export const late = 1;');
    assert.deepEqual(await runs(), ['tests "check it all" passed, current (task)'], 'what is unsaved was not tested');
    await document.save();
    assert.deepEqual(await runs(), ['tests "check it all" passed, stale (task)']);
  });

  it('is a task that fails, by what it runs where it is of no group', async () => {
    await makeTests(3);
    await runTask('anything', new vscode.ShellExecution('./test.sh'));
    await waitForRuns(['tests "test.sh" failed, current (task)']);
  });

  it('is nothing of a task in the background, which does not end', async () => {
    await runTask('watch', new vscode.ShellExecution('./test.sh'), vscode.TaskGroup.Test, true);
    await runTask('once', new vscode.ProcessExecution('git', ['--version']), vscode.TaskGroup.Build);
    await waitForRuns(['build "once" passed, current (task)']);
  });

  /** A terminal whose shell tells of its commands. */
  async function openTerminal(): Promise<(command: string) => Promise<number | undefined>> {
    const terminal = vscode.window.createTerminal({ shellPath: '/bin/bash', cwd: workspaceFolder() });
    terminal.show();
    await until(vscode.window.onDidChangeTerminalShellIntegration, () => terminal.shellIntegration?.cwd !== undefined);
    return async (command) => {
      const { shellIntegration } = terminal;
      assert.ok(shellIntegration);
      const execution = shellIntegration.executeCommand(command);
      return await new Promise((resolve) => {
        const subscription = vscode.window.onDidEndTerminalShellExecution((ended) => {
          if (ended.execution !== execution) return;
          subscription.dispose();
          resolve(ended.exitCode);
        });
      });
    };
  }

  it('is a command in a terminal, with nothing of its arguments, until a file changes', async () => {
    const run = await openTerminal();
    assert.equal(await run('SECRET=hunter2 ./test.sh --password hunter2'), 0);
    await waitForRuns(['tests "test.sh" passed, current (terminal)']);
    assert.doesNotMatch(await readFile(journal(), 'utf8'), /hunter2|SECRET|password/);
    await makeTests(1);
    assert.deepEqual(await runs(), ['tests "test.sh" passed, stale (terminal)']);
    assert.equal(await run('SECRET=hunter2 ./test.sh --password hunter2'), 1);
    await waitForRuns(['tests "test.sh" failed, current (terminal)']);
  });

  it('is nothing of a command whose end tells nothing of the tests, or that is none', async () => {
    const run = await openTerminal();
    await makeTests(1);
    assert.equal(await run('./test.sh || true'), 0);
    assert.equal(await run('git --version'), 0);
    assert.equal(await run('(cd / && ./tests.sh) 2>/dev/null || ls > /dev/null'), 0);
    await makeTests(0);
    assert.equal(await run('cd src && ../test.sh'), 0);
    await waitForRuns(['tests "test.sh" passed, current (terminal)']);
  });

  it('is an error that the editor shows on a line of the change, until it is gone', async () => {
    const shown = vscode.languages.createDiagnosticCollection('made for a test');
    try {
      const { document } = await openFile('src/greeting.ts');
      await page.type('export const fine = 1;');
      await document.save();
      const at = (line: number, severity: vscode.DiagnosticSeverity): vscode.Diagnostic => {
        const diagnostic = new vscode.Diagnostic(new vscode.Range(line, 0, line, 6), 'No', severity);
        diagnostic.source = 'made for a test';
        return diagnostic;
      };
      const { Error: error, Warning: warning } = vscode.DiagnosticSeverity;
      // On a line that was there before, and a warning: neither says that the change is wrong.
      shown.set(document.uri, [at(1, error), at(4, warning)]);
      shown.set(document.uri, [at(1, error), at(4, error)]);
      await waitForRuns(['lint "errors in the editor" failed, current (undefined)']);
      assert.match(await countersign('risk'), /failing .*lint failed on what is there now/);
      shown.set(document.uri, [at(1, error), at(4, warning)]);
      await waitForRuns([]);
    } finally {
      shown.dispose();
    }
  });

  it('is told once of a task, though its terminal tells of it, too', async () => {
    await runTask('run them', new vscode.ShellExecution('./test.sh'));
    await waitForRuns(['tests "test.sh" passed, current (task)']);
    const run = await openTerminal();
    assert.equal(await run('./test.sh --again'), 0);
    await waitForRuns(['tests "test.sh" passed, current (terminal)', 'tests "test.sh" passed, current (task)']);
  });
});
