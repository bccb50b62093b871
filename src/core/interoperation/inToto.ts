import { type FileChange, type Totals, totalsOf } from '../change.ts';
import type { RecordedValidation } from '../validation/summary.ts';

const statementType = 'https://in-toto.io/Statement/v1';

/** What our predicate is called; docs/interoperation.md says what it holds. */
export const provenancePredicateType = 'https://github.com/countersign/countersign/change-provenance/v1';

/** What a statement is made of. */
export interface StatedCommit {
  /** Object ids, 40 or 64 hex digits. */
  readonly commit: string;
  readonly tree: string;
  readonly records: readonly { readonly digest: string; readonly source: string; readonly state: string }[];
  readonly fit: object;
  readonly files: readonly FileChange[];
  readonly risk: { readonly score: number; readonly level: string } | undefined;
  readonly validation: RecordedValidation | undefined;
}

export interface Statement {
  readonly _type: string;
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[];
  readonly predicateType: string;
  readonly predicate: {
    readonly records: readonly {
      readonly digest: { readonly sha256: string };
      readonly source: string;
      readonly state: string;
    }[];
    readonly fit: object;
    readonly totals: Totals;
    readonly authors: readonly StatedAuthor[];
    readonly risk: { readonly score: number; readonly level: string } | null;
    readonly validation: RecordedValidation | null;
  };
}

interface StatedAuthor {
  readonly tool: string;
  readonly model?: string;
  readonly kind: string;
  readonly lines: number;
}

/**
 * An in-toto Statement (v1) of a commit and its tree: what is known of who wrote it. It names no person, no session and
 * no file; and it is not signed: whoever signs it says who says so.
 */
export function statementOf({ commit, tree, records, fit, files, risk, validation }: StatedCommit): Statement {
  return {
    _type: statementType,
    subject: [
      { name: 'commit', digest: { gitCommit: commit } },
      { name: 'tree', digest: { gitTree: tree } },
    ],
    predicateType: provenancePredicateType,
    predicate: {
      records: records.map(({ digest, source, state }) => ({ digest: { sha256: digest }, source, state })),
      fit,
      totals: totalsOf(files),
      authors: authorsOf(files),
      risk: risk ? { score: risk.score, level: risk.level } : null,
      validation: validation ?? null,
    },
  };
}

/** The assistants, with the lines of which each wrote all or most of the AI part; in order of first appearance. */
function authorsOf(files: readonly FileChange[]): StatedAuthor[] {
  const authors = new Map<string, StatedAuthor>();
  for (const { author } of files.flatMap((file) => file.lines)) {
    if (author?.origin !== 'ai') continue;
    const { tool, model, kind } = author;
    const key = JSON.stringify([tool, model, kind]);
    const lines = (authors.get(key)?.lines ?? 0) + 1;
    authors.set(key, { tool, ...(model !== undefined && { model }), kind, lines });
  }
  return [...authors.values()];
}
