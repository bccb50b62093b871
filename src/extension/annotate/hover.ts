import * as vscode from 'vscode';
import { type AiAuthor, type Author, describeUnknown } from '../../core/author.ts';
import type { ClassifiedLine } from '../../core/lineClass.ts';
import { assistantName } from '../../core/trailers.ts';
import { Owner } from '../lifecycle.ts';
import type { Annotations } from './annotations.ts';

/** Hovering a marked line tells who wrote it, when, and what shows that. */
export class Hover extends Owner {
  constructor(annotations: Annotations) {
    super();
    this.own(
      vscode.languages.registerHoverProvider(
        { scheme: 'file' },
        {
          provideHover: (document, { line }) => {
            const known = annotations.line(document, line);
            return known && known.class !== 'base'
              ? new vscode.Hover(hoverText(known), document.lineAt(line).range)
              : undefined;
          },
        },
      ),
    );
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
function hoverText(line: ClassifiedLine): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.appendMarkdown(`$(verified) **${titles[line.class]}**  \n`);
  const rows = line.author ? describe(line.author) : [];
  for (const [i, [label, value]] of rows.entries()) {
    text.appendMarkdown(`${label}: `).appendText(value);
    if (i < rows.length - 1) text.appendMarkdown('  \n');
  }
  return text;
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
