import path from 'node:path';
import * as v from 'valibot';
import type { Actor, AssistantEvent, FileEdit } from '../core/assistantEvent.ts';
import { type PatchedFile, parsePatch } from './applyPatch.ts';
import { type Assistant, absolutePath, PayloadError } from './assistant.ts';
import { isModel } from './transcript.ts';

const Payload = v.object({
  hook_event_name: v.string(),
  session_id: v.string(),
  cwd: v.string(),
  model: v.optional(v.string()),
  agent_id: v.optional(v.string()),
  tool_name: v.optional(v.string()),
  tool_use_id: v.optional(v.string()),
  tool_input: v.optional(v.unknown()),
});
type Payload = v.InferOutput<typeof Payload>;

const CommandInput = v.object({ command: v.string() });

/** Codex. Its patches say what they write, but not what was there before: that is the before-event's snapshot. */
export const codex: Assistant = {
  id: 'codex',
  title: 'Codex',
  normalise(value) {
    const result = v.safeParse(Payload, value);
    if (!result.success)
      throw new PayloadError("Codex's payload lacks hook_event_name, session_id or cwd: not recorded");
    const payload = result.output;
    const before = payload.hook_event_name === 'PreToolUse';
    if (!before && payload.hook_event_name !== 'PostToolUse') return { event: 'none' };
    if (payload.tool_name === 'apply_patch') return patchEvent(payload, before);
    if (payload.tool_name !== 'Bash') return { event: 'none' };
    const actor = actorOf(payload);
    if (before) return { event: 'before-command', actor, cwd: payload.cwd };
    const input = v.safeParse(CommandInput, payload.tool_input);
    return { event: 'after-command', actor, cwd: payload.cwd, ...(input.success && { command: input.output.command }) };
  },
  committer: (environment) => {
    const session = environment['CODEX_SESSION_ID'] ?? environment['CODEX_THREAD_ID'];
    const call = environment['CODEX_TOOL_CALL_ID'];
    return session ? { session, ...(call && { call }) } : undefined;
  },
  hooks: {
    file: (home, environment) => path.join(environment['CODEX_HOME'] ?? path.join(home, '.codex'), 'hooks.json'),
    events: { PreToolUse: 'apply_patch|Bash', PostToolUse: 'apply_patch|Bash' },
    timeout: 10,
    remark:
      'Codex runs a new hook only after you have trusted it: open Codex, type /hooks and approve the two entries.',
  },
};

function actorOf(payload: Payload): Actor {
  const { session_id, agent_id, model, tool_use_id } = payload;
  return {
    tool: 'codex',
    ...(isModel(model) && { model }),
    session: agent_id === undefined ? session_id : `${session_id}/${agent_id}`,
    kind: 'agent_action',
    ...(tool_use_id !== undefined && { call: tool_use_id }),
  };
}

function patchEvent(payload: Payload, before: boolean): AssistantEvent {
  const input = v.safeParse(CommandInput, payload.tool_input);
  if (!input.success) throw new PayloadError("Codex's apply_patch payload has no patch: not recorded");
  const files = parsePatch(input.output.command);
  const actor = actorOf(payload);
  if (!before) return { event: 'after-edit', actor, edits: files.flatMap((file) => editOf(file, payload.cwd)) };
  const named = files.flatMap((file) =>
    file.action === 'update' && file.movedTo ? [file.path, file.movedTo] : [file.path],
  );
  return { event: 'before-edit', actor, files: named.map((file) => absolutePath(file, payload.cwd)) };
}

function editOf(file: PatchedFile, cwd: string): FileEdit[] {
  switch (file.action) {
    case 'add':
      return [{ file: absolutePath(file.path, cwd), written: { form: 'content', text: file.text } }];
    case 'update':
      // What a patch moves is found by its content; what it writes on the way is the difference to it.
      if (file.movedTo !== undefined) return [{ file: absolutePath(file.movedTo, cwd) }];
      return [{ file: absolutePath(file.path, cwd), written: { form: 'patch', hunks: file.hunks } }];
    case 'delete':
      return [];
  }
}
