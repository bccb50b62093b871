import * as vscode from 'vscode';
import { messageOf } from '../errors.ts';
import { refreshLauncher } from '../launcher.ts';
import { Annotations } from './annotate/annotations.ts';
import { Hover } from './annotate/hover.ts';
import { Capture } from './capture/capture.ts';
import { Commands } from './commands.ts';
import { BackgroundHistory } from './history/backgroundHistory.ts';
import { Log } from './log.ts';
import { McpServers } from './mcpServers.ts';
import { PendingThread } from './pending/pendingThread.ts';
import { Places } from './places.ts';
import { PolicyProblems } from './policy/policyProblems.ts';
import { PendingDiagnostics } from './validation/pendingDiagnostics.ts';
import { TaskRuns } from './validation/taskRuns.ts';
import { TerminalRuns } from './validation/terminalRuns.ts';
import { PendingSummary } from './views/pendingSummary.ts';

/** What other extensions, and our own tests, may use. */
export interface Api {
  /** Waits until everything that was typed so far is kept. */
  flush(): Promise<void>;
  /** What the editor shows of a document's added lines (0-based). */
  readonly annotations: Pick<Annotations, 'lines' | 'onDidDraw'>;
  /** What the status bar sums up. */
  readonly summary: Pick<PendingSummary, 'pending' | 'onDidUpdate'>;
  /** What reads the history in the background. */
  readonly history: Pick<BackgroundHistory, 'onDidUpdate'>;
  /** What the editor's assistants are offered. */
  readonly mcpServers: Pick<McpServers, 'definitions'>;
}

/** The composition root: builds the services in order of their dependencies. */
export function activate(context: vscode.ExtensionContext): Api {
  try {
    const own = <T extends vscode.Disposable>(item: T): T => {
      context.subscriptions.push(item);
      return item;
    };
    const log = own(new Log());
    const places = own(new Places(log));
    const capture = own(new Capture(places, log));
    const annotations = own(new Annotations(capture, places, context.extensionUri, log));
    own(new Hover(annotations, capture, log));
    const bundled = (name: string): string => vscode.Uri.joinPath(context.extensionUri, 'dist', name).fsPath;
    const thread = own(new PendingThread(bundled('pendingThread.js')));
    const summary = own(new PendingSummary(places, thread, log));
    own(new PolicyProblems(places, log));
    const tasks = own(new TaskRuns(places, log));
    own(new TerminalRuns(places, tasks, log));
    own(new PendingDiagnostics(summary, log));
    const history = own(new BackgroundHistory(places, bundled('historyProcess.js'), log));
    const program = bundled('cli.js');
    // Where hooks were agreed to, they call this version from now on.
    refreshLauncher(program).catch((error: unknown) => log.error(error));
    const mcpServers = own(new McpServers(places, program));
    own(new Commands({ places, capture, summary, log, program }));
    openFolders(places, log);
    own(vscode.workspace.onDidChangeWorkspaceFolders(() => openFolders(places, log)));
    return { flush: () => capture.flush(), annotations, summary, mcpServers, history };
  } catch (error) {
    // VS Code tells nobody when an extension fails to start.
    void vscode.window.showErrorMessage(`Countersign could not start: ${messageOf(error)}`);
    throw error;
  }
}

/** Opens the repositories of the window's folders, so that the status bar speaks before a file is open. */
function openFolders(places: Places, log: Log): void {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    if (uri.scheme === 'file') places.ofFolder(uri.fsPath).catch((error: unknown) => log.error(error));
  }
}
