import * as v from 'valibot';
import type { Actor, AssistantEvent, FileEdit } from '../core/assistantEvent.ts';
import { editsOfPatch } from './applyPatch.ts';
import { PayloadError } from './assistant.ts';
import { editOfInput, patchOfInput } from './editInput.ts';
import { eventOf, type ToolHook, type Tools } from './toolHook.ts';
import { isModel } from './transcript.ts';

const Text = v.optional(v.nullable(v.string()));

const Payload = v.object({
  hook_event_name: v.string(),
  session_id: v.string(),
  cwd: v.string(),
  transcript_path: Text,
  model: v.optional(v.unknown()),
  agent_id: Text,
  tool_name: Text,
  tool_use_id: Text,
  tool_input: v.optional(v.unknown()),
  tool_response: v.optional(v.unknown()),
  error: v.optional(v.unknown()),
  prompt: Text,
});

/** What a hook is given in the form of Claude Code, which most others took over, with more fields or fewer. */
export type HookPayload = v.InferOutput<typeof Payload>;

/** @throws {PayloadError} where a field that the form cannot do without is missing or of another type */
export function hookPayload(value: unknown, title: string): HookPayload {
  const result = v.safeParse(Payload, value);
  if (result.success) return result.output;
  throw new PayloadError(`${title}'s payload has no usable ${placeOf(result.issues)}: not recorded`);
}

export function placeOf([issue]: readonly v.BaseIssue<unknown>[]): string {
  return (issue && v.getDotPath(issue)) || 'content';
}

const moments: Readonly<Record<string, ToolHook['when']>> = {
  PreToolUse: 'before',
  PostToolUse: 'after',
  PostToolUseFailure: 'after',
  UserPromptSubmit: 'prompt',
  Stop: 'turn-end',
  StopFailure: 'turn-end',
  SessionStart: 'session-start',
  SessionEnd: 'session-end',
};

/** What an assistant adds to the common form: its own names, and the facts that it tells elsewhere. */
export interface Dialect {
  readonly id: string;
  readonly title: string;
  readonly edit: readonly string[];
  readonly command: readonly string[];
  readonly version?: string | undefined;
  readonly endMayStayUntold?: true;
  /** For a payload that names no model. */
  model?(payload: HookPayload): string | undefined;
  /** Where the input alone does not say all of an edit. */
  edits?(payload: HookPayload): readonly FileEdit[];
  /** Whether an after-event is one of failure, besides those that are called so. */
  failed?(payload: HookPayload): boolean;
  /** What a command has ended with, where the payload tells it. */
  exitCode?(payload: HookPayload): number | undefined;
}

/** The event that a payload in the common form stands for. */
export function eventOfPayload(payload: HookPayload, dialect: Dialect): AssistantEvent {
  const { hook_event_name, tool_name, prompt, agent_id, cwd } = payload;
  // The end of a sub-agent is no end of its parent's turn, but of its own.
  const ofAgent = hook_event_name === 'SubagentStop' && agent_id ? 'turn-end' : undefined;
  const when = ofAgent ?? moments[hook_event_name] ?? 'other';
  // Most calls only read: no transcript is looked into for those.
  const isTool = when === 'before' || when === 'after';
  if (isTool && ![...dialect.edit, ...dialect.command].includes(tool_name ?? '')) return { event: 'none' };
  const hook: ToolHook = {
    when,
    actor: actorOf(payload, dialect),
    cwd,
    ...(tool_name && { tool: tool_name }),
    ...(isPersons(prompt) && !agent_id && { prompt }),
  };
  const tools: Tools = {
    edit: dialect.edit,
    edits: () => dialect.edits?.(payload) ?? [inputEdit(payload, dialect.title)],
    failed: () => hook_event_name === 'PostToolUseFailure' || (dialect.failed?.(payload) ?? false),
    command: dialect.command,
    ...(dialect.endMayStayUntold && { endMayStayUntold: true }),
    commandFacts: () => {
      const command = commandOfInput(payload.tool_input);
      const exitCode = dialect.exitCode?.(payload);
      return { ...(command !== undefined && { command }), ...(exitCode !== undefined && { exitCode }) };
    },
  };
  return eventOf(hook, tools);
}

/** Several assistants tell their model through the hook for prompts that a background task has ended. */
function isPersons(prompt: string | null | undefined): prompt is string {
  return typeof prompt === 'string' && !prompt.trimStart().startsWith('<task-notification>');
}

/** A sub-agent shares its parent's session; its id keeps the windows of the two apart. */
function actorOf(payload: HookPayload, { id, version, model }: Dialect): Actor {
  const { session_id, agent_id, tool_use_id } = payload;
  const name = isModel(payload.model) ? payload.model : model?.(payload);
  return {
    tool: id,
    ...(version && { version }),
    ...(isModel(name) && { model: name }),
    session: agent_id ? `${session_id}/${agent_id}` : session_id,
    kind: 'agent_action',
    ...(tool_use_id && { call: tool_use_id }),
  };
}

/** @throws {PayloadError} where the input names no file */
export function inputEdit({ tool_input, tool_name, cwd }: HookPayload, title: string): FileEdit {
  const edit = editOfInput(tool_input, cwd);
  if (!edit) throw new PayloadError(`${title}'s ${tool_name} payload names no file: not recorded`);
  return edit;
}

/** @throws {PayloadError} where the input has no patch */
export function patchEdits({ tool_input, tool_name, cwd }: HookPayload, title: string): FileEdit[] {
  const patch = patchOfInput(tool_input);
  if (patch === undefined) throw new PayloadError(`${title}'s ${tool_name} payload has no patch: not recorded`);
  return editsOfPatch(patch, cwd);
}

const CommandInput = v.object({ command: v.string() });

/** What a shell tool is given to run. */
export function commandOfInput(input: unknown): string | undefined {
  const result = v.safeParse(CommandInput, input);
  return result.success ? result.output.command : undefined;
}

/** The number in a text's last match of `pattern`: what a command printed may look like it, and comes before. */
export function exitCodeIn(text: unknown, pattern: RegExp): number | undefined {
  const found = typeof text === 'string' ? [...text.matchAll(pattern)].at(-1)?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
}

/** Whether a payload's transcript lies below a folder of this name, which tells whose it is. */
export function hasTranscriptBelow(payload: unknown, folder: string): boolean {
  const result = v.safeParse(v.object({ transcript_path: v.string() }), payload);
  return result.success && result.output.transcript_path.split(/[\\/]/).includes(folder);
}
