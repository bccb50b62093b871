import * as vscode from 'vscode';
import { type EditorDiagnostics, noteDiagnostics } from '../../change/diagnostics.ts';
import { workTreeText } from '../../change/texts.ts';
import type { FileChange } from '../../core/change.ts';
import { Debounced, Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { OpenPlace } from '../places.ts';
import { diagnosticSource } from '../policy/policyProblems.ts';
import type { PendingSummary } from '../views/pendingSummary.ts';

/** How long diagnostics must have stayed as they are, in ms: they come in waves while something is typed. */
const settled = 1_000;
/** Pending files that are looked at. */
const maxFiles = 500;

/**
 * Notes the errors that the editor shows on lines of the pending change, bound to the text that they are on, and takes them
 * back when they are gone. Only of files that somebody has told diagnostics of in this window: that a language server has
 * said nothing yet does not mean that there are no errors.
 */
export class PendingDiagnostics extends Owner {
  readonly #summary: PendingSummary;
  readonly #told = new Set<string>();
  /** Files of which it was noted last that they have no errors: they need not be looked into again. */
  readonly #clean = new Set<string>();

  constructor(summary: PendingSummary, log: Log) {
    super();
    this.#summary = summary;
    const work = this.own(
      new Debounced(
        settled,
        () => this.#note(),
        (error) => log.error(error),
      ),
    );
    this.own(
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        for (const uri of uris) this.#told.add(uri.toString());
        work.schedule();
      }),
    );
    this.own(summary.onDidUpdate(() => work.schedule()));
  }

  async #note(): Promise<void> {
    for (const { place, files } of this.#summary.pending) {
      const found = files.slice(0, maxFiles).flatMap((file) => this.#ofFile(place, file) ?? []);
      if (found.length > 0) await noteDiagnostics(place, found);
    }
  }

  /** `undefined` where nothing is known, or what the editor shows is another text than the file holds. */
  #ofFile({ repository }: OpenPlace, { path, lines }: FileChange): EditorDiagnostics | undefined {
    const uri = vscode.Uri.joinPath(vscode.Uri.file(repository.top), path);
    if (!this.#told.has(uri.toString())) return undefined;
    const pending = new Set(lines.filter((line) => line.class !== 'base').map(({ number }) => number));
    const errors = vscode.languages
      .getDiagnostics(uri)
      .filter(({ severity, source }) => severity === vscode.DiagnosticSeverity.Error && source !== diagnosticSource)
      .map(({ range, source = 'editor' }) => ({ line: range.start.line + 1, source }))
      .filter(({ line }) => pending.has(line));
    if (errors.length === 0 && this.#clean.has(uri.toString())) return undefined;
    const content = workTreeText(repository, path);
    if (content.kind !== 'text') return undefined;
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (document && (document.isDirty || asShown(document.getText()) !== asShown(content.text))) return undefined;
    if (errors.length === 0) this.#clean.add(uri.toString());
    else this.#clean.delete(uri.toString());
    return { path, text: content.text, errors };
  }
}

/** An editor leaves the byte order mark out, and ends all lines alike. */
function asShown(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}
