import path from 'node:path';
import * as v from 'valibot';
import type { Actor } from '../core/assistantEvent.ts';
import { editsOfPatch } from './applyPatch.ts';
import { type Assistant, PayloadError } from './assistant.ts';
import { eventOf, type ToolHook } from './toolHook.ts';
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
  prompt: v.optional(v.string()),
});
type Payload = v.InferOutput<typeof Payload>;

const CommandInput = v.object({ command: v.string() });

const moments: Readonly<Record<string, ToolHook['when']>> = {
  PreToolUse: 'before',
  PostToolUse: 'after',
};

/** Codex. Its patches say what they write, but not what was there before: that is the before-event's snapshot. */
export const codex: Assistant = {
  id: 'codex',
  title: 'Codex',
  normalise(value) {
    const result = v.safeParse(Payload, value);
    if (!result.success)
      throw new PayloadError("Codex's payload lacks hook_event_name, session_id or cwd: not recorded");
    const payload = result.output;
    const input = v.safeParse(CommandInput, payload.tool_input);
    const hook: ToolHook = {
      when: moments[payload.hook_event_name] ?? 'other',
      actor: actorOf(payload),
      cwd: payload.cwd,
      ...(payload.tool_name !== undefined && { tool: payload.tool_name }),
    };
    return eventOf(hook, {
      edit: ['apply_patch'],
      edits: () => {
        if (!input.success) throw new PayloadError("Codex's apply_patch payload has no patch: not recorded");
        return editsOfPatch(input.output.command, payload.cwd);
      },
      command: ['Bash'],
      commandFacts: () => (input.success ? { command: input.output.command } : {}),
    });
  },
  committer: (environment) => {
    const session = environment['CODEX_SESSION_ID'] ?? environment['CODEX_THREAD_ID'];
    const call = environment['CODEX_TOOL_CALL_ID'];
    return session ? { session, ...(call && { call }) } : undefined;
  },
  hooks: {
    form: 'json',
    folder: codexFolder,
    file: (home, environment) => path.join(codexFolder(home, environment), 'hooks.json'),
    // Codex reads both, and warns of hooks in both.
    alternative: {
      form: 'toml',
      file: (home, environment) => path.join(codexFolder(home, environment), 'config.toml'),
    },
    items: ({ sh, powershell, windows }) =>
      ['PreToolUse', 'PostToolUse'].map((event) => ({
        list: ['hooks', event],
        item: {
          matcher: 'apply_patch|Bash',
          // On Windows it is the session's shell, PowerShell, that runs it.
          hooks: [{ type: 'command', command: sh, ...(windows && { commandWindows: powershell }), timeout: 10 }],
        },
      })),
    remark:
      'Codex runs a new hook only after you have trusted it: open Codex, type /hooks and approve the two entries.',
  },
};

function codexFolder(home: string, environment: Readonly<Record<string, string | undefined>>): string {
  return environment['CODEX_HOME'] ?? path.join(home, '.codex');
}

function actorOf({ session_id, agent_id, model, tool_use_id }: Payload): Actor {
  return {
    tool: 'codex',
    ...(isModel(model) && { model }),
    session: agent_id === undefined ? session_id : `${session_id}/${agent_id}`,
    kind: 'agent_action',
    ...(tool_use_id !== undefined && { call: tool_use_id }),
  };
}
