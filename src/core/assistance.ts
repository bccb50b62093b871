import { type AssistantIdentity, assistantAt, assistantNamed } from './identities.ts';
import type { Trailer } from './trailers.ts';

/** A trailer by which a commit says that an assistant had a part in it. */
export interface AssistanceMark {
  /** As it stands in the message. */
  readonly trailer: Trailer;
  /** `session` only points to a conversation. */
  readonly kind: 'assistant' | 'session';
  /** The assistant's id, where it is one that is known. */
  readonly tool?: string;
  readonly model?: string;
}

/**
 * What the trailers of a commit, ours or another tool's, say of assistants. Many projects thank people by `Assisted-by`,
 * and people are called Claude: a name counts only where it is an assistant's, or is written as only assistants are.
 *
 * @param trailers what git reads as trailers, never lines of prose
 */
export function readAssistance(trailers: readonly Trailer[]): AssistanceMark[] {
  return trailers.flatMap((trailer) => markOf(trailer) ?? []);
}

/** Values by which a commit says that there was no assistant. */
const negative = /^(?:none|n\/a|na|no|false|-|0(?:[/ ].*)?)?$/i;

/** Keys of other tools that are for assistants alone. */
const strongKeys: ReadonlySet<string> = new Set([
  ...['ai-assisted', 'ai-assisted-by', 'ai-agent', 'ai-assistant', 'ai-generated', 'ai-generated-by', 'ai-used-for'],
  ...['llm-assisted-by', 'coding-agent', 'coding-agent-model', 'co-developed-by-ai', 'commit-generated-by'],
  ...['ai-session', 'ai-model', 'ai-lines'],
]);

/** Keys that also stand for people and for other programs. */
const weakKeys: ReadonlySet<string> = new Set(['assisted-by', 'generated-by', 'generated-with', 'made-with', 'agent']);

/** Keys that point to a conversation, and whose. */
const sessionKeys: ReadonlyMap<string, string | undefined> = new Map([
  ['claude-session', 'claude'],
  ['claude-session-path', 'claude'],
  ['copilot-session', 'copilot'],
  ['agent-logs-url', 'copilot'],
  ['amp-thread-id', 'amp'],
  ['replit-commit-session-id', 'replit'],
  ['replit-commit-author', 'replit'],
  ['entire-checkpoint', undefined],
  ['entire-session', undefined],
  ['entire-attribution', undefined],
  ['turbocommit-session', undefined],
  ['tokenjam-session', undefined],
  ['agent-conversation', undefined],
  ['agent-transcript', undefined],
]);

function markOf(trailer: Trailer): AssistanceMark | undefined {
  const key = trailer.key.toLowerCase();
  const value = trailer.value.trim();
  if (negative.test(value)) return undefined;
  if (sessionKeys.has(key)) {
    const tool = sessionKeys.get(key);
    return { trailer, kind: 'session', ...(tool !== undefined && { tool }) };
  }
  const address = /<([^<>]*)>\s*$/.exec(value)?.[1];
  if (key === 'co-authored-by' || address !== undefined) {
    // Who gives an address is who the address belongs to, whatever the name.
    const identity = address === undefined ? undefined : assistantAt(address);
    return identity && { trailer, kind: 'assistant', tool: identity.tool, ...modelOf(value) };
  }
  if (!strongKeys.has(key) && !(weakKeys.has(key) && namesAssistant(key, value))) return undefined;
  const identity = identityIn(value);
  return { trailer, kind: 'assistant', ...(identity && { tool: identity.tool }), ...modelOf(value) };
}

/** `Claude Code (opus)`, `Claude:opus`, `claude-code/opus`: how the conventions for assistants write one and its model. */
const shapes = [
  /^(?<agent>[^()]+) \((?<model>[^()]+)\)$/,
  /^(?<agent>[^:/\s][^:]*):(?<model>[^\s/]\S*)(?: \S+)*$/,
  /^(?<agent>[^/\s]+)\/(?<model>[^/\s]+)$/,
] as const;

/** Words that are no person's name. */
const telling =
  /\b(?:llm|a\.?i\.?|chatgpt|gpt-?\d|copilot|codex|gemini|cursor|aider|opencode|openhands|qwen|codestral|devstral|mistral|deepseek|llama|windsurf|tabnine|anthropic|openai|claude[- ](?:code|opus|sonnet|haiku|instant|\d)|sonnet|opus|haiku)\b/i;

function namesAssistant(key: string, value: string): boolean {
  if (telling.test(value) || assistantNamed(value)) return true;
  return key === 'assisted-by' && shapes.some((shape) => shape.test(value));
}

function identityIn(value: string): AssistantIdentity | undefined {
  const agent = shapes.map((shape) => shape.exec(value)?.groups?.['agent']).find((found) => found !== undefined);
  return assistantNamed(agent ?? value) ?? assistantNamed(value.split(/[\s:/(]/)[0] ?? '');
}

function modelOf(value: string): { readonly model?: string } {
  const name = value.replace(/\s*<[^<>]*>\s*$/, '');
  const model = shapes.map((shape) => shape.exec(name)?.groups?.['model']).find((found) => found !== undefined);
  return model === undefined ? {} : { model };
}
