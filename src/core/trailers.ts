import type { FileChange, Totals } from './change.ts';
import type { SealedRecord } from './record.ts';
import type { Risk } from './risk.ts';

export interface Trailer {
  readonly key: string;
  readonly value: string;
}

/** A trailer line never gets longer (commitlint's limit for a footer line), its key and `: ` included. */
export const maxTrailerLength = 100;

/** The keys that are ours alone; `Assisted-by` is shared with other tools and people. */
export const ownKeys = ['AI-Lines', 'Change-Risk', 'Validation', 'Provenance'] as const;

/** Names as they are written for people; a tool that is not listed is written as it names itself. */
const toolNames: ReadonlyMap<string, string> = new Map([
  ['claude', 'Claude Code'],
  ['codex', 'Codex'],
  ['copilot', 'GitHub Copilot'],
]);

export function toolName(tool: string): string {
  return toolNames.get(tool) ?? clean(tool);
}

/** The trailers of a commit in the default style (DESIGN 5.1); nothing but the digest where no line is AI. */
export function trailersOf(files: readonly FileChange[], sealed: SealedRecord, risk: Risk): Trailer[] {
  const trailers: Trailer[] = [];
  for (const value of assistants(files)) trailers.push(trailer('Assisted-by', value));
  if (sealed.totals.ai + sealed.totals.mixed > 0) trailers.push(trailer('AI-Lines', aiLines(sealed.totals)));
  trailers.push(trailer('Change-Risk', changeRisk(risk)));
  trailers.push(trailer('Provenance', `sha256:${sealed.digest}`));
  return trailers;
}

/** The value of an `Assisted-by` trailer: `Claude Code (claude-opus-4-5)`. */
export function assistantName(tool: string, model: string | undefined): string {
  const version = model === undefined ? '' : clean(model);
  return version ? `${toolName(tool)} (${version})` : toolName(tool);
}

/** One `Assisted-by` per tool and model, in order of first appearance. */
function assistants(files: readonly FileChange[]): string[] {
  const values = new Set<string>();
  for (const { author } of files.flatMap((file) => file.lines)) {
    if (author?.origin === 'ai') values.add(assistantName(author.tool, author.model));
  }
  return [...values];
}

function aiLines(totals: Totals): string {
  const parts = [`${totals.countsAsAi}/${totals.added} added`, `${totals.reviewed} reviewed`];
  if (totals.unknown > 0) parts.push(`${totals.unknown} unknown`);
  return parts.join(', ');
}

function changeRisk(risk: Risk): string {
  const ids = risk.factors.filter((factor) => factor.effect !== '+0').map((factor) => factor.id);
  return `${risk.level} ${risk.score}/100${ids.length > 0 ? ` (${ids.join(', ')})` : ''}`;
}

/** A value that stays on its line and within the limit, whatever a payload called its model. */
function trailer(key: string, value: string): Trailer {
  const room = maxTrailerLength - key.length - 2;
  const cleaned = clean(value, room);
  return { key, value: cleaned };
}

/** Printable and one line: control, format and separator characters go, blanks become one. */
function clean(value: string, maxLength = 60): string {
  const printable = value
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
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
