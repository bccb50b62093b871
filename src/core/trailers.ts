import { type AssistanceMark, readAssistance } from './assistance.ts';
import type { FileChange, Totals } from './change.ts';
import { identityOf } from './identities.ts';
import type { SealedRecord } from './record.ts';
import { isFloor, type Risk } from './risk/risk.ts';
import { validationSummary } from './validation/summary.ts';

export interface Trailer {
  readonly key: string;
  readonly value: string;
}

/** A trailer line never gets longer (commitlint's limit for a footer line), its key and `: ` included. */
export const maxTrailerLength = 100;

/** The keys that are ours alone; the ones that name an assistant are shared with other tools and people. */
export const ownKeys = ['AI-Lines', 'Change-Risk', 'Validation', 'Provenance'] as const;

/**
 * How a repository wants assistants to be named (`git config countersign.trailers`): by the conventions of large projects,
 * or not at all. Docs: formats.md.
 */
export const trailerStyles = [
  'assisted-by',
  'kernel',
  'agent-model',
  'slash',
  'generated-by',
  'openinfra',
  'co-authored-by',
  'none',
] as const;
export type TrailerStyle = (typeof trailerStyles)[number];

export const defaultStyle: TrailerStyle = 'assisted-by';

export function isTrailerStyle(word: string): word is TrailerStyle {
  return (trailerStyles as readonly string[]).includes(word);
}

export function toolName(tool: string): string {
  return identityOf(tool)?.name ?? (clean(tool, maxNameLength) || 'unknown');
}

/** An assistant and its model, as a record has them. */
export interface Assistant {
  readonly tool: string;
  readonly model?: string | undefined;
}

export interface TrailerOptions {
  readonly style?: TrailerStyle;
  /** What the message has already: an assistant that has named itself is not named again, unless the style wants it. */
  readonly present?: readonly Trailer[];
}

/** The trailers of a commit (DESIGN 5.1); nothing but risk, validation and digest where no line is AI. */
export function trailersOf(
  files: readonly FileChange[],
  sealed: SealedRecord,
  risk: Risk,
  { style = defaultStyle, present = [] }: TrailerOptions = {},
): Trailer[] {
  if (style === 'none') return [];
  const { totals } = sealed;
  const named = readAssistance(present);
  const missing = assistantsOf(files).filter((assistant) => !isNamed(assistant, style, named));
  const trailers = namingTrailers(missing, style, totals);
  // The kernel's maintainers want one line for an assistant, and strike what they do not know.
  if (style !== 'kernel') {
    if (totals.ai + totals.mixed > 0) trailers.push(trailer('AI-Lines', aiLines(totals)));
    trailers.push(trailer(changeRiskKey, changeRisk(risk)));
    const { validation } = sealed.record;
    const summary = validation ? validationSummary(validation) : '';
    if (summary !== '') trailers.push(trailer('Validation', summary));
  }
  trailers.push(trailer('Provenance', `sha256:${sealed.digest}`));
  return trailers;
}

/** The assistants that wrote lines which count, in order of first appearance, one for each tool and model. */
function assistantsOf(files: readonly FileChange[]): Assistant[] {
  const found = new Map<string, Assistant>();
  for (const file of files) {
    if (file.apart) continue;
    for (const { author } of file.lines) {
      if (author?.origin !== 'ai') continue;
      const key = assistantName(author.tool, author.model);
      if (!found.has(key)) found.set(key, author);
    }
  }
  return [...found.values()];
}

/** Styles that follow a project's rule want their own line, whatever else the message says. */
function isNamed({ tool, model }: Assistant, style: TrailerStyle, named: readonly AssistanceMark[]): boolean {
  if (style !== 'assisted-by' && style !== 'co-authored-by') return false;
  return named.some((mark) => {
    if (mark.kind !== 'assistant' || mark.tool !== tool) return false;
    const isCoAuthor = mark.trailer.key.toLowerCase() === 'co-authored-by';
    return isCoAuthor || (style === 'assisted-by' && (mark.model === undefined || mark.model === model));
  });
}

/** The trailers that name assistants, each line once. */
export function namingTrailers(
  assistants: readonly Assistant[],
  style: TrailerStyle,
  totals: Pick<Totals, 'added' | 'countsAsAi'>,
): Trailer[] {
  const trailers = assistants.flatMap((assistant) => namingTrailer(assistant, style, totals) ?? []);
  return [...new Map(trailers.map((found) => [formatTrailer(found), found])).values()];
}

