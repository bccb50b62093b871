import * as v from 'valibot';
import { PayloadError } from './assistant.ts';
import { type HookPayload, hookPayload, placeOf } from './hookPayload.ts';

const title = 'GitHub Copilot';
const Text = v.optional(v.nullable(v.string()));

/** What the program for the terminal sends to hooks with names in camelCase. The event's name is not among it. */
const CamelCase = v.object({
  sessionId: v.string(),
  cwd: v.string(),
  agentId: Text,
  parentAgentId: Text,
  transcriptPath: Text,
  toolName: Text,
  toolArgs: v.optional(v.unknown()),
  toolResult: v.optional(v.object({ resultType: Text, textResultForLlm: Text })),
  error: v.optional(v.unknown()),
  prompt: Text,
  source: Text,
  reason: Text,
  stopReason: Text,
});

/** VS Code before it took the names with underscores, and a person's own hook that names no folder. */
const EditorNames = v.object({ hookEventName: Text, sessionId: Text, cwd: Text });

const PascalCase = v.object({
  parent_agent_id: Text,
  tool_result: v.optional(v.object({ result_type: Text, text_result_for_llm: Text })),
});

/** What a tool came back with, where it is told. */
export interface CopilotResult {
  readonly kind?: string | null | undefined;
  readonly text?: string | null | undefined;
}

/**
 * One of Copilot's payloads in the common form: it has one for hooks with names in camelCase and one for those in
 * PascalCase, and VS Code a third.
 *
 * @throws {PayloadError} where it is none of them
 */
export function copilotPayload(value: unknown): { readonly payload: HookPayload; readonly result: CopilotResult } {
  if (isCamelCase(value)) return fromCamelCase(value);
  const editor = v.safeParse(EditorNames, value);
  const { hookEventName, sessionId, cwd } = editor.success ? editor.output : {};
  // VS Code names the folder that the hook's process runs in, or none where none is open.
  const named = { hook_event_name: hookEventName, session_id: sessionId, ...Object(value), cwd: cwd ?? process.cwd() };
  const payload = hookPayload(named, title);
  const rest = v.safeParse(PascalCase, value);
  const { parent_agent_id, tool_result } = rest.success ? rest.output : {};
  return {
    payload: { ...payload, session_id: parent_agent_id || payload.session_id },
    result: { kind: tool_result?.result_type, text: tool_result?.text_result_for_llm },
  };
}

function isCamelCase(value: unknown): boolean {
  return v.is(v.object({ sessionId: v.unknown() }), value) && !v.is(v.object({ hookEventName: v.string() }), value);
}

function fromCamelCase(value: unknown): { payload: HookPayload; result: CopilotResult } {
  const parsed = v.safeParse(CamelCase, value);
  if (!parsed.success)
    throw new PayloadError(`${title}'s payload has no usable ${placeOf(parsed.issues)}: not recorded`);
  const { output } = parsed;
  const payload: HookPayload = {
    hook_event_name: isKnownByAnotherName(value) ? '' : eventName(output),
    // A sub-agent's payload has its own id for a session's.
    session_id: output.parentAgentId || output.sessionId,
    agent_id: output.agentId,
    cwd: output.cwd,
    transcript_path: output.transcriptPath,
    tool_name: output.toolName,
    tool_input: output.toolArgs,
    error: output.error,
    prompt: output.prompt,
  };
  return { payload, result: { kind: output.toolResult?.resultType, text: output.toolResult?.textResultForLlm } };
}

/** Notifications and requests for a permission have a name, and the fields of other events. */
function isKnownByAnotherName(value: unknown): boolean {
  return v.is(v.union([v.object({ hookName: v.string() }), v.object({ hook_event_name: v.string() })]), value);
}

/** Each event has a field that no other one has. */
function eventName(payload: v.InferOutput<typeof CamelCase>): string {
  if (payload.toolName) {
    if (payload.error !== undefined) return 'PostToolUseFailure';
    return payload.toolResult ? 'PostToolUse' : 'PreToolUse';
  }
  if (typeof payload.prompt === 'string') return 'UserPromptSubmit';
  if (payload.stopReason) return 'Stop';
  if (payload.reason) return 'SessionEnd';
  return payload.source ? 'SessionStart' : '';
}
