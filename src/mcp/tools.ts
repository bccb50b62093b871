import path from 'node:path';
import * as v from 'valibot';
import { explainLine } from '../change/explain.ts';
import { authorJson, explanationJson, riskJson, totalsJson } from '../change/json.ts';
import { readPending } from '../change/pending.ts';
import type { Place } from '../change/place.ts';
import { assessPending } from '../change/risk.ts';
import { spansOf } from '../core/change.ts';
import { isUnreviewed, neededValidation } from '../core/needs.ts';
import { pathInRepository } from '../git/repository.ts';

/** A tool of the server: it reads and answers, and changes nothing. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For the model: what it tells, and when to ask. */
  readonly description: string;
  readonly input: Input;
  /**
   * The answer, as JSON.
   *
   * @throws {v.ValiError} where the input does not fit the schema
   */
  answer(place: Place, input: unknown): Promise<Record<string, unknown>>;
}

type Input = v.ObjectSchema<v.ObjectEntries & { readonly folder: typeof folder }, undefined>;

/** More spans than this are counted, not listed: an answer has to fit into a model's context. */
const maxSpans = 200;

const folder = v.optional(
  v.pipe(v.string(), v.description("absolute path of a folder in the repository; the server's own folder without it")),
);
/** What every tool takes. */
export const PlaceInput = v.object({ folder });

function tool<Schema extends Input>(
  definition: Omit<Tool, 'input' | 'answer'> & {
    readonly input: Schema;
    answer(place: Place, input: v.InferOutput<Schema>): Promise<Record<string, unknown>>;
  },
): Tool {
  const { input, answer } = definition;
  return { ...definition, answer: (place, value) => answer(place, v.parse(input, value)) };
}

const pendingRisk = tool({
  name: 'pending_risk',
  title: 'Risk of the pending change',
  description:
    'The risk score (0 to 100) of the uncommitted change and the factors it is made of, with the added lines by origin (ai, mixed, human, tool, unknown). Ask before you call a task done, and before a commit.',
  input: v.object({
    folder,
    staged: v.optional(
      v.pipe(v.boolean(), v.description('only what is staged; the whole work tree without it')),
      false,
    ),
  }),
  async answer(place, { staged }) {
    const assessed = await assessPending(place, { staged });
    return { schema: 'countersign/risk/1', ...riskJson(assessed), totals: totalsJson(assessed.files) };
  },
});

const unreviewedLines = tool({
  name: 'unreviewed_lines',
  title: 'AI lines that no person has reviewed',
  description:
    'The pending lines that come from AI and that no person has said they reviewed, by file, with the tool, the model and the state of review. Ask when you hand work over to a person: name these places to them.',
  input: v.object({
    folder,
    path: v.optional(v.pipe(v.string(), v.description("one file alone, relative to the repository's top"))),
  }),
  async answer(place, { path: only }) {
    const pending = await readPending(place, { staged: false });
    const files = pending.filter((file) => !file.apart && (only === undefined || file.path === only));
    const spans = files.flatMap((file) =>
      spansOf(file.lines.filter(isUnreviewed)).map(({ start, end, class: kind, author }) => ({
        path: file.path,
        ...{ start, end, class: kind },
        ...authorJson(author),
      })),
    );
    const lines = spans.reduce((sum, { start, end }) => sum + end - start + 1, 0);
    const listed = spans.slice(0, maxSpans);
    const rest = spans.length - listed.length;
    return { schema: 'countersign/unreviewed/1', lines, spans: listed, ...(rest > 0 && { notListed: rest }) };
  },
});

const explainOne = tool({
  name: 'explain_line',
  title: 'How a line got its origin',
  description:
    'Who wrote one line of a file as it stands in the work tree, step by step and with the evidence; of a committed line, the commit and what its record says.',
  input: v.object({
    folder,
    path: v.pipe(v.string(), v.description("relative to the repository's top, or absolute")),
    line: v.pipe(v.number(), v.integer(), v.minValue(1), v.description('from 1')),
  }),
  async answer(place, { path: file, line }) {
    const { repository } = place;
    const relative = pathInRepository(repository, path.resolve(repository.top, file));
    if (relative === undefined) throw new Error(`${file} is not in the work tree of ${repository.top}`);
    return { ...explanationJson(await explainLine(place, relative, line)) };
  },
});

const validationNeeded = tool({
  name: 'validation_needed',
  title: 'What the pending change still lacks',
  description:
    'What is missing before the uncommitted change is validated: review by a person, tests that go with it, runs of tests or scanners that are stale or failed; each with what to do and whether only a person can; and who must review it by the policy of the repository (reviewers). Ask before you call a task done.',
  input: PlaceInput,
  async answer(place) {
    const { files, risk, validations, reviewers } = await assessPending(place, { staged: false });
    const needs = neededValidation(risk, validations);
    return { schema: 'countersign/needs/1', pending: files.length > 0, needs, reviewers: reviewers ?? null };
  },
});

/** Every tool there is. */
export const tools: readonly Tool[] = [pendingRisk, unreviewedLines, explainOne, validationNeeded];
