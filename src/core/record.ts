import * as v from 'valibot';
import { type AiAuthor, type Author, editKinds } from './author.ts';
import { canonicalJson, type Json } from './canonicalJson.ts';
import { type AddedLine, type FileChange, type Totals, totalsOf } from './change.ts';
import { sha256 } from './digest.ts';
import { lineClasses } from './lineClass.ts';
import type { Risk } from './risk.ts';

/** What is kept of one commit (DESIGN 5.2): no line numbers, no commit id, no text. */
export const recordSchemaName = 'countersign/record/1';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const Evidence = v.picklist(['reported', 'observed', 'inferred', 'declared']);

const RunSchema = v.object({
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
  class: v.picklist(lineClasses),
  /** Index into `authors`; only where AI had a part. */
  author: v.optional(Count),
  evidence: v.optional(Evidence),
  review: v.optional(v.picklist(['unseen', 'seen', 'reviewed'])),
  /** Only on `mixed` runs: half or more of each line is AI. */
  countsAsAi: v.optional(v.boolean()),
});

const RecordSchema = v.object({
  schema: v.literal(recordSchemaName),
  change: Digest,
  files: v.array(
    v.object({
      path: v.string(),
      oldPath: v.optional(v.string()),
      lines: v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/))),
      runs: v.array(RunSchema),
    }),
  ),
  authors: v.array(
    v.object({
      tool: v.string(),
      model: v.optional(v.string()),
      session: v.string(),
      kind: v.picklist(editKinds),
    }),
  ),
  totals: v.record(v.string(), Count),
  risk: v.looseObject({ score: Count, level: v.string() }),
  time: v.string(),
  program: v.string(),
});

export type ProvenanceRecord = v.InferOutput<typeof RecordSchema>;
export type RecordFile = ProvenanceRecord['files'][number];
export type RecordRun = v.InferOutput<typeof RunSchema>;

/** A record in the bytes that are stored, and their digest. */
export interface SealedRecord {
  readonly bytes: string;
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly digest: string;
  readonly record: ProvenanceRecord;
  readonly totals: Totals;
}

export interface RecordFacts {
  readonly risk: Risk;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Name and version of the program that writes. */
  readonly program: string;
}

/**
 * The record of a change; none where no line is `ai`, `mixed`, `human` or `tool`, for then there is nothing to say of it.
 */
export function sealRecord(files: readonly FileChange[], facts: RecordFacts): SealedRecord | undefined {
  const totals = totalsOf(files);
  if (totals.ai + totals.mixed + totals.human + totals.tool === 0) return undefined;
  const authors: AiAuthor[] = [];
  const recorded = files
    .filter((file) => file.lines.length > 0)
    .map((file) => ({
      path: file.path,
      ...(file.oldPath !== undefined && { oldPath: file.oldPath }),
      lines: file.lines.map((line) => line.hash),
      runs: runsOf(file.lines, authors),
    }));
  const record: ProvenanceRecord = {
    schema: recordSchemaName,
    change: changeDigest(recorded),
    files: recorded,
    authors: authors.map(({ tool, model, session, kind }) => ({
      tool,
      ...(model !== undefined && { model }),
      session: sha256(session).slice(0, 16),
      kind,
    })),
    totals: { ...totals },
    risk: withoutPlaces(facts.risk),
    time: facts.time,
    program: facts.program,
  };
  const bytes = `${canonicalJson(record as Json)}\n`;
  return { bytes, digest: sha256(bytes), record, totals };
}

/** The risk without the places its factors point to: line numbers mean nothing once the commit is rewritten. */
function withoutPlaces({ score, level, probability, percentile, factors }: Risk): ProvenanceRecord['risk'] {
  const kept = factors.map(({ id, effect, detail }) => ({ id, effect, detail }));
  return { score, level, probability, percentile, factors: kept };
}

/** What was changed, whatever is known of it: the same for two records of one change. `lines` are line hashes. */
function changeDigest(files: readonly { path: string; lines: readonly string[] }[]): string {
  return sha256(files.map(({ path, lines }) => `${path}\0${lines.join(' ')}\n`).join(''));
}

/** Whether the record is of just this change: the same added lines of the same files. */
export function isRecordOf(record: ProvenanceRecord, files: readonly FileChange[]): boolean {
  const changed = files.filter((file) => file.lines.length > 0);
  return (
    record.change === changeDigest(changed.map(({ path, lines }) => ({ path, lines: lines.map((line) => line.hash) })))
  );
}

function runsOf(lines: readonly AddedLine[], authors: AiAuthor[]): RecordRun[] {
  const runs: RecordRun[] = [];
  for (const line of lines) {
    const run = describe(line, authors);
    const last = runs.at(-1);
    if (last && canonicalJson({ ...last, count: 1 }) === canonicalJson(run)) last.count++;
    else runs.push(run);
  }
  return runs;
}

function describe(line: AddedLine, authors: AiAuthor[]): RecordRun {
  const { author } = line;
  return {
    count: 1,
    class: line.class,
    ...(author && 'evidence' in author && { evidence: author.evidence }),
    ...(author?.origin === 'ai' && { author: authorIndex(authors, author), review: author.review }),
    ...(line.class === 'mixed' && { countsAsAi: line.countsAsAi }),
  };
}

function authorIndex(authors: AiAuthor[], author: AiAuthor): number {
  const same = (other: AiAuthor): boolean =>
    other.tool === author.tool &&
    other.model === author.model &&
    other.session === author.session &&
    other.kind === author.kind;
  const index = authors.findIndex(same);
  return index >= 0 ? index : authors.push(author) - 1;
}

/** Why bytes that a commit names are not used. */
export type RecordFault = 'digest-mismatch' | 'malformed';

/** Reads a record that a commit names by `digest`: its bytes must hash to it and have the schema. */
export function openRecord(bytes: Uint8Array, digest: string): ProvenanceRecord | RecordFault {
  if (sha256(bytes) !== digest) return 'digest-mismatch';
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return 'malformed';
  }
  const result = v.safeParse(RecordSchema, value);
  if (!result.success) return 'malformed';
  const whole = result.output.files.every(
    (file) => file.lines.length === file.runs.reduce((sum, run) => sum + run.count, 0),
  );
  return whole ? result.output : 'malformed';
}

/** The class and author of each line of a record's file, in order. */
export function recordedLines(record: ProvenanceRecord, file: RecordFile): Omit<AddedLine, 'number'>[] {
  const described = file.runs.flatMap((run) => Array<RecordRun>(run.count).fill(run));
  return file.lines.map((hash, i) => {
    const run = described[i] as RecordRun;
    const author = recordedAuthor(record, run);
    const countsAsAi = run.class === 'ai' || (run.class === 'mixed' && run.countsAsAi === true);
    return { hash, class: run.class, countsAsAi, ...(author && { author }) };
  });
}

function recordedAuthor(record: ProvenanceRecord, run: RecordRun): Author | undefined {
  const at = record.time;
  const evidence = run.evidence ?? 'inferred';
  const known = run.author === undefined ? undefined : record.authors[run.author];
  if (known) {
    const { tool, model, session, kind } = known;
    const review = run.review ?? 'unseen';
    return { origin: 'ai', tool, ...(model !== undefined && { model }), session, kind, evidence, at, review };
  }
  if (run.class === 'human') return { origin: 'human', evidence, at };
  if (run.class === 'tool') return { origin: 'tool', name: 'tool', evidence, at };
  return undefined;
}
