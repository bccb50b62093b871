import path from 'node:path';
import * as vscode from 'vscode';
import { workTreeText } from '../../change/texts.ts';
import { policyFile } from '../../core/policy/commandPolicy.ts';
import { Debounced, Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { OpenPlace, Places } from '../places.ts';

/** How our own diagnostics are signed. */
export const diagnosticSource = 'Countersign';

/** Shows what is wrong with the policies of the window's repositories, each thing at its place: while they are written, too. */
export class PolicyProblems extends Owner {
  readonly #places: Places;
  readonly #shown = this.own(vscode.languages.createDiagnosticCollection('countersign.policy'));

  constructor(places: Places, log: Log) {
    super();
    this.#places = places;
    const work = this.own(
      new Debounced(
        300,
        () => this.#look(),
        (error) => log.error(error),
      ),
    );
    const lookIfPolicy = (document: vscode.TextDocument): void => {
      if (path.basename(document.uri.path) === policyFile) work.schedule();
    };
    this.own(vscode.workspace.onDidChangeTextDocument(({ document }) => lookIfPolicy(document)));
    this.own(vscode.workspace.onDidOpenTextDocument(lookIfPolicy));
    this.own(vscode.workspace.onDidCloseTextDocument(lookIfPolicy));
    this.own(vscode.workspace.onDidDeleteFiles(() => work.schedule()));
    this.own(places.onDidOpen(() => work.schedule()));
    this.own(places.onDidChange(() => work.schedule()));
  }

  async #look(): Promise<void> {
    for (const place of this.#places.all) await this.#lookAt(place);
  }

  async #lookAt({ repository }: OpenPlace): Promise<void> {
    const uri = vscode.Uri.file(path.join(repository.top, policyFile));
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    const text = document?.getText() ?? onDisk(workTreeText(repository, policyFile));
    if (text === undefined) {
      this.#shown.delete(uri);
      return;
    }
    const { policyProblems } = await import('../../change/policyText.ts');
    const diagnostics = policyProblems(text).map(({ line, column, words }) => {
      const at = new vscode.Position(line - 1, column - 1);
      const diagnostic = new vscode.Diagnostic(new vscode.Range(at, at), words, vscode.DiagnosticSeverity.Warning);
      diagnostic.source = diagnosticSource;
      return diagnostic;
    });
    this.#shown.set(uri, diagnostics);
  }
}

function onDisk(content: ReturnType<typeof workTreeText>): string | undefined {
  return content.kind === 'text' ? content.text : undefined;
}
