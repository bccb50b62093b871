import * as v from 'valibot';
import { sha256 } from '../digest.ts';
import { parseJson, type RefusedNote } from './foreignNote.ts';

/**
 * The notes of the Git AI Standard 3.0.0 (`refs/notes/ai`): which lines of a commit a session, a prompt or a person
 * wrote. Written byte for byte as the standard's own tool does, read as leniently as it reads.
 */
export const gitAiVersion = 'authorship/3.0.0';

/** Lines of a file at the commit, 1-based, inclusive. */
export interface GitAiRange {
  readonly start: number;
  readonly end: number;
}

export interface GitAiEntry {
  /** `s_…::t_…` (session and trace), `h_…` (person), or the bare hash of a prompt from before there were sessions. */
  readonly key: string;
  readonly ranges: readonly GitAiRange[];
}

export interface GitAiFile {
  /** From the top of the repository, with `/`, as the commit has it. */
  readonly path: string;
  /** In their order: where ranges overlap, the later entry wins. */
  readonly entries: readonly GitAiEntry[];
}

const Agent = v.object({ tool: v.string(), id: v.string(), model: v.string() });
const Attributes = mapOf(v.string());
const Counter = v.nullish(v.number(), 0);

const Session = v.object({
  agent_id: Agent,
  human_author: v.nullish(v.string(), null),
  custom_attributes: Attributes,
});

/** `overriden_lines` is the standard's own spelling. */
const Prompt = v.object({
  ...Session.entries,
  messages_url: v.nullish(v.string()),
  total_additions: Counter,
  total_deletions: Counter,
  accepted_lines: Counter,
  overriden_lines: Counter,
});

const Human = v.object({ author: v.string() });

const Metadata = v.object({
  schema_version: v.literal(gitAiVersion),
  git_ai_version: v.nullish(v.string()),
  base_commit_sha: v.string(),
  /** Must be there, as the standard's own reader demands. */
  prompts: v.pipe(v.record(v.string(), Prompt), v.transform(toMap)),
  humans: mapOf(Human),
  sessions: mapOf(Session),
});

export type GitAiSession = v.InferOutput<typeof Session>;
export type GitAiPrompt = v.InferOutput<typeof Prompt>;
export type GitAiHuman = v.InferOutput<typeof Human>;
export type GitAiMetadata = v.InferOutput<typeof Metadata>;

export interface GitAiNote {
  readonly files: readonly GitAiFile[];
  readonly metadata: GitAiMetadata;
}

/** An object that may be missing. Its keys are data: in a map none of them can mean anything else. */
function mapOf<const Value>(schema: v.GenericSchema<unknown, Value>) {
  return v.pipe(v.nullish(v.record(v.string(), schema), {}), v.transform(toMap));
}

function toMap<Value>(object: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(object));
}

const divider = '---';

/**
 * Reads a note. White space at line ends, CRLF, blank lines, fields and key prefixes that are not known, and a final line
 * break do no harm; another schema version, a missing divider or an entry that is none refuses the note.
 */
export function readGitAiNote(text: string): GitAiNote | RefusedNote {
  const found = /(?:^|\n)---\r?(?:\n|$)/.exec(text);
  if (!found) return { refused: 'it has no line of "---" between lines and metadata' };
  const files = readFiles(text.slice(0, found.index));
  if ('refused' in files) return files;
  const metadata = readMetadata(text.slice(found.index + found[0].length));
  return 'refused' in metadata ? metadata : { files: files.files, metadata };
}

function readFiles(section: string): { readonly files: GitAiFile[] } | RefusedNote {
  const files: { path: string; entries: GitAiEntry[] }[] = [];
  for (const line of section.split('\n').map((raw) => raw.trimEnd())) {
    if (line === '') continue;
    if (!line.startsWith('  ')) {
      files.push({ path: readPath(line), entries: [] });
      continue;
    }
    const entry = readEntry(line.slice(2));
    const file = files.at(-1);
    if (!entry || !file) return { refused: `${JSON.stringify(line.slice(0, 60))} is no entry of a file` };
    file.entries.push(entry);
  }
  return { files: files.filter((file) => file.entries.length > 0) };
}

function readEntry(line: string): GitAiEntry | undefined {
  const space = line.indexOf(' ');
  if (space < 0) return undefined;
  const ranges: GitAiRange[] = [];
  for (const part of line.slice(space + 1).split(',')) {
    if (part === '') continue;
    const dash = part.indexOf('-');
    const start = readNumber(dash < 0 ? part : part.slice(0, dash));
    const end = dash < 0 ? start : readNumber(part.slice(dash + 1));
    if (start === undefined || end === undefined) return undefined;
    ranges.push({ start, end });
  }
  return { key: line.slice(0, space), ranges };
}

/** Line numbers are unsigned 32-bit. */
function readNumber(text: string): number | undefined {
  const value = /^\+?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= 0xffff_ffff ? value : undefined;
}

function readMetadata(json: string): GitAiMetadata | RefusedNote {
  const value = parseJson(json);
  if (value === undefined) return { refused: 'its metadata is not JSON' };
  const version = v.safeParse(v.looseObject({ schema_version: v.string() }), value);
  if (version.success && version.output.schema_version !== gitAiVersion) {
    const name = JSON.stringify(version.output.schema_version.slice(0, 40));
    return { refused: `its schema is ${name}, and only ${gitAiVersion} is known here` };
  }
  const result = v.safeParse(Metadata, value);
  if (result.success) return result.output;
  return {
    refused: `its metadata is not as ${gitAiVersion} has it (${v.getDotPath(result.issues[0]) ?? 'no object'})`,
  };
}