function namingTrailer(
  { tool, model }: Assistant,
  style: TrailerStyle,
  { added, countsAsAi }: Pick<Totals, 'added' | 'countsAsAi'>,
): Trailer | undefined {
  switch (style) {
    case 'assisted-by':
      return trailer('Assisted-by', assistantName(tool, model));
    case 'kernel':
      return trailer('Assisted-by', 'LLM');
    case 'agent-model':
      return trailer('Assisted-by', `${oneWord(agentWord(tool))}:${oneWord(model)}`);
    case 'slash':
      return trailer('Assisted-by', `${oneWord(toolName(tool)).toLowerCase()}/${oneWord(model)}`);
    case 'generated-by':
      return trailer('Generated-by', assistantName(tool, model));
    case 'openinfra':
      // `Generated-By` is for changes that are the assistant's in substance.
      return trailer(2 * countsAsAi >= added ? 'Generated-By' : 'Assisted-By', assistantName(tool, model));
    case 'co-authored-by': {
      const identity = identityOf(tool);
      const address = identity?.isUnconfirmed ? undefined : identity?.addresses?.[0];
      // An address that nobody knows to be the assistant's would name somebody else.
      if (address === undefined) return trailer('Assisted-by', assistantName(tool, model));
      const room = maxTrailerLength - `Co-authored-by: ${toolName(tool)} () <${address}>`.length;
      return trailer('Co-authored-by', `${assistantName(tool, model, room)} <${address}>`);
    }
    case 'none':
      return undefined;
  }
}

/**
 * The lines by which we may have named these assistants in a message, whatever its style was then: an amend writes them
 * anew. A co-author's line without a model may be the assistant's own.
 */
export function formerNamingTrailers(assistants: readonly Assistant[]): Trailer[] {
  const shares = [
    { added: 1, countsAsAi: 0 },
    { added: 1, countsAsAi: 1 },
  ];
  return trailerStyles
    .flatMap((style) => shares.flatMap((share) => namingTrailers(assistants, style, share)))
    .filter(({ key, value }) => key !== 'Co-authored-by' || value.includes(' ('));
}

/** The value of an `Assisted-by` trailer: `Claude Code (claude-opus-4-5)`. */
export function assistantName(tool: string, model: string | undefined, room = maxModelLength): string {
  const version = clean(model ?? '', Math.min(room, maxModelLength))
    .replace(/[()<>]/g, '')
    .trim();
  const name = toolName(tool).replace(/[<>]/g, '');
  return version ? `${name} (${version})` : name;
}

function agentWord(tool: string): string {
  return identityOf(tool)?.word ?? toolName(tool);
}

/** A name in one word, where blanks and separators have a meaning: `unknown` for none. */
function oneWord(name: string | undefined): string {
  const word = clean(name ?? '', maxModelLength)
    .replace(/[\s:/()<>]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return word || 'unknown';
}

function aiLines(totals: Totals): string {
  const parts = [`${totals.countsAsAi}/${totals.added} added`, `${totals.reviewed} reviewed`];
  if (totals.unknown > 0) parts.push(`${totals.unknown} unknown`);
  return parts.join(', ');
}

const changeRiskKey = 'Change-Risk';

/** Level, score and the rules that set a floor, the strongest first: as many as there is room for. */
function changeRisk(risk: Risk): string {
  const rules = [...new Set(risk.factors.filter(isFloor).map(({ id }) => id))];
  const score = `${risk.level} ${risk.score}/100`;
  for (; rules.length > 0; rules.pop()) {
    const value = `${score} (${rules.join(', ')})`;
    if (`${changeRiskKey}: ${value}`.length <= maxTrailerLength) return value;
  }
  return score;
}

/** A value that stays on its line and within the limit. */
function trailer(key: string, value: string): Trailer {
  return { key, value: clean(value, maxTrailerLength - key.length - 2) };
}

/** Together they leave room for the longest key that names an assistant. */
const maxNameLength = 32;
const maxModelLength = 50;

/** Printable and one line: control, format and separator characters go, blanks become one. */
function clean(value: string, maxLength: number): string {
  // Most values are plain ASCII, and a history has many.
  const shown = /^[ -~]*$/.test(value) ? value : value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu, ' ');
  const printable = shown.replace(/\s+/g, ' ').trim();
  return [...printable].slice(0, maxLength).join('').trim();
}

export function formatTrailer({ key, value }: Trailer): string {
  return `${key}: ${value}`;
}

/** The digests that `Provenance` trailers claim, from the values git parsed. */
export function claimedDigests(values: readonly string[]): string[] {
  return values.flatMap((value) => /^sha256:([0-9a-f]{64})$/.exec(value.trim())?.[1] ?? []);
}

/** Digests anywhere in a message: no claim, but they may help to align (a squash's body). The later first. */
export function mentionedDigests(message: string): string[] {
  const found = [...message.matchAll(/^\s*Provenance:\s*sha256:([0-9a-f]{64})\s*$/gm)].map(
    (match) => match[1] as string,
  );
  return [...new Set(found.reverse())];
}
