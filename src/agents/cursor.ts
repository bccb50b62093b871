import path from 'node:path';
import * as v from 'valibot';
import { type Assistant, absolutePath, commandFor } from './assistant.ts';
import { eventOfPayload, hookPayload, inputEdit, patchEdits } from './hookPayload.ts';
import { refusalOf } from './refusal.ts';

const title = 'Cursor';

const Text = v.optional(v.nullable(v.string()));

/** What it adds to the common form; `session_id` is there only when a session begins and ends. */
const Payload = v.object({
  conversation_id: Text,
  cursor_version: Text,
  hook_event_name: v.string(),
  workspace_roots: v.optional(v.array(v.string())),
  cwd: Text,
});

/** Its own names for the common events. Those of single tools, such as `afterFileEdit`, repeat what these tell. */
const events: Readonly<Record<string, string>> = {
  preToolUse: 'PreToolUse',
  postToolUse: 'PostToolUse',
  postToolUseFailure: 'PostToolUseFailure',
  beforeSubmitPrompt: 'UserPromptSubmit',
  stop: 'Stop',
  sessionStart: 'SessionStart',
  sessionEnd: 'SessionEnd',
};

const editTools = ['Write', 'Edit', 'StrReplace', 'MultiEdit', 'Delete', 'ApplyPatch', 'EditNotebook'];
const commandTools = ['Shell', 'Bash'];

/** Cursor. It also runs Claude Code's hooks, where the person has switched that on. */
export const cursor: Assistant = {
  id: 'cursor',
  title,
  recognises: (payload) => v.is(v.object({ cursor_version: v.string() }), payload),
  normalise(value) {
    const parsed = v.safeParse(Payload, value);
    const { conversation_id, cursor_version, hook_event_name, workspace_roots, cwd } = parsed.success
      ? parsed.output
      : ({} as Partial<v.InferOutput<typeof Payload>>);
    const payload = hookPayload(
      {
        ...Object(value),
        ...(conversation_id && { session_id: conversation_id }),
        ...(hook_event_name && { hook_event_name: events[hook_event_name] ?? hook_event_name }),
        cwd: absolutePath(cwd || (workspace_roots?.[0] ?? ''), process.cwd()),
      },
      title,
    );
    return eventOfPayload(payload, {
      id: 'cursor',
      title,
      edit: editTools,
      command: commandTools,
      version: cursor_version ?? undefined,
      edits: (one) => (one.tool_name === 'ApplyPatch' ? patchEdits(one, title) : [inputEdit(one, title)]),
    });
  },
  // It takes `ask`, and does not ask.
  answer: (verdict) => {
    const reason = refusalOf(verdict);
    return { stdout: JSON.stringify({ permission: 'deny', user_message: reason, agent_message: reason }) };
  },
  hooks: {
    form: 'json',
    folder: (home) => path.join(home, '.cursor'),
    file: (home) => path.join(home, '.cursor', 'hooks.json'),
    items: (command) => {
      const ofAny = { command: commandFor(command, 'powershell'), timeout: 10 };
      const ofTools = { ...ofAny, matcher: [...editTools, ...commandTools].join('|') };
      return Object.keys(events).map((event) => ({
        list: ['hooks', event],
        item: event.includes('ToolUse') ? ofTools : ofAny,
      }));
    },
    values: () => [{ key: ['version'], value: 1 }],
  },
};
