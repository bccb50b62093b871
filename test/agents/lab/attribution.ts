import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { Project } from '../../support/project.ts';

const lineClass = v.picklist(['ai', 'mixed', 'human', 'tool', 'unknown', 'base']);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const counts = { ai: count, mixed: count, human: count, tool: count, unknown: count, base: count };

const spanSchema = v.object({
  start: count,
  end: count,
  class: lineClass,
  tool: v.optional(v.string()),
  model: v.optional(v.string()),
  session: v.optional(v.string()),
  kind: v.optional(v.string()),
  evidence: v.optional(v.string()),
  review: v.optional(v.string()),
});

const fileSchema = v.object({ path: v.string(), added: count, lines: v.object(counts), spans: v.array(spanSchema) });

const shownSchema = v.object({
  schema: v.literal('countersign/show/1'),
  files: v.array(fileSchema),
  totals: v.object({ added: count, ...counts, seen: count, reviewed: count }),
});

export type Span = v.InferOutput<typeof spanSchema>;
type ShownFile = v.InferOutput<typeof fileSchema>;

/** What `show --json` says of HEAD. */
export interface Attribution {
  /**
   * Every line of each file that has added lines, behind the class it was given: `ai      const a = 1;`, `ai?` where
   * a rule inferred it. A line that the commit did not add has a dot; one that it added and nobody speaks of `missing`.
   */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  readonly spans: readonly Span[];
  readonly totals: v.InferOutput<typeof shownSchema>['totals'];
}

/**
 * Reads what `show` says of HEAD, and holds its numbers against each other and against git's own. `label` says what stands
 * before a line.
 */
export async function attributionOfHead(project: Project, label = labelOf): Promise<Attribution> {
  const shown = v.parse(shownSchema, JSON.parse(await project.countersignOutput('show', 'HEAD', '--json')));
  const added = await addedLines(project);
  const files = new Map(shown.files.map((file) => [file.path, file]));
  assert.equal(files.size, shown.files.length, 'a file is listed once');
  const lines: Record<string, readonly string[]> = {};
  for (const path of new Set([...added.keys(), ...files.keys()])) {
    const numbers = added.get(path) ?? new Set();
    const file = files.get(path);
    if (file) checkNumbers(file, numbers);
    if (numbers.size === 0) continue; // only lines taken out
    const text = await project.git('show', `HEAD:${path}`);
    lines[path] = text
      .replace(/\n$/, '')
      .split('\n')
      .map((line, index) => {
        const span = file?.spans.find(({ start, end }) => start <= index + 1 && index + 1 <= end);
        const given = span ? label(span) : numbers.has(index + 1) ? 'missing' : '.';
        return `${given.padEnd(8)}${line}`;
      });
  }
  assert.equal(shown.totals.added, sum([...added.values()].map((numbers) => numbers.size)));
  for (const name of lineClass.options) {
    assert.equal(shown.totals[name], sum(shown.files.map((file) => file.lines[name])), `the total of ${name}`);
  }
  return { lines, spans: shown.files.flatMap(({ spans }) => spans), totals: shown.totals };
}

function labelOf(span: Span): string {
  return span.evidence === 'inferred' ? `${span.class}?` : span.class;
}

function checkNumbers({ path, added, lines, spans }: ShownFile, numbers: ReadonlySet<number>): void {
  assert.equal(added, numbers.size, `added lines of ${path}`);
  const covered = spans.flatMap(({ start, end }) =>
    Array.from({ length: end - start + 1 }, (_, index) => start + index),
  );
  assert.deepEqual(covered, [...numbers], `the spans of ${path} are its added lines, in order and once each`);
  for (const name of lineClass.options) {
    const spanned = sum(spans.filter((span) => span.class === name).map(({ start, end }) => end - start + 1));
    assert.equal(lines[name], spanned, `lines of class ${name} in ${path}`);
  }
}

/** The numbers of the lines that HEAD added, by file, as git counts them. */
async function addedLines(project: Project): Promise<ReadonlyMap<string, ReadonlySet<number>>> {
  const diff = await project.git('-c', 'core.quotePath=false', 'diff', '--unified=0', '--no-renames', 'HEAD^', 'HEAD');
  const files = new Map<string, Set<number>>();
  let numbers = new Set<number>();
  for (const line of diff.split('\n')) {
    const path = /^\+\+\+ b\/(.*)$/.exec(line)?.[1];
    if (path !== undefined) {
      numbers = new Set();
      files.set(path, numbers);
    }
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) continue;
    const start = Number(hunk[1]);
    for (let n = start; n < start + Number(hunk[2] ?? 1); n++) numbers.add(n);
  }
  return files;
}

/** The trailers of HEAD as git itself reads them. */
export async function trailersOfHead(project: Project): Promise<readonly string[]> {
  const message = await project.git('log', '-1', '--format=%B');
  for (const line of message.split('\n')) assert.ok(line.length <= 100, `longer than 100 columns: ${line}`);
  const parsed = await project.gitWith({ input: message }, 'interpret-trailers', '--parse', '--no-divider');
  return parsed.split('\n').filter((line) => line !== '');
}

/**
 * A record is in the ref that is shared with others. Its bytes are what their name says, and tell nobody where and on
 * what the person works: none of `secrets` is in them.
 */
export async function checkRecord(project: Project, digest: string, secrets: readonly string[]): Promise<void> {
  const record = await project.git('show', `refs/countersign/records:${digest.slice(0, 2)}/${digest}.json`);
  assert.equal(createHash('sha256').update(record).digest('hex'), digest);
  for (const secret of secrets) assert.ok(!record.includes(secret), `the record gives away ${secret}`);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
