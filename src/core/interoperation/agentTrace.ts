import type { AddedLine, FileChange } from '../change.ts';
import { sha256 } from '../digest.ts';

/** The version of the Agent Trace specification that these records follow. */
export const agentTraceVersion = '0.1.0';

/** What a trace record is made of. */
export interface TracedCommit {
  readonly commit: string;
  readonly files: readonly FileChange[];
  /** Digests of the records that the lines are known by. */
  readonly records: readonly string[];
  /** When the commit was made: ISO 8601, UTC. */
  readonly time: string;
}

interface Contributor {
  readonly type: 'human' | 'ai' | 'mixed';
  readonly model_id?: string;
}

interface Range {
  readonly start_line: number;
  readonly end_line: number;
  readonly content_hash: string;
}

interface Conversation {
  readonly contributor: Contributor;
  readonly ranges: readonly Range[];
}

export interface AgentTrace {
  readonly version: string;
  readonly id: string;
  readonly timestamp: string;
  readonly vcs: { readonly type: 'git'; readonly revision: string };
  readonly tool: { readonly name: string; readonly version: string };
  readonly files: readonly { readonly path: string; readonly conversations: readonly Conversation[] }[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Vendors keep what is theirs under their reversed name. */
const metadataKey = 'com.github.countersign';

/**
 * The trace record of a commit (Agent Trace 0.1.0): the same bytes each time; none where no line is AI, mixed or human.
 * Sessions are told apart as conversations and not named; lines that nobody is known to have written, and those of
 * tools, are in no range.
 *
 * @param version of the program that writes it
 */
export function agentTraceOf(traced: TracedCommit, version: string): AgentTrace | undefined {
  const files = traced.files
    .map(({ path, lines }) => ({ path, conversations: conversationsOf(lines) }))
    .filter(({ conversations }) => conversations.length > 0);
  if (files.length === 0) return undefined;
  const { commit, records, time } = traced;
  return {
    version: agentTraceVersion,
    id: uuidOf(['agent-trace', commit, ...records].join('\n')),
    timestamp: time,
    vcs: { type: 'git', revision: commit },
    tool: { name: 'countersign', version },
    files,
    metadata: { [metadataKey]: { records: records.map((digest) => `sha256:${digest}`) } },
  };
}

/** Lines that follow each other and have one contributor are a range; a session of an assistant is a conversation. */
function conversationsOf(lines: readonly AddedLine[]): Conversation[] {
  const conversations = new Map<string, { readonly contributor: Contributor; readonly runs: AddedLine[][] }>();
  for (const line of lines) {
    const contributor = contributorOf(line);
    if (!contributor) continue;
    const session = line.author?.origin === 'ai' ? [line.author.tool, line.author.session] : [];
    const key = JSON.stringify([contributor, ...session]);
    const conversation = conversations.get(key) ?? { contributor, runs: [] };
    conversations.set(key, conversation);
    const run = conversation.runs.at(-1);
    if (run?.at(-1)?.number === line.number - 1) run.push(line);
    else conversation.runs.push([line]);
  }
  return [...conversations.values()].map(({ contributor, runs }) => ({ contributor, ranges: runs.map(rangeOf) }));
}

function rangeOf(run: readonly AddedLine[]): Range {
  const [first, last] = [run[0] as AddedLine, run.at(-1) as AddedLine];
  return { start_line: first.number, end_line: last.number, content_hash: contentHashOf(run) };
}

function contributorOf({ class: name, author }: AddedLine): Contributor | undefined {
  if (name === 'human') return { type: 'human' };
  if (name !== 'ai' && name !== 'mixed') return undefined;
  const model_id = author?.origin === 'ai' && author.model !== undefined ? modelId(author.model) : undefined;
  return { type: name, ...(model_id !== undefined && { model_id }) };
}

/** Made of the lines' texts alone, so that it holds wherever they move: docs/interoperation.md says how. */
function contentHashOf(lines: readonly AddedLine[]): string {
  return `countersign-1:${sha256(lines.map((line) => line.hash).join('\n')).slice(0, 16)}`;
}

/** Names of models by their maker, as models.dev calls it. */
const providers: readonly (readonly [RegExp, string])[] = [
  [/^claude-/, 'anthropic'],
  [/^(gpt-|chatgpt-|codex-|o\d)/, 'openai'],
  [/^gemini-/, 'google'],
  [/^grok-/, 'xai'],
  [/^(mistral|codestral|devstral)-/, 'mistral'],
  [/^deepseek-/, 'deepseek'],
];

/** `provider/model` as models.dev has it; nothing where the provider is not known. */
export function modelId(model: string): string | undefined {
  const name = model.trim();
  if (name.length > 200 || /[\s\p{Cc}]/u.test(name)) return undefined;
  if (/^[\w.-]+\/\S+$/.test(name)) return name;
  const provider = providers.find(([pattern]) => pattern.test(name))?.[1];
  return provider === undefined ? undefined : `${provider}/${name}`;
}

/** A UUID (version 8, RFC 9562) made of a text: the same for the same text. */
export function uuidOf(text: string): string {
  const hex = sha256(text);
  const variant = ((Number.parseInt(hex[16] as string, 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
