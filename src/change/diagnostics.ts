import type { FileChange } from '../core/change.ts';
import { contentHash } from '../core/digest.ts';
import { words } from '../core/validation/report.ts';
import type { ValidationRun } from '../core/validation/validation.ts';
import { DiagnosticStore, type FileDiagnostics } from '../ledger/diagnosticStore.ts';
import type { Place } from './place.ts';

/** What an editor shows of one file. */
export interface EditorDiagnostics {
  /** Relative to the top, with `/`. */
  readonly path: string;
  /** The text that the editor showed them on. */
  readonly text: string;
  /** Errors alone: warnings are no failure. */
  readonly errors: readonly { readonly line: number; readonly source: string }[];
}

/** Lines with errors that are kept of a file. */
const maxLines = 200;
const maxSources = 4;

/** Notes the errors that an editor shows, in the place of what was noted of the same files. */
export async function noteDiagnostics({ ledger }: Place, files: readonly EditorDiagnostics[]): Promise<void> {
  const noted = new Map<string, FileDiagnostics | undefined>();
  const at = new Date().toISOString();
  for (const { path, text, errors } of files) {
    const lines = [...new Set(errors.map(({ line }) => line))].sort((a, b) => a - b).slice(0, maxLines);
    const sources = [...new Set(errors.map(({ source }) => words(source, 40)))].slice(0, maxSources);
    noted.set(path, lines.length === 0 ? undefined : { at, hash: contentHash(text), lines, sources });
  }
  const store = new DiagnosticStore(ledger.folder);
  const before = store.all();
  const isNews = [...noted].some(
    ([path, now]) => now?.hash !== before.get(path)?.hash || now?.lines.join() !== before.get(path)?.lines.join(),
  );
  if (isNews) await store.note(noted);
}

/** Places that are told. */
const maxPlaces = 20;

/**
 * The errors that the editor shows on lines of the change, as a run that failed; none where there are none. They count for just
 * the text that they were shown on.
 *
 * @param textOf what a path of the change holds; `undefined` where it is no text
 */
export async function diagnosticRuns(
  { ledger }: Place,
  files: readonly FileChange[],
  textOf: (path: string) => Promise<string | undefined>,
): Promise<ValidationRun[]> {
  const noted = new DiagnosticStore(ledger.folder).all();
  const where: { path: string; line: number }[] = [];
  let at = '';
  for (const { path, lines } of noted.size > 0 ? files : []) {
    const diagnostics = noted.get(path);
    if (!diagnostics) continue;
    const added = new Set(lines.filter((line) => line.class !== 'base').map(({ number }) => number));
    const onChange = diagnostics.lines.filter((line) => added.has(line));
    if (onChange.length === 0 || contentHash((await textOf(path)) ?? '') !== diagnostics.hash) continue;
    where.push(...onChange.map((line) => ({ path, line })));
    if (diagnostics.at > at) at = diagnostics.at;
  }
  if (where.length === 0) return [];
  return [
    {
      kind: 'lint',
      name: 'errors in the editor',
      outcome: 'failed',
      at,
      freshness: 'current',
      where: where.slice(0, maxPlaces),
    },
  ];
}
