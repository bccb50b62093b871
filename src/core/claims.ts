import { readAssistance } from './assistance.ts';
import type { ProvenanceRecord } from './record.ts';
import {
  type Assistant,
  assistantName,
  claimedDigests,
  formatTrailer,
  formerNamingTrailers,
  type Trailer,
} from './trailers.ts';
import { isValidationSummary, validationSummary } from './validation/summary.ts';

/** What the trailer block of a commit says, before anybody has looked whether it is so. */
export interface Claims {
  /** Digests in the order of the block. */
  readonly digests: readonly string[];
  /** Values of `Provenance` that begin as ours do and hold no digest. */
  readonly unreadable: readonly string[];
  /** Values of `AI-Lines`. Another tool writes a trailer of this name too, in another form. */
  readonly lines: readonly { readonly value: string; readonly counts: LineCounts | undefined }[];
  readonly risks: readonly string[];
  /** Values of `Validation`, which other tools may use for something else. */
  readonly validations: readonly string[];
  /** All that there are, for an assistant is named in one of several ways. */
  readonly trailers: readonly Trailer[];
}

/** The numbers of an `AI-Lines` trailer, in lines. */
interface LineCounts {
  readonly countsAsAi: number;
  readonly added: number;
  readonly reviewed: number;
  readonly unknown: number;
}

/** @param trailers a commit's last trailer block, as git parses it */
export function readClaims(trailers: readonly Trailer[]): Claims {
  const valuesOf = (key: string): string[] =>
    trailers.filter((trailer) => trailer.key.toLowerCase() === key).map(({ value }) => value.trim());
  const provenance = valuesOf('provenance');
  return {
    digests: claimedDigests(provenance),
    unreadable: provenance.filter((value) => /^sha256\b/i.test(value) && claimedDigests([value]).length === 0),
    lines: valuesOf('ai-lines').map((value) => ({ value, counts: lineCounts(value) })),
    risks: valuesOf('change-risk'),
    validations: valuesOf('validation'),
    trailers,
  };
}

/** `2/4 added, 0 reviewed, 1 unknown`; further parts that are not known here may follow. */
function lineCounts(value: string): LineCounts | undefined {
  const [, countsAsAi, added, rest = ''] = /^(\d+)\/(\d+) added((?:, \d+ [a-z]+)*)$/.exec(value) ?? [];
  if (countsAsAi === undefined) return undefined;
  const part = (name: string): number => Number(new RegExp(`, (\\d+) ${name}(?:,|$)`).exec(rest)?.[1] ?? 0);
  return {
    countsAsAi: Number(countsAsAi),
    added: Number(added),
    reviewed: part('reviewed'),
    unknown: part('unknown'),
  };
}

/** The claims that only a record can bear out, and that stand there without one: `AI-Lines: 2/4 added, …`. */
export function claimsWithoutRecord({ digests, lines }: Claims): string[] {
  if (digests.length > 0) return [];
  return lines.filter(({ counts }) => counts !== undefined).map(({ value }) => `AI-Lines: ${value}`);
}

/** Where the trailers say something else than the record that they name: a sentence each. */
export function contradictions(claims: Claims, record: ProvenanceRecord): string[] {
  return [
    ...lineContradictions(claims, record),
    ...riskContradictions(claims, record),
    ...validationContradictions(claims, record),
    ...missingAssistants(claims, record),
  ];
}

function lineContradictions({ lines, trailers }: Claims, { totals }: ProvenanceRecord): string[] {
  const count = (name: string): number => totals[name] ?? 0;
  const recorded = `${count('countsAsAi')}/${count('added')} added, ${count('reviewed')} reviewed, ${count('unknown')} unknown`;
  if (lines.length === 0) {
    // The kernel's style has no numbers.
    if (trailers.some((trailer) => inOneCase(trailer) === 'assisted-by: LLM')) return [];
    return count('ai') + count('mixed') > 0 ? [`AI-Lines is not there, its record has ${recorded}`] : [];
  }
  const names = ['countsAsAi', 'added', 'reviewed', 'unknown'] as const;
  return lines
    .filter(({ counts }) => counts === undefined || names.some((name) => counts[name] !== count(name)))
    .map(({ value }) => `AI-Lines says ${value}, its record has ${recorded}`);
}

function riskContradictions({ risks }: Claims, { risk }: ProvenanceRecord): string[] {
  const recorded = `${risk.level} ${risk.score}/100`;
  return risks
    .filter((value) => value !== recorded && !value.startsWith(`${recorded} `))
    .map((value) => `Change-Risk says ${value}, its record has ${recorded}`);
}

/** Only what has our form is compared. */
function validationContradictions({ validations }: Claims, { validation }: ProvenanceRecord): string[] {
  const recorded = validation ? validationSummary(validation) : '';
  return validations
    .filter((value) => isValidationSummary(value) && value !== recorded)
    .map((value) => `Validation says ${value}, its record has ${recorded || 'none'}`);
}

/** The record's assistants that no trailer names, in whichever style, ours or the assistant's own. */
function missingAssistants({ trailers }: Claims, record: ProvenanceRecord): string[] {
  const lines = new Set(trailers.map(inOneCase));
  // The default style first: the others are more to ask for, and a history asks for many.
  const isNamed = (name: string, assistant: Assistant): boolean =>
    lines.has(inOneCase({ key: 'Assisted-by', value: name })) ||
    formerNamingTrailers([assistant]).some((trailer) => lines.has(inOneCase(trailer))) ||
    readAssistance(trailers).some(
      ({ tool, model }) => tool === assistant.tool && (model === undefined || model === assistant.model),
    );
  return [...countedAssistants(record)]
    .filter(([name, assistant]) => !isNamed(name, assistant))
    .map(([name]) => `no trailer names ${name}, its record does`);
}

/** Keys of trailers compare in any case. */
function inOneCase({ key, value }: Trailer): string {
  return formatTrailer({ key: key.toLowerCase(), value: value.trim() });
}

/** Who wrote lines that count, by name: a file that is listed apart names nobody. */
function countedAssistants({ files, authors }: ProvenanceRecord): ReadonlyMap<string, Assistant> {
  const runs = files.flatMap((file) => (file.apart ? [] : file.runs));
  const indexes = new Set(runs.flatMap(({ author }) => author ?? []));
  const counted = authors.filter((_, index) => indexes.has(index));
  return new Map(counted.map((assistant) => [assistantName(assistant.tool, assistant.model), assistant]));
}

/** How many of these line hashes, in any order, a record lists too. */
export function sharedLines(hashes: Iterable<string>, record: ProvenanceRecord): number {
  const open = new Map<string, number>();
  for (const { lines } of record.files) for (const hash of lines) open.set(hash, (open.get(hash) ?? 0) + 1);
  let shared = 0;
  for (const hash of hashes) {
    const left = open.get(hash) ?? 0;
    if (left === 0) continue;
    open.set(hash, left - 1);
    shared++;
  }
  return shared;
}
