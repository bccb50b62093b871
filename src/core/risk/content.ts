import type { Apart } from '../apart.ts';

/** One file of a change with its texts: what the rules on content look at. */
export interface ChangedFile {
  /** Relative to the top of the repository, with `/`. */
  readonly path: string;
  /** What it was renamed or copied from. */
  readonly oldPath?: string;
  /** The text before; `undefined` for a new file and for what is no text. */
  readonly before: string | undefined;
  /** The text after; `undefined` for a deleted file and for what is no text. */
  readonly after: string | undefined;
  /** Lines of `after` that the change adds: 1-based, ascending. */
  readonly added: readonly number[];
  /** Lines of `before` that it takes away: 1-based, ascending. */
  readonly removed: readonly number[];
  readonly apart?: Apart;
}

/** Where something is, for a person to look: a file, or a line of it as it is after the change. */
export interface Place {
  readonly path: string;
  /** 1-based. Absent: the file as a whole, or lines that are gone. */
  readonly line?: number;
}

/** The rules that look at what a change says; each names what it found. */
export const contentRules = ['destructive-change', 'permission-widened', 'secret-added', 'dependency-added'] as const;
export type ContentRule = (typeof contentRules)[number];

/** One thing that a rule on content found. */
export interface Finding {
  readonly rule: ContentRule;
  /** Which of the rule's patterns: `drop-table`, `iam-wildcard`. */
  readonly pattern: string;
  /** In a few words, without any of the file's own text that could be a secret. */
  readonly detail: string;
  readonly where: Place;
}
