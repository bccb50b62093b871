import path from 'node:path';
import * as v from 'valibot';
import type { Actor, AssistantEvent, FileEdit } from '../core/assistantEvent.ts';
import type { Replacement, Written } from '../core/written.ts';
import { type Assistant, absolutePath, type Environment, PayloadError } from './assistant.ts';
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

const ReplacementInput = v.object({
  old_string: v.string(),
  new_string: v.string(),
  replace_all: v.optional(v.boolean(), false),
});

/** Input of each edit tool, as far as it matters here. */
const EditInput = v.object({
  file_path: v.optional(v.string()),
  notebook_path: v.optional(v.string()),
  content: v.optional(v.string()),
  old_string: v.optional(v.string()),
  new_string: v.optional(v.string()),
  replace_all: v.optional(v.boolean()),
  edits: v.optional(v.array(ReplacementInput)),
});
type EditInput = v.InferOutput<typeof EditInput>;

/** `originalFile` is `null` for a file that the tool made. */
const EditResponse = v.object({ originalFile: v.optional(v.nullable(v.string())) });

const CommandInput = v.object({ command: v.string() });

const editTools = ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'];

/** Claude Code. Its edit tools say what they wrote and what was there before; its shell tool does not. */
export const claude: Assistant = {
  id: 'claude',
  title: 'Claude Code',
  normalise(value, environment) {
    if (runsForAnother(value, environment)) return { event: 'none' };
    const result = v.safeParse(Payload, value);
    if (!result.success)
      throw new PayloadError(`Claude Code's payload has no usable ${pathOf(result.issues)}: not recorded`);
    const payload = result.output;
    const before = payload.hook_event_name === 'PreToolUse';
    const after = payload.hook_event_name === 'PostToolUse' || payload.hook_event_name === 'PostToolUseFailure';
    if (!before && !after) return { event: 'none' };
    const tool = payload.tool_name ?? '';
    if (editTools.includes(tool)) return before ? beforeEdit(payload) : afterEdit(payload);
    if (tool !== 'Bash') return { event: 'none' };
    const actor = actorOf(payload);
    if (before) return { event: 'before-command', actor, cwd: payload.cwd };
    const input = v.safeParse(CommandInput, payload.tool_input);
    return { event: 'after-command', actor, cwd: payload.cwd, ...(input.success && { command: input.output.command }) };
  },
  committer: (environment) => {
    const session = environment['CLAUDE_CODE_SESSION_ID'];
    return session ? { session } : undefined;
  },
  hooks: {
    file: (home, environment) =>
      path.join(environment['CLAUDE_CONFIG_DIR'] ?? path.join(home, '.claude'), 'settings.json'),
    events: {
      PreToolUse: 'Write|Edit|MultiEdit|NotebookEdit|Bash',
      PostToolUse: 'Write|Edit|MultiEdit|NotebookEdit|Bash',
      PostToolUseFailure: 'Bash',
    },
    timeout: 10,
  },
};

/** Other assistants run the hooks of `.claude/settings.json` too: what they do is not Claude Code's. */
function runsForAnother(value: unknown, environment: Environment): boolean {
  if (environment['COPILOT_CLI'] !== undefined) return true;
  return typeof value === 'object' && value !== null && 'cursor_version' in value;
}

function pathOf(issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  return (issue && v.getDotPath(issue)) || 'content';
}

/** A sub-agent shares its parent's session; its id keeps the windows of the two apart. */
function actorOf(payload: Payload): Actor {
  const model = payload.transcript_path === undefined ? undefined : lastModel(payload.transcript_path);
  return {
    tool: 'claude',
    ...(model !== undefined && { model }),
    session: payload.agent_id === undefined ? payload.session_id : `${payload.session_id}/${payload.agent_id}`,
    kind: 'agent_action',
    ...(payload.tool_use_id !== undefined && { call: payload.tool_use_id }),
  };
}

function editInput(payload: Payload): { input: EditInput; file: string } {
  const result = v.safeParse(EditInput, payload.tool_input);
  const file = result.success ? (result.output.file_path ?? result.output.notebook_path) : undefined;
  if (!result.success || file === undefined) {
    throw new PayloadError(`Claude Code's ${payload.tool_name} payload names no file: not recorded`);
  }
  return { input: result.output, file: absolutePath(file, payload.cwd) };
}

function beforeEdit(payload: Payload): AssistantEvent {
  const { file } = editInput(payload);
  const { session_id, agent_id, tool_use_id } = payload;
  const session = agent_id === undefined ? session_id : `${session_id}/${agent_id}`;
  const actor: Actor = {
    tool: 'claude',
    session,
    kind: 'agent_action',
    ...(tool_use_id !== undefined && { call: tool_use_id }),
  };
  return { event: 'before-edit', actor, files: [file] };
}

function afterEdit(payload: Payload): AssistantEvent {
  const { input, file } = editInput(payload);
  const response = v.safeParse(EditResponse, payload.tool_response);
  const before = response.success ? response.output.originalFile : undefined;
  const written = writtenBy(input);
  const edit: FileEdit = { file, ...(before !== undefined && { before }), ...(written && { written }) };
  return { event: 'after-edit', actor: actorOf(payload), edits: [edit] };
}

function writtenBy(input: EditInput): Written | undefined {
  if (input.content !== undefined) return { form: 'content', text: input.content };
  const { old_string, new_string, replace_all } = input;
  const single =
    old_string !== undefined && new_string !== undefined
      ? [{ old_string, new_string, replace_all: replace_all ?? false }]
      : [];
  const replacements = (input.edits ?? single).map(
    (edit): Replacement => ({ oldText: edit.old_string, newText: edit.new_string, all: edit.replace_all }),
  );
  return replacements.length > 0 ? { form: 'replacements', replacements } : undefined;
}
