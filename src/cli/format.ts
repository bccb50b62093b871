import { stripVTControlCharacters, styleText } from 'node:util';
import type { Actions } from '../core/actions.ts';
import { describeApart } from '../core/apart.ts';
import type { Author } from '../core/author.ts';
import { countsOf, type FileChange, type Span, spansOf, type Totals, totalsOf } from '../core/change.ts';
import type { Reviewers } from '../core/policy/policy.ts';
import type { Risk, RiskLevel } from '../core/risk/risk.ts';
import { comparisonWords, scoreWords } from '../core/risk/words.ts';
import { assistantName, toolName } from '../core/trailers.ts';

/** Text from a repository as it may be shown in a terminal: nothing in it can move the cursor or change colours. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}/gu, '?');
}

export function bold(text: string): string {
  return process.stdout.isTTY ? styleText('bold', text) : text;
}

/** Rows with their columns in line. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((max, row) => row.map((cell, i) => Math.max(max[i] ?? 0, cell.length)), []);
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] as number))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** `Claude Code (claude-opus-4-5)`, `a person`, `nobody known`: who a span belongs to, in words. */
export function authorName(author: Author | undefined): string {
  switch (author?.origin) {
    case 'ai':
      return assistantName(author.tool, author.model);
    case 'human':
      return 'a person';
    case 'tool':
      return author.name;
    case 'base':
    case 'unknown':
    case undefined:
      return '';
  }
}

export function formatFiles(files: readonly FileChange[]): string {
  const rows = files.flatMap((file) => {
    const name = file.oldPath === undefined ? file.path : `${file.oldPath} → ${file.path}`;
    const counts = `+${countsOf(file).added} −${file.deleted}`;
    return [
      [bold(printable(name)), counts, '', fileNote(file)],
      ...spansOf(file.counts ? [] : file.lines).map(spanRow),
    ];
  });
  return table(rows);
}

function fileNote({ unattributed, apart, counts }: FileChange): string {
  const notes = [
    ...(apart ? [`${describeApart(apart)}: listed apart`] : []),
    ...(unattributed ? [`${unattributed}: counted, not attributed`] : []),
    ...(counts ? [`too many lines to be kept: ${classesOf(counts)}`] : []),
  ];
  return notes.length > 0 ? `(${notes.join('; ')})` : '';
}

function spanRow(span: Span): string[] {
  const lines = span.start === span.end ? `line ${span.start}` : `lines ${span.start}–${span.end}`;
  const { author } = span;
  const evidence = author && 'evidence' in author ? author.evidence : '';
  const review = author?.origin === 'ai' ? author.review : '';
  return [
    `  ${lines}`,
    span.class,
    printable(authorName(author)),
    [evidence, review].filter((word) => word !== '').join(', '),
  ];
}

/** `12 lines added: 8 AI, 2 human, 1 tool, 1 unknown; 0 of 8 AI lines reviewed`. */
export function formatTotals(files: readonly FileChange[]): string {
  const totals = totalsOf(files);
  const apart = files.filter((file) => file.apart).reduce((sum, file) => sum + countsOf(file).added, 0);
  const aside = apart > 0 ? `; ${linesOf(apart)} listed apart` : '';
  if (totals.added === 0) return `no lines added${aside}\n`;
  const ai = totals.countsAsAi;
  const review = ai > 0 ? `; ${totals.reviewed} of ${ai} AI ${ai === 1 ? 'line' : 'lines'} reviewed` : '';
  return `${linesOf(totals.added)} added: ${classesOf(totals)}${review}${aside}\n`;
}

function linesOf(count: number): string {
  return `${count} ${count === 1 ? 'line' : 'lines'}`;
}

/** `8 AI, 2 human`. */
function classesOf(totals: Totals): string {
  const parts = [
    [totals.ai, 'AI'],
    [totals.mixed, 'mixed'],
    [totals.human, 'human'],
    [totals.tool, 'tool'],
    [totals.unknown, 'unknown'],
    [totals.base, 'moved or re-indented'],
  ] as const;
  const classes = parts.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  return classes.join(', ');
}

export function formatRisk(risk: Risk): string {
  const factors = risk.factors.map((factor) => {
    const places = factor.where
      .map(({ path, line }) => printable(line === undefined ? path : `${path}:${line}`))
      .join(', ');
    return [`  ${factor.id}`, factor.effect, factor.detail, places];
  });
  const comparison = comparisonWords(risk);
  const head = `${bold(`risk ${scoreWords(risk)}`)}${comparison === undefined ? '' : `, by the model ${comparison}`}`;
  return `${head}\n${table(factors)}`;
}

/** `policy: 2 reviewers at high, @org/security among them`; nothing where none are asked. */
export function formatReviewers(reviewers: Reviewers | undefined, level: RiskLevel): string {
  if (!reviewers) return '';
  const { count, named } = reviewers;
  const names = named.map(printable).join(', ');
  const people = `${count} ${count === 1 ? 'reviewer' : 'reviewers'} at ${level}`;
  if (count === 0) return `policy: review by ${names} at ${level}\n`;
  return `policy: ${people}${names === '' ? '' : `, ${names} among them`}\n`;
}

/** `commands by assistants: 1 destructive (terraform destroy, Claude Code), 3 test-run (npm test, Codex)`; nothing for none. */
export function formatActions(actions: readonly Actions[]): string {
  if (actions.length === 0) return '';
  const classes = actions.map(({ class: name, count, tools, what }) => {
    const details = [...what, ...tools.map(toolName)].map(printable).join(', ');
    return `${count} ${name} (${details})`;
  });
  return `commands by assistants: ${classes.join(', ')}\n`;
}
