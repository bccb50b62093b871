import { type Actions, joinActions } from '../core/actions.ts';
import { readAssistance } from '../core/assistance.ts';
import type { Author } from '../core/author.ts';
import { type AddedLine, countsOf, type FileChange, spansOf, type Totals, totalsOf } from '../core/change.ts';
import type { LineClass, LineCounts } from '../core/lineClass.ts';
import type { PolicyOutcome } from '../core/policy/outcome.ts';
import { formatTrailer } from '../core/trailers.ts';
import type { RecordedValidation } from '../core/validation/summary.ts';
import type { Freshness } from '../core/validation/validation.ts';
import type { Explanation } from './explain.ts';
import type { ResolvedCommit } from './resolve.ts';
import type { Assessment } from './risk.ts';

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
  readonly apart?: string;
  readonly lines: LineCounts;
  readonly spans: readonly SpanJson[];
}

export function fileJson(file: FileChange): FileJson {
  const { added, ai, mixed, human, tool, unknown, base } = countsOf(file);
  return {
    path: file.path,
    ...(file.oldPath !== undefined && { oldPath: file.oldPath }),
    added,
    deleted: file.deleted,
    ...(file.unattributed && { unattributed: file.unattributed }),
    ...(file.apart && { apart: file.apart }),
    lines: { ai, mixed, human, tool, unknown, base },
    spans: spansOf(file.counts ? [] : file.lines).map((span) => ({
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

/** The risk of a change, and who must review it by the policy: null where nobody must. */
export function riskJson({ risk, reviewers }: Pick<Assessment, 'risk' | 'reviewers'>): Record<string, unknown> {
  return { ...risk, reviewers: reviewers ?? null };
}

/** `countersign show --json`. */
export function commitJson({ commit, facts, records, foreign, fit, files }: ResolvedCommit): object {
  const used = records.flatMap(({ found }) => (typeof found === 'string' ? [] : [found]))[0];
  return {
    schema: 'countersign/show/1',
    commit,
    records: recordsJson(records),
    foreign: foreign.map(({ source, refused }) => ({ source, ...(refused !== undefined && { refused }) })),
    marks: readAssistance(facts.trailers).map(({ kind, tool, model, trailer }) => ({
      ...{ kind, trailer: formatTrailer(trailer) },
      ...(tool !== undefined && { tool }),
      ...(model !== undefined && { model }),
    })),
    fit,
    files: files.map(fileJson),
    totals: totalsJson(files),
    actions: recordedActions(records),
    validation: recordedValidationOf(records) ?? null,
    risk: used?.risk ?? null,
    policy: recordedPolicyOf(records) ?? null,
  };
}

/** What commands of assistants did for a commit, by all its records. */
export function recordedActions(records: ResolvedCommit['records']): Actions[] {
  // Of two records of one change the later one, made where the first was mistaken, tells all that the other does.
  const byChange = new Map<string, readonly Actions[]>();
  for (const { found } of records) {
    if (typeof found === 'string') continue;
    const actions = found.actions ?? [];
    if (actions.length >= (byChange.get(found.change)?.length ?? 0)) byChange.set(found.change, actions);
  }
  return joinActions([...byChange.values()]);
}

/**
 * How a commit was validated, by the first of its records that tells. Several changes that became one commit were each
 * validated without the others: nobody knows what that says of the whole.
 */
export function recordedValidationOf(records: ResolvedCommit['records']): RecordedValidation | undefined {
  const found = records.flatMap((record) => (typeof record.found === 'string' ? [] : [record.found]));
  const validations = found.flatMap(({ validation }) => validation ?? []);
  const isOneChange = new Set(found.map(({ change }) => change)).size === 1;
  return isOneChange || validations.length === 0 ? validations[0] : ofParts(validations);
}

function ofParts(validations: readonly RecordedValidation[]): RecordedValidation {
  const uncertain = <Result extends { readonly freshness: Freshness }>(result: Result): Result =>
    result.freshness === 'current' ? { ...result, freshness: 'unknown' } : result;
  return {
    runs: validations.flatMap(({ runs }) => runs.map(uncertain)),
    scans: validations.flatMap(({ scans }) => scans.map(uncertain)),
  };
}

/** How a commit met the policy that it had to meet, by the first of its records that tells. */
export function recordedPolicyOf(records: ResolvedCommit['records']): PolicyOutcome | undefined {
  return records.flatMap(({ found }) => (typeof found === 'string' ? [] : (found.policy ?? [])))[0];
}

/** The records that a commit names: where it names them, and whether they are here. */
export function recordsJson(records: ResolvedCommit['records']): { digest: string; source: string; state: string }[] {
  return records.map(({ digest, source, found }) => ({
    digest,
    source,
    state: typeof found === 'string' ? found : 'found',
  }));
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

/** `countersign explain --json`. */
export function explanationJson(explanation: Explanation): object {
  const { path, line, text, state, known } = explanation;
  const found = { schema: 'countersign/explain/1', path, line, text, state };
  if (explanation.state === 'committed') {
    const what = known ? lineJson(known) : { class: 'base', countsAsAi: false };
    return { ...found, commit: explanation.commit, ...what };
  }
  const { steps, isCut, shares } = explanation;
  return {
    ...found,
    commit: null,
    ...lineJson(explanation.known),
    complete: !isCut,
    steps: steps.map(({ at, by, change: { kind, ...change } }) => ({
      at: at ?? null,
      change: kind,
      ...change,
      by: by ? originJson(by) : null,
    })),
    characters: [...shares].map(([author, count]) => ({ count, ...originJson(author) })),
  };
}

function lineJson(known: AddedLine): object {
  return { class: known.class, countsAsAi: known.countsAsAi, ...authorJson(known.author) };
}

/** An author with all that shows who it is. */
function originJson(author: Author): object {
  const { origin } = author;
  if (origin === 'base') return { origin };
  if (origin === 'unknown') return { origin, reason: author.reason };
  const { at, rule } = author;
  return { origin, ...authorJson(author), ...(rule !== undefined && { rule }), at };
}
