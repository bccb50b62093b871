// The part of VS Code's proposed API `textDocumentChangeReason` that is used here (Microsoft, MIT licence):
// https://github.com/microsoft/vscode/blob/main/src/vscode-dts/vscode.proposed.textDocumentChangeReason.d.ts
// Where an editor does not offer it, `detailedReason` is absent and changes are told apart by their shape.
declare module 'vscode' {
  interface TextDocumentChangeEvent {
    readonly detailedReason: TextDocumentDetailedChangeReason | undefined;
  }

  interface TextDocumentDetailedChangeReason {
    /** What made the change: see `capture/changeCause.ts`. */
    readonly source: string;
    readonly metadata: Readonly<Record<string, unknown>>;
  }
}

export {};
