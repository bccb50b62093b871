import { type FileChange, type Totals, totalsOf } from '../core/change.ts';
import { sharedLines } from '../core/claims.ts';
import { isRecordOf, type ProvenanceRecord } from '../core/record.ts';
import type { Trailer } from '../core/trailers.ts';
import type { Fit, NamedRecord, ResolvedCommit } from './resolve.ts';

/** What is kept of a commit that was read, without its lines: many can be held at once. */
export interface MeasuredCommit {
  readonly commit: string;
  readonly message: string;
  readonly trailers: readonly Trailer[];
  readonly fit: Fit;
  readonly totals: Totals;
  /** All added lines, those of files that are listed apart among them. */
  readonly added: number;
  /** So many of them are in the records that the commit names. */
  readonly fitting: number;
  readonly records: readonly MeasuredRecord[];
}

export interface MeasuredRecord extends NamedRecord {
  /** How many of the commit's lines are this record's; none where it is not here. */
  readonly lines: number;
}

export function measure({ commit, facts, files, fit, records }: ResolvedCommit): MeasuredCommit {
  const added = files.reduce((sum, { lines }) => sum + lines.length, 0);
  const fitting = fit.state === 'exact' ? added : fit.state === 'partial' ? fit.matched : 0;
  // A record that is alone has all the lines that fit.
  const linesOf = (record: ProvenanceRecord): number =>
    records.length === 1 ? fitting : isRecordOf(record, files) ? added : sharedLines(hashesOf(files), record);
  return {
    commit,
    message: facts.message,
    trailers: facts.trailers,
    fit,
    totals: totalsOf(files),
    added,
    fitting,
    records: records.map((named) => ({ ...named, lines: typeof named.found === 'string' ? 0 : linesOf(named.found) })),
  };
}

function* hashesOf(files: readonly FileChange[]): Generator<string> {
  for (const { lines } of files) for (const { hash } of lines) yield hash;
}
