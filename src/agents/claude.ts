import path from 'node:path';
import * as v from 'valibot';
import type { Actor, FileEdit } from '../core/assistantEvent.ts';
import { type Assistant, type Environment, PayloadError } from './assistant.ts';
import { editOfInput } from './editInput.ts';
import { eventOf, type ToolHook } from './toolHook.ts';
import { lastModel } from './transcript.ts';

const Payload = v.object({
  hook_event_name: v.string(),
  session_id: v.string(),
  cwd: v.string(),
  transcript_path: v.optional(v.string()),
  agent_id: v.optional(v.string()),
  tool_name: v.optional(v.string()),
  tool_use_id: v.optional(v.string()),
  tool_input: v.optional(v.unknown()),
  tool_response: v.optional(v.unknown()),
});
type Payload = v.InferOutput<typeof Payload>;

/** `originalFile` is `null` for a file that the tool made. */
const EditResponse = v.object({ originalFile: v.optional(v.nullable(v.string())) });

const CommandInput = v.object({ command: v.string() });

const moments: Readonly<Record<string, ToolHook['when']>> = {
  PreToolUse: 'before',
  PostToolUse: 'after',
  PostToolUseFailure: 'after',
};

/** Claude Code. Its edit tools say what they wrote and what was there before; its shell tool does not. */
export const claude: Assistant = {
  id: 'claude',
  title: 'Claude Code',
  normalise(value) {
    const result = v.safeParse(Payload, value);
    if (!result.success)
      throw new PayloadError(`Claude Code's payload has no usable ${pathOf(result.issues)}: not recorded`);
    const payload = result.output;
    const when = moments[payload.hook_event_name] ?? 'other';
    const hook: ToolHook = {
      when,
      actor: actorOf(payload, when),
      cwd: payload.cwd,
      ...(payload.tool_name !== undefined && { tool: payload.tool_name }),
    };
    return eventOf(hook, {
      edit: ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'],
      edits: () => [editOf(payload)],
      failed: () => payload.hook_event_name === 'PostToolUseFailure',
      command: ['Bash'],
      commandFacts: () => {
        const input = v.safeParse(CommandInput, payload.tool_input);
        return input.success ? { command: input.output.command } : {};
      },
    });
  },
  committer: (environment) => {
    const session = environment['CLAUDE_CODE_SESSION_ID'];
    return session ? { session } : undefined;
  },
  hooks: {
    form: 'json',
    folder: claudeFolder,
    file: (home, environment) => path.join(claudeFolder(home, environment), 'settings.json'),
    items: ({ sh }) => {
      const hooks = [{ type: 'command', command: sh, timeout: 10 }];
      const matcher = 'Write|Edit|MultiEdit|NotebookEdit|Bash';
      return [
        { list: ['hooks', 'PreToolUse'], item: { matcher, hooks } },
        { list: ['hooks', 'PostToolUse'], item: { matcher, hooks } },
        { list: ['hooks', 'PostToolUseFailure'], item: { matcher: 'Bash', hooks } },
      ];
    },
  },
};

function claudeFolder(home: string, environment: Environment): string {
  return environment['CLAUDE_CONFIG_DIR'] ?? path.join(home, '.claude');
}

function pathOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return (issue && v.getDotPath(issue)) || 'content';
}

/** A sub-agent shares its parent's session; its id keeps the windows of the two apart. */
function actorOf(payload: Payload, when: ToolHook['when']): Actor {
  const { session_id, agent_id, tool_use_id, transcript_path } = payload;
  // An edit's before-hook needs no model, and the transcript is not always written yet.
  const model = when === 'before' && payload.tool_name !== 'Bash' ? undefined : transcript_path;
  const name = model === undefined ? undefined : lastModel(model);
  return {
    tool: 'claude',
    ...(name !== undefined && { model: name }),
    session: agent_id === undefined ? session_id : `${session_id}/${agent_id}`,
    kind: 'agent_action',
    ...(tool_use_id !== undefined && { call: tool_use_id }),
  };
}

function editOf(payload: Payload): FileEdit {
  const edit = editOfInput(payload.tool_input, payload.cwd);
  if (!edit) throw new PayloadError(`Claude Code's ${payload.tool_name} payload names no file: not recorded`);
  const response = v.safeParse(EditResponse, payload.tool_response);
  const before = response.success ? response.output.originalFile : undefined;
  return { ...edit, ...(before !== undefined && { before }) };
}
