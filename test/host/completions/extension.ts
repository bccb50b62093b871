import * as vscode from 'vscode';

/** What the editor said of one change of a document's text. */
export interface ObservedChange {
  readonly uri: string;
  readonly texts: readonly string[];
  /** From the `textDocumentChangeReason` proposal. */
  readonly source: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What a test can do with this extension. */
export interface CompletionsApi {
  /** A text to offer as an inline completion at the end of any line that reads `after`. */
  offer: { readonly after: string; readonly text: string } | undefined;
  /** The changes since the extension was activated. */
  readonly changes: readonly ObservedChange[];
  readonly onDidObserve: vscode.Event<ObservedChange>;
}

export function activate(context: vscode.ExtensionContext): CompletionsApi {
  const changes: ObservedChange[] = [];
  const observed = new vscode.EventEmitter<ObservedChange>();
  const api: CompletionsApi = { offer: undefined, changes, onDidObserve: observed.event };
  context.subscriptions.push(
    observed,
    vscode.languages.registerInlineCompletionItemProvider(
      { scheme: 'file' },
      {
        provideInlineCompletionItems: (document, position) => {
          const before = document.lineAt(position).text.slice(0, position.character);
          if (!api.offer || before.trim() !== api.offer.after) return [];
          return [new vscode.InlineCompletionItem(api.offer.text, new vscode.Range(position, position))];
        },
      },
    ),
    vscode.workspace.onDidChangeTextDocument((event) => {
      // The editor writes its own settings as a document too.
      if (event.contentChanges.length === 0 || !vscode.workspace.getWorkspaceFolder(event.document.uri)) return;
      const change: ObservedChange = {
        uri: event.document.uri.toString(),
        texts: event.contentChanges.map(({ text }) => text),
        source: event.detailedReason?.source,
        metadata: event.detailedReason?.metadata ?? {},
      };
      changes.push(change);
      observed.fire(change);
    }),
  );
  return api;
}
