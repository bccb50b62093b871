import * as v from 'valibot';
import { type Actions, ActionsSchema, isDangerous } from './actions.ts';
import { type Apart, apartReason, apartReasons } from './apart.ts';
import { type AiAuthor, type Author, editKinds } from './author.ts';
import { canonicalJson, type Json } from './canonicalJson.ts';
import { type AddedLine, countsOf, type FileChange, type Totals, totalsOf } from './change.ts';
import { sha256 } from './digest.ts';
import { lineClasses } from './lineClass.ts';
import { type PolicyOutcome, PolicyOutcomeSchema } from './policy/outcome.ts';
import type { Risk } from './risk/risk.ts';
import { isQuoting } from './risk/rules.ts';
import { RecordedValidationSchema, recordedValidation } from './validation/summary.ts';
import type { Validations } from './validation/validation.ts';

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
  /** The parent has a part of each line: the class is over the rest. */
  part: v.optional(v.literal(true)),
});

/** What many lines come to, where they are not kept one by one. */
const TotalsSchema = v.object({
  added: Count,
  ai: Count,
  mixed: Count,
  human: Count,
  tool: Count,
  unknown: Count,
  base: Count,
  countsAsAi: Count,
  seen: Count,
  reviewed: Count,
});

const RecordSchema = v.object({
  schema: v.literal(recordSchemaName),
  change: Digest,
  files: v.array(
    v.object({
      path: v.string(),
      oldPath: v.optional(v.string()),
      /** Why the file is no part of the totals. */
      apart: v.optional(v.picklist(apartReasons)),
      /** In the place of `lines` and `runs`, which are empty then: the file is above a limit. */
      counts: v.optional(TotalsSchema),
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
  /** Files that are not listed, for the change has too many. */
  rest: v.optional(v.object({ files: Count, counts: TotalsSchema })),
  totals: v.record(v.string(), Count),
  /** What commands of assistants did for the change. */
  actions: v.optional(v.array(ActionsSchema)),
  /** How the change was validated, where that is known. */
  validation: v.optional(RecordedValidationSchema),
  risk: v.looseObject({ score: Count, level: v.string() }),
  /** How the policy was met that a commit of this level has to meet; none where it has not. */
  policy: v.optional(PolicyOutcomeSchema),
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
  /** What commands of assistants did for the change. */
  readonly actions?: readonly Actions[];
  readonly policy?: PolicyOutcome | undefined;
  /** How it was validated. */
  readonly validations?: Validations;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Name and version of the program that writes. */
  readonly program: string;
}

/** A record never gets larger, whatever is committed: some 2 MB of line hashes, and as much of paths. */
export interface RecordLimits {
  /** Added lines of one file that are kept one by one. */
  readonly fileLines: number;
  /** The same for the whole record. */
  readonly lines: number;
  /** Files that are listed. */
  readonly files: number;
}

export const recordLimits: RecordLimits = { fileLines: 20_000, lines: 100_000, files: 20_000 };

/**
 * The record of a change; none where no line is `ai`, `mixed`, `human` or `tool` and no assistant ran a command that needs a
 * second look, for then there is nothing to say of it.
 * Above a limit it keeps counts: first of the files that nothing is known of, then of the longest.
 */
export function sealRecord(
  files: readonly FileChange[],
  facts: RecordFacts,
  limits: RecordLimits = recordLimits,
): SealedRecord | undefined {
  const changed = files.filter((file) => file.lines.length > 0);
  const actions = facts.actions ?? [];
  if (!isTelling(files, actions)) return undefined;
  const validation = facts.validations && recordedValidation(facts.validations);
  const totals = totalsOf(files);
  const authors: AiAuthor[] = [];
  const listed = mostTelling(changed, limits.files);
  const whole = keptWhole(listed, limits);
  const rest = listed.size < changed.length ? changed.filter((file) => !listed.has(file)) : [];
  const record: ProvenanceRecord = {
    schema: recordSchemaName,
    change: changeDigest(changed),
    files: [...listed].map((file) => ({
      path: file.path,
      ...(file.oldPath !== undefined && { oldPath: file.oldPath }),
      ...(file.apart && { apart: file.apart }),
      ...(whole.has(file)
        ? { lines: file.lines.map((line) => line.hash), runs: runsOf(file.lines, authors) }
        : { counts: countsOf(file), lines: [], runs: [] }),
    })),
    ...(rest.length > 0 && { rest: { files: rest.length, counts: totalsOf(rest) } }),
    authors: authors.map(({ tool, model, session, kind }) => ({
      tool,
      ...(model !== undefined && { model }),
      session: sha256(session).slice(0, 16),
      kind,
    })),
    totals: { ...totals },
    ...(actions.length > 0 && { actions: [...actions] }),
    ...(validation && { validation }),
    risk: recordedRisk(facts.risk),
    ...(facts.policy && { policy: facts.policy }),
    time: facts.time,
    program: facts.program,
  };
  const bytes = `${canonicalJson(record as Json)}\n`;
  return { bytes, digest: sha256(bytes), record, totals };
}

/** Whether there is something to say of a change: then it has a record. */
export function isTelling(files: readonly FileChange[], actions: readonly Actions[]): boolean {
  const changed = files.filter((file) => file.lines.length > 0);
  return changed.some(isAnythingKnown) || (changed.length > 0 && actions.some(isDangerous));
}

/**
 * The risk without places, for line numbers mean nothing once the commit is rewritten, and without the details that quote the
 * files or what other programs said. Why something was done without may name a path of this machine: what it was, is kept.
 */
function recordedRisk(risk: Risk): ProvenanceRecord['risk'] {
  const { score, level, probability, percentile, basis, factors, without } = risk;
  return {
    ...{ score, level, probability, percentile },
    ...(basis && { basis }),
    factors: factors.map(({ id, effect, detail }) => ({ id, effect, ...(!isQuoting(id) && { detail }) })),
    ...(without.length > 0 && { without: [...new Set(without.map(({ what }) => what))] }),
  };
}

function isAnythingKnown({ lines }: FileChange): boolean {
  return lines.some((line) => line.class !== 'unknown' && line.class !== 'base');
}

/** At most so many files, in their order; those that something is known of come first where there are more. */
function mostTelling(files: readonly FileChange[], limit: number): ReadonlySet<FileChange> {
  if (files.length <= limit) return new Set(files);
  const known = files.filter(isAnythingKnown);
  const others = files.filter((file) => !isAnythingKnown(file));
  const chosen = new Set([...known, ...others].slice(0, limit));
  return new Set(files.filter((file) => chosen.has(file)));
}

/** The files whose lines are kept one by one. */
function keptWhole(files: ReadonlySet<FileChange>, limits: RecordLimits): ReadonlySet<FileChange> {
  const candidates = [...files].filter((file) => file.lines.length <= limits.fileLines);
  const rank = (file: FileChange): number => (isAnythingKnown(file) ? 0 : 1);
  const inTurn = candidates
    .map((file) => ({ file, rank: rank(file) }))
    .sort((a, b) => a.rank - b.rank || a.file.lines.length - b.file.lines.length);
  const kept = new Set<FileChange>();
  let room = limits.lines;
  for (const { file } of inTurn) {
    room -= file.lines.length;
    if (room < 0) break;
    kept.add(file);
  }
  return kept;
}

/** What was changed, whatever is known of it, with no limit: the same for two records of one change. */
function changeDigest(files: readonly Pick<FileChange, 'path' | 'lines'>[]): string {
  const all = files.map(({ path, lines }) => `${path}\0${lines.map((line) => line.hash).join(' ')}\n`);
  return sha256(all.join(''));
}

/** The `change` that a record of these files has: paths and added lines, whatever is known of them. */
export function changeOf(files: readonly FileChange[]): string {
  return changeDigest(files.filter((file) => file.lines.length > 0));
}

/** Whether the record is of just this change: the same added lines of the same files. */
export function isRecordOf(record: ProvenanceRecord, files: readonly FileChange[]): boolean {
  return record.change === changeOf(files);
}

const filesByPath = new WeakMap<ProvenanceRecord, ReadonlyMap<string, RecordFile>>();

/** The record's file at a path. */
export function fileAt(record: ProvenanceRecord, path: string): RecordFile | undefined {
  let files = filesByPath.get(record);
  if (!files) {
    files = new Map(record.files.map((file) => [file.path, file]));
    filesByPath.set(record, files);
  }
  return files.get(path);
}

/** What is known of a file as a whole: from the first of the records that lists it, else by its path. */
export function recordedWhole(
  records: readonly ProvenanceRecord[],
  path: string,
  added: number,
): { readonly apart?: Apart; readonly counts?: Totals } {
  for (const record of records) {
    const file = fileAt(record, path);
    if (!file) continue;
    const { apart, counts } = file;
    return { ...(apart && { apart }), ...(counts?.added === added && { counts }) };
  }
  const apart = apartReason(path);
  return apart ? { apart } : {};
}

function runsOf(lines: readonly AddedLine[], authors: AiAuthor[]): RecordRun[] {
  const runs: RecordRun[] = [];
  let before: AddedLine | undefined;
  for (const line of lines) {
    const last = runs.at(-1);
    if (last && before && isAlike(before, line)) {
      last.count++;
    } else {
      const run = describe(line, authors);
      if (last && canonicalJson({ ...last, count: 1 }) === canonicalJson(run)) last.count++;
      else runs.push(run);
    }
    before = line;
  }
  return runs;
}

/** Whether two lines are the same to a record, as can be told at once. */
function isAlike(a: AddedLine, b: AddedLine): boolean {
  return a.class === b.class && a.countsAsAi === b.countsAsAi && a.author === b.author && a.isPart === b.isPart;
}

function describe(line: AddedLine, authors: AiAuthor[]): RecordRun {
  const { author } = line;
  return {
    count: 1,
    class: line.class,
    ...(author && 'evidence' in author && { evidence: author.evidence }),
    ...(author?.origin === 'ai' && { author: authorIndex(authors, author), review: author.review }),
    ...(line.class === 'mixed' && { countsAsAi: line.countsAsAi }),
    ...(line.isPart && { part: true }),
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
    return { hash, class: run.class, countsAsAi, ...(author && { author }), ...(run.part && { isPart: true }) };
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
