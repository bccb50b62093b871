import * as vscode from 'vscode';
import type { AiAuthor } from '../../core/author.ts';
import { type ClassifiedLine, classifyLines } from '../../core/lineClass.ts';
import { addedLines } from '../../core/lineDiff.ts';
import type { Capture, TrackedDocument } from '../capture/capture.ts';
import { Debounced, Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { Places } from '../places.ts';
import { annotationsEnabled, onDidChangeSettings } from '../settings.ts';

/** The marks in the gutter and the overview ruler, one decoration type each. */
const marks = ['ai', 'mixed', 'reviewed'] as const;
type Mark = (typeof marks)[number];

const colors: Readonly<Record<Mark, string>> = {
  ai: 'countersign.aiLine',
  mixed: 'countersign.mixedLine',
  reviewed: 'countersign.reviewedLine',
};

/**
 * Marks the pending AI lines of the visible editors. VS Code moves the marks with the text as it is typed; what changed
 * is worked out anew a moment later.
 */
export class Annotations extends Owner {
  readonly #capture: Capture;
  readonly #types: ReadonlyMap<Mark, vscode.TextEditorDecorationType>;
  readonly #lines = new Map<vscode.TextDocument, ReadonlyMap<number, ClassifiedLine>>();
  readonly #refresh: Debounced;
  readonly #drawn = this.own(new vscode.EventEmitter<vscode.TextDocument>());
  readonly onDidDraw = this.#drawn.event;
  #stale = new Set<vscode.TextDocument>();

  constructor(capture: Capture, places: Places, extensionUri: vscode.Uri, log: Log) {
    super();
    this.#capture = capture;
    this.#types = new Map(marks.map((mark) => [mark, this.own(decorationType(mark, extensionUri))]));
    this.#refresh = this.own(
      new Debounced(
        50,
        () => this.#drawStale(),
        (error) => log.error(error),
      ),
    );
    this.own(capture.onDidChange((document) => this.#invalidate(document)));
    this.own(places.onDidChange(() => this.#invalidateAll()));
    this.own(vscode.window.onDidChangeVisibleTextEditors(() => this.#invalidateAll()));
    this.own(vscode.workspace.onDidCloseTextDocument((document) => this.#lines.delete(document)));
    this.own(onDidChangeSettings(() => this.#invalidateAll()));
    this.#invalidateAll();
  }

  /** What is known of an added line (0-based) of a document, as it was last drawn. */
  line(document: vscode.TextDocument, line: number): ClassifiedLine | undefined {
    return this.#lines.get(document)?.get(line);
  }

  /** All that is known of a document's added lines (0-based), as it was last drawn. */
  lines(document: vscode.TextDocument): ReadonlyMap<number, ClassifiedLine> {
    return this.#lines.get(document) ?? new Map();
  }

  #invalidate(document: vscode.TextDocument): void {
    this.#stale.add(document);
    this.#refresh.schedule();
  }

  #invalidateAll(): void {
    for (const { document } of vscode.window.visibleTextEditors) this.#stale.add(document);
    this.#refresh.schedule();
  }

  async #drawStale(): Promise<void> {
    const stale = this.#stale;
    this.#stale = new Set();
    for (const document of stale) {
      const tracked = this.#capture.get(document);
      if (tracked) await this.#classify(tracked);
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) this.#draw(editor);
      this.#drawn.fire(document);
    }
  }

  async #classify({ document, attributed, place, path }: TrackedDocument): Promise<void> {
    const head = await place.headText(path);
    const { text, runs } = attributed;
    const ranges = addedLines(head, text);
    const classes = classifyLines(text, runs, head, ranges);
    const numbers = ranges.flatMap(({ start, count }) => Array.from({ length: count }, (_, i) => start + i));
    this.#lines.set(document, new Map(numbers.map((number, i) => [number, classes[i] as ClassifiedLine])));
  }

  #draw(editor: vscode.TextEditor): void {
    const ranges: Record<Mark, vscode.Range[]> = { ai: [], mixed: [], reviewed: [] };
    if (annotationsEnabled()) {
      for (const [number, line] of this.lines(editor.document)) {
        const mark = markOf(line);
        // A line that is gone since will be classified anew in a moment.
        if (mark && number < editor.document.lineCount) ranges[mark].push(editor.document.lineAt(number).range);
      }
    }
    for (const [mark, type] of this.#types) editor.setDecorations(type, ranges[mark]);
  }
}

function markOf(line: ClassifiedLine): Mark | undefined {
  if (line.class !== 'ai' && line.class !== 'mixed') return undefined;
  if ((line.author as AiAuthor | undefined)?.review === 'reviewed') return 'reviewed';
  return line.class;
}

function decorationType(mark: Mark, extensionUri: vscode.Uri): vscode.TextEditorDecorationType {
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, 'media', `gutter-${mark}-${theme}.svg`);
  return vscode.window.createTextEditorDecorationType({
    overviewRulerColor: new vscode.ThemeColor(colors[mark]),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    light: { gutterIconPath: icon('light'), gutterIconSize: 'contain' },
    dark: { gutterIconPath: icon('dark'), gutterIconSize: 'contain' },
  });
}
