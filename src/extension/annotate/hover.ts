import * as vscode from 'vscode';
import { blameFile } from '../../change/blame.ts';
import { lineHistory } from '../../change/explain.ts';
import { type AiAuthor, type Author, describeUnknown } from '../../core/author.ts';
import type { ClassifiedLine } from '../../core/lineClass.ts';
import { describeNewest } from '../../core/stepText.ts';
import { linesOf } from '../../core/text.ts';
import { assistantName } from '../../core/trailers.ts';
import type { Capture, TrackedDocument } from '../capture/capture.ts';
import { Owner } from '../lifecycle.ts';
import type { Log } from '../log.ts';
import type { Annotations } from './annotations.ts';

/** Steps that a hover shows at most, the newest ones. */
const maxSteps = 5;

/**
 * Hovering a marked line tells who wrote it, when, what shows that, and step by step how it came about; hovering a committed
 * one what its commit's record says.
 */
export class Hover extends Owner {
  readonly #annotations: Annotations;
  readonly #capture: Capture;
  readonly #log: Log;

  constructor(annotations: Annotations, capture: Capture, log: Log) {
    super();
    this.#annotations = annotations;
    this.#capture = capture;
    this.#log = log;
    this.own(
      vscode.languages.registerHoverProvider(
        { scheme: 'file' },
        { provideHover: (document, { line }) => this.#hover(document, line) },
      ),
    );
  }

  async #hover(document: vscode.TextDocument, line: number): Promise<vscode.Hover | undefined> {
    const known = this.#annotations.line(document, line);
    const tracked = this.#capture.get(document);
    if (!tracked || known?.class === 'base') return undefined;
    const { range } = document.lineAt(line);
    if (!known) return await this.#committed(tracked, line + 1, range);
    const text = hoverText(known);
    const steps = await this.#steps(tracked, line + 1);
    if (steps.length > 0) appendHistory(text, steps);
    return new vscode.Hover(text, range);
  }

  /** What the record of its commit says of a line (1-based); nothing where that is nothing. */
  async #committed(
    { document, place, path }: TrackedDocument,
    line: number,
    range: vscode.Range,
  ): Promise<vscode.Hover | undefined> {
    const lines = [`${line},${line}`];
    const unsaved = document.isDirty ? { contents: document.getText() } : {};
    try {
      const [found] = await blameFile(place, path, { lines, ...unsaved });
      if (!found?.commit || found.known.class === 'base' || found.known.class === 'unknown') return undefined;
      return new vscode.Hover(hoverText(found.known, [['Commit', found.commit.slice(0, 12)]]), range);
    } catch (error) {
      this.#log.error(error);
      return undefined;
    }
  }

  /** How a line (1-based) came about; nothing where that cannot be read. */
  async #steps({ place, path, attributed }: TrackedDocument, line: number): Promise<string[]> {
    // The document may be typed in while its history is read.
    const newest = { text: attributed.text, runs: attributed.runs.clone() };
    if (line > linesOf(newest.text).count) return [];
    try {
      return describeNewest(await lineHistory(place.ledger, [path], newest, line), maxSteps);
    } catch (error) {
      this.#log.error(error);
      return [];
    }
  }
}

const titles = {
  ai: 'AI line',
  mixed: 'AI line that others changed',
  human: 'Typed by a person',
  tool: 'Written by a tool',
  unknown: 'Nobody knows who wrote this line',
  base: '',
} as const;

/** Names come from payloads: every one of them is plain text here, never Markdown. */
function hoverText(line: ClassifiedLine, more: readonly (readonly [string, string])[] = []): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.appendMarkdown(`$(verified) **${titles[line.class]}**  \n`);
  const rows = [...(line.author ? describe(line.author) : []), ...more];
  for (const [i, [label, value]] of rows.entries()) {
    text.appendMarkdown(`${label}: `).appendText(value);
    if (i < rows.length - 1) text.appendMarkdown('  \n');
  }
  return text;
}

/** The steps below a rule, a line each. */
function appendHistory(text: vscode.MarkdownString, lines: readonly string[]): void {
  text.appendMarkdown('\n\n---\n\n');
  for (const [i, line] of lines.entries()) {
    if (i > 0) text.appendMarkdown('  \n');
    text.appendText(line);
  }
}

function describe(author: Author): [label: string, value: string][] {
  switch (author.origin) {
    case 'ai':
      return describeAi(author);
    case 'human':
      return [
        ['Evidence', evidenceText(author.evidence, author.rule)],
        ['When', time(author.at)],
      ];
    case 'tool':
      return [
        ['By', author.name],
        ['Evidence', evidenceText(author.evidence, author.rule)],
        ['When', time(author.at)],
      ];
    case 'unknown':
      return [['Why', describeUnknown(author.reason)]];
    case 'base':
      return [];
  }
}

function describeAi(author: AiAuthor): [label: string, value: string][] {
  const kinds = {
    chat: 'chat',
    tab_autocomplete: 'inline completion',
    inline_edit: 'inline edit',
    agent_action: 'agent',
  };
  const reviews = { unseen: 'nobody has looked at it', seen: 'was on screen', reviewed: 'reviewed by a person' };
  return [
    ['By', assistantName(author.tool, author.model)],
    ['How', kinds[author.kind]],
    ['When', time(author.at)],
    ['Evidence', evidenceText(author.evidence, author.rule)],
    ['Review', reviews[author.review]],
  ];
}

function evidenceText(
  evidence: Exclude<Author, { origin: 'base' | 'unknown' }>['evidence'],
  rule: string | undefined,
): string {
  switch (evidence) {
    case 'reported':
      return 'reported by the assistant itself';
    case 'observed':
      return 'observed by the editor';
    case 'declared':
      return 'a person said so';
    case 'inferred':
      return `inferred (${rule ?? 'no rule named'})`;
  }
}

function time(at: string): string {
  return new Date(at).toLocaleString();
}
