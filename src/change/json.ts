import type { Author } from '../core/author.ts';
import { type AddedLine, type FileChange, spansOf, type Totals, totalsOf } from '../core/change.ts';
import { countClasses, type LineClass, type LineCounts } from '../core/lineClass.ts';

/** A span as every reading command gives it (DESIGN 5.4). */
export interface SpanJson {
  readonly start: number;
  readonly end: number;
  readonly class: LineClass;
  readonly tool?: string;
  readonly model?: string;
  readonly session?: string;
  readonly kind?: string;
  readonly evidence?: string;
  readonly review?: string;
}

export interface FileJson {
  readonly path: string;
  readonly oldPath?: string;
  readonly added: number;
  readonly deleted: number;
  readonly unattributed?: string;
  readonly lines: LineCounts;
  readonly spans: readonly SpanJson[];
}

export function fileJson(file: FileChange): FileJson {
  return {
    path: file.path,
    ...(file.oldPath !== undefined && { oldPath: file.oldPath }),
    added: file.lines.length,
    deleted: file.deleted,
    ...(file.unattributed && { unattributed: file.unattributed }),
    lines: countClasses(file.lines),
    spans: spansOf(file.lines).map((span) => ({
      start: span.start,
      end: span.end,
      class: span.class,
      ...authorJson(span.author),
    })),
  };
}

/** What is told of an author: for AI all of it, else the evidence (and a tool's name). */
export function authorJson(author: Author | undefined): Omit<SpanJson, 'start' | 'end' | 'class'> {
  switch (author?.origin) {
    case 'ai': {
      const { tool, model, session, kind, evidence, review } = author;
      return { tool, ...(model !== undefined && { model }), session, kind, evidence, review };
    }
    case 'tool':
      return { tool: author.name, evidence: author.evidence };
    case 'human':
      return { evidence: author.evidence };
    case 'base':
    case 'unknown':
    case undefined:
      return {};
  }
}

/** The totals of a JSON answer; `countsAsAi` is what `AI-Lines` counts. */
export function totalsJson(files: readonly FileChange[]): Totals {
  return totalsOf(files);
}

/** One line of `blame --json`. */
export function blamedLineJson(line: number, commit: string | null, known: Omit<AddedLine, 'number' | 'hash'>): object {
  const { tool, model, evidence, review } = authorJson(known.author);
  return {
    line,
    commit,
    class: known.class,
    ...(tool !== undefined && { tool }),
    ...(model !== undefined && { model }),
    ...(evidence !== undefined && { evidence }),
    ...(review !== undefined && { review }),
  };
}
