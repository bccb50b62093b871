import * as vscode from 'vscode';
import { Owner } from './lifecycle.ts';

const scheme = 'countersign-preview';

/** Texts that are shown and never saved: what a file would look like. */
export class Previews extends Owner {
  readonly #texts = new Map<string, string>();
  #count = 0;

  constructor() {
    super();
    this.own(
      vscode.workspace.registerTextDocumentContentProvider(scheme, {
        provideTextDocumentContent: ({ query }) => this.#texts.get(query) ?? '',
      }),
    );
    this.own(
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.#texts.delete(uri.query);
      }),
    );
  }

  /** Shows what a file is and what it would be, side by side. */
  async showChange(file: string, before: string, after: string): Promise<void> {
    const [left, right] = [this.#keep(file, before), this.#keep(file, after)];
    await vscode.commands.executeCommand('vscode.diff', left, right, `${vscode.Uri.file(file).path}: now ↔ then`);
  }

  #keep(file: string, text: string): vscode.Uri {
    this.#count += 1;
    const query = String(this.#count);
    this.#texts.set(query, text);
    return vscode.Uri.file(file).with({ scheme, query });
  }
}