function readPath(line: string): string {
  return line.length >= 2 && line.startsWith('"') && line.endsWith('"') ? line.slice(1, -1) : line;
}

/** A path as its line, in quotes where it has a blank; nothing inside is escaped. */
function pathLine(path: string): string {
  return /[ \t\n]/.test(path) ? `"${path}"` : path;
}

/** Whether a path comes back from a note as it was: with a line break, as `---`, or in quotes of its own it does not. */
export function isNotablePath(path: string): boolean {
  const line = pathLine(path);
  return path !== '' && !line.includes('\n') && line !== divider && readPath(line.trimEnd()) === path;
}

/** The bytes of a note (UTF-8); there is no line break at the end. Files and entries keep their order. */
export function writeGitAiNote({ files, metadata }: GitAiNote): string {
  const lines = files
    .filter((file) => file.entries.length > 0)
    .flatMap(({ path, entries }) => [
      pathLine(path),
      ...entries.map(({ key, ranges }) => `  ${key} ${writeRanges(ranges)}`),
    ]);
  return [...lines, divider, writeMetadata(metadata)].join('\n');
}

function writeRanges(ranges: readonly GitAiRange[]): string {
  return [...ranges]
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => (start === end ? `${start}` : `${start}-${end}`))
    .join(',');
}

function writeMetadata(metadata: GitAiMetadata): string {
  const { schema_version, git_ai_version, base_commit_sha, prompts, humans, sessions } = metadata;
  return pretty([
    ['schema_version', schema_version],
    ['git_ai_version', git_ai_version ?? undefined],
    ['base_commit_sha', base_commit_sha],
    ['prompts', sorted(prompts, promptMembers)],
    ['humans', humans.size > 0 ? sorted(humans, ({ author }) => [['author', author]]) : undefined],
    ['sessions', sessions.size > 0 ? sorted(sessions, sessionMembers) : undefined],
  ]);
}

function sessionMembers(session: GitAiSession): Members {
  return [...agentMembers(session), attributesMember(session)];
}

function promptMembers(prompt: GitAiPrompt): Members {
  return [
    ...agentMembers(prompt),
    ['messages_url', prompt.messages_url ?? undefined],
    ['total_additions', prompt.total_additions],
    ['total_deletions', prompt.total_deletions],
    ['accepted_lines', prompt.accepted_lines],
    ['overriden_lines', prompt.overriden_lines],
    attributesMember(prompt),
  ];
}

function agentMembers({ agent_id: { tool, id, model }, human_author }: GitAiSession): Members {
  const agent: Members = [
    ['tool', tool],
    ['id', id],
    ['model', model],
  ];
  return [
    ['agent_id', agent],
    ['human_author', human_author],
  ];
}

function attributesMember({ custom_attributes }: GitAiSession): Members[number] {
  return ['custom_attributes', custom_attributes.size > 0 ? sorted(custom_attributes, (value) => value) : undefined];
}

/**
 * The members of a JSON object in the order in which they are written. A JavaScript object would not do: it moves keys
 * that look like numbers to the front.
 */
type Members = readonly (readonly [key: string, value: Member])[];
type Member = string | number | null | undefined | Members;

function sorted<Value>(map: ReadonlyMap<string, Value>, member: (value: Value) => Member): Members {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([key, value]) => [key, member(value)] as const);
}

function pretty(members: Members, indent = ''): string {
  const inner = `${indent}  `;
  const lines = members.flatMap(([key, value]) =>
    value === undefined ? [] : [`${inner}${JSON.stringify(key)}: ${prettyValue(value, inner)}`],
  );
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
}

function prettyValue(value: Exclude<Member, undefined>, indent: string): string {
  return typeof value === 'object' && value !== null ? pretty(value, indent) : JSON.stringify(value);
}

/** What an entry's key stands for. */
export type GitAiWriter =
  | { readonly kind: 'human'; readonly record: GitAiHuman }
  | { readonly kind: 'session'; readonly record: GitAiSession }
  | { readonly kind: 'prompt'; readonly record: GitAiPrompt };

/** Whom an entry names; nobody where the note has no record of it. Prefixes and `::` decide, never a length. */
export function gitAiWriter({ humans, sessions, prompts }: GitAiMetadata, key: string): GitAiWriter | undefined {
  const id = key.split('::')[0] as string;
  if (id.startsWith('h_')) {
    const record = humans.get(id);
    return record && { kind: 'human', record };
  }
  if (id.startsWith('s_')) {
    const record = sessions.get(id);
    return record && { kind: 'session', record };
  }
  const record = prompts.get(key);
  return record && { kind: 'prompt', record };
}

/** `s_` and 14 hex digits: a conversation of a tool. */
export function gitAiSessionId(tool: string, conversation: string): string {
  return `s_${sha256(`${tool}:${conversation}`).slice(0, 14)}`;
}

/** `h_` and 14 hex digits. @param identity `Name <email>`, the very string that the note holds */
export function gitAiHumanId(identity: string): string {
  return `h_${sha256(identity).slice(0, 14)}`;
}
