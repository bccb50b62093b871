import * as vscode from 'vscode';
import { beginLine } from '../../change/runs.ts';
import { Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { Places } from '../places.ts';
import type { EndRun } from './endRun.ts';
import type { TaskRuns } from './taskRuns.ts';

/**
 * Notes how commands in the editor's terminals end that run tests, a build, a linter or a scanner, where the shell tells
 * the editor of its commands (shell integration). Of a command nothing is kept but what a rule calls it; all others are
 * not even looked into twice.
 */
export class TerminalRuns extends Owner {
  readonly #places: Places;
  readonly #begun = new WeakMap<vscode.TerminalShellExecution, Promise<EndRun | undefined>>();

  /** @param tasks what they tell of their terminals is not told again */
  constructor(places: Places, tasks: TaskRuns, log: Log) {
    super();
    this.#places = places;
    this.own(
      vscode.window.onDidStartTerminalShellExecution(({ execution }) => {
        const begun = this.#begin(execution).catch((error: unknown) => {
          log.error(error);
          return undefined;
        });
        this.#begun.set(execution, begun);
      }),
    );
    this.own(
      vscode.window.onDidEndTerminalShellExecution(({ execution, exitCode, terminal }) => {
        const begun = this.#begun.get(execution);
        this.#begun.delete(execution);
        begun
          ?.then(async (end) => {
            const processId = end && (await terminal.processId);
            if (processId === undefined || tasks.isTask(processId)) return;
            await end?.(exitCode);
          })
          .catch((error: unknown) => log.error(error));
      }),
    );
  }

  async #begin({ commandLine, cwd }: vscode.TerminalShellExecution): Promise<EndRun | undefined> {
    // Read off the screen, it may be another command, or a part of one.
    if (commandLine.confidence === vscode.TerminalShellExecutionCommandLineConfidence.Low) return undefined;
    if (cwd?.scheme !== 'file') return undefined;
    const place = await this.#places.containing(cwd.fsPath);
    return place && (await beginLine(place, commandLine.value, cwd.fsPath, 'terminal'));
  }
}
