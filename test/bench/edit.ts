import { TextDocument } from 'vscode-languageserver-textdocument';
import { AttributedDocument } from '../../src/extension/capture/attributedDocument.ts';
import type { TextChange } from '../../src/extension/capture/changeCause.ts';
import { Random } from '../fuzz/random.ts';
import { person } from '../support/authors.ts';
import type { Figure } from './figure.ts';
import { measureRatio } from './paired.ts';
import { attribution, sourceLines, textOf } from './workload.ts';

const lineCount = 100_000;
const runCount = 20_000;
/** Insertions in one measurement; as many deletions follow, which take them back. */
const insertionCount = 100;

/** One edit in a large document: what it costs us, against what it costs a plain text document. */
export function measure(): Promise<Figure[]> {
  const text = textOf(sourceLines(lineCount));
  const random = new Random(7);
  const scattered = Array.from({ length: insertionCount }, () => random.below(text.length));
  const typed = Array.from({ length: insertionCount }, (_, i) => Math.floor(text.length * 0.6) + i);
  return Promise.resolve([
    ...figures('anywhere', text, scattered, 'const a = 1;\n'),
    ...figures('of one character in a line', text, typed, 'x'),
  ]);
}

function figures(where: string, text: string, offsets: readonly number[], inserted: string): Figure[] {
  const edits: TextChange[] = [
    ...offsets.map((offset) => ({ offset, deleted: 0, text: inserted })),
    ...offsets.toReversed().map((offset) => ({ offset, deleted: inserted.length, text: '' })),
  ];
  const document = TextDocument.create('file:///a', 'plaintext', 1, text);
  // The same edits, in the positions that a text document takes.
  const changes = edits.map(({ offset, deleted, text }) => {
    const range = { start: document.positionAt(offset), end: document.positionAt(offset + deleted) };
    const change = { range, text };
    TextDocument.update(document, [change], document.version + 1);
    return change;
  });
  const runs = attribution(text.length, runCount);
  const captured = new AttributedDocument(text, runs.clone());
  const reference = (): void => {
    for (const change of changes) TextDocument.update(document, [change], document.version + 1);
  };
  const replace = (): void => {
    for (const { offset, deleted, text } of edits) {
      runs.replace(offset, deleted, text === '' ? [] : [{ length: text.length, author: person }]);
    }
  };
  const capture = (): void => {
    for (const edit of edits) captured.apply([edit], { how: 'exact', author: person });
  };
  const common = { reference, referenceName: 'TextDocument.update', limit: 0.5, pairs: 15 };
  const name = `${edits.length} edits ${where}`;
  return [
    measureRatio({ ...common, name: `${name}: the runs`, subject: replace, subjectName: 'RunMap.replace' }),
    measureRatio({
      ...common,
      name: `${name}: the capture`,
      subject: capture,
      subjectName: 'AttributedDocument.apply',
    }),
  ];
}
