import * as vscode from 'vscode';
import { beginLine, noteRun, outcomeOf, workTree } from '../../change/runs.ts';
import { shellWords } from '../../core/commands/shellWords.ts';
import type { ValidationKind } from '../../core/validation/validation.ts';
import { Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { OpenPlace, Places } from '../places.ts';
import type { EndRun } from './endRun.ts';

/**
 * Notes how the editor's tasks end that run tests, a build, a linter or a scanner, and on what: on what the work tree held
 * when they began. A task in the background has no end that says anything. A task that is no process is not seen here, nor
 * are runs of the Testing view, which the editor tells to nobody but the extension that runs them.
 */
export class TaskRuns extends Owner {
  readonly #places: Places;
  readonly #begun = new WeakMap<vscode.TaskExecution, Promise<EndRun | undefined>>();
  readonly #processes = new Set<number>();

  constructor(places: Places, log: Log) {
    super();
    this.#places = places;
    this.own(
      vscode.tasks.onDidStartTaskProcess(({ execution, processId }) => {
        this.#processes.add(processId);
        if (execution.task.isBackground) return;
        const begun = this.#begin(execution.task).catch((error: unknown) => {
          log.error(error);
          return undefined;
        });
        this.#begun.set(execution, begun);
      }),
    );
    this.own(
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        const begun = this.#begun.get(execution);
        this.#begun.delete(execution);
        begun?.then((end) => end?.(exitCode)).catch((error: unknown) => log.error(error));
      }),
    );
  }

  /** Whether a process of this id is, or was, a task's: what its terminal tells has been told here. */
  isTask(processId: number): boolean {
    return this.#processes.has(processId);
  }

  async #begin(task: vscode.Task): Promise<EndRun | undefined> {
    const folder = folderOf(task);
    const place = folder === undefined ? undefined : await this.#places.containing(folder);
    if (folder === undefined || !place) return undefined;
    const kind = kindOf(task.group);
    if (kind) return await beginDeclared(place, task, kind);
    const command = commandLineOf(task.execution);
    return command === undefined ? undefined : await beginLine(place, command, folder, 'task');
  }
}

/** The kind that whoever wrote the task says it is of. */
function kindOf(group: vscode.TaskGroup | undefined): ValidationKind | undefined {
  if (group?.id === vscode.TaskGroup.Test.id) return 'tests';
  return group?.id === vscode.TaskGroup.Build.id ? 'build' : undefined;
}

async function beginDeclared(place: OpenPlace, task: vscode.Task, kind: ValidationKind): Promise<EndRun> {
  const began = Date.now();
  const tree = await workTree(place);
  return async (exitCode) => {
    if (exitCode === undefined) return;
    await noteRun(place, {
      kind,
      name: task.name,
      source: 'task',
      identity: ['task', task.source, task.name, JSON.stringify(task.definition)].join('\0'),
      outcome: outcomeOf(exitCode),
      exitCode,
      duration: Date.now() - began,
      tree,
    });
  };
}

/** Where a task runs, absolute, as far as it can be told. */
function folderOf({ execution, scope }: vscode.Task): string | undefined {
  const own = execution instanceof vscode.CustomExecution ? undefined : execution?.options?.cwd;
  // Variables such as ${workspaceFolder} are not replaced here.
  if (own !== undefined && !own.includes('${')) return own;
  const { workspaceFolders = [] } = vscode.workspace;
  const folder = typeof scope === 'object' ? scope : workspaceFolders.length === 1 ? workspaceFolders[0] : undefined;
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}

/** What a task gives to a shell, or would have to. */
function commandLineOf(execution: vscode.Task['execution']): string | undefined {
  if (execution instanceof vscode.ProcessExecution) return shellWords([execution.process, ...execution.args]);
  if (!(execution instanceof vscode.ShellExecution)) return undefined;
  const { commandLine, command, args = [] } = execution;
  if (commandLine !== undefined || command === undefined) return commandLine;
  const words = args.map((arg) => shellWords([typeof arg === 'string' ? arg : arg.value]));
  return [typeof command === 'string' ? command : shellWords([command.value]), ...words].join(' ');
}
