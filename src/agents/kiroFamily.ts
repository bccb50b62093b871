import * as v from 'valibot';
import type { FileEdit } from '../core/assistantEvent.ts';
import {
  type Assistant,
  absolutePath,
  type Environment,
  type FilesInstallation,
  type HookCommand,
  PayloadError,
} from './assistant.ts';
import { editOfInput } from './editInput.ts';
import { placeOf } from './hookPayload.ts';
import { refusalOf } from './refusal.ts';
import { eventOf, type ToolHook } from './toolHook.ts';

const Text = v.optional(v.string());

/** Older versions tell no session. None tells a model, or the id of a call. */
const Payload = v.object({
  hook_event_name: v.string(),
  cwd: v.string(),
  session_id: Text,
  prompt: Text,
  tool_name: Text,
  tool_input: v.optional(v.unknown()),
  tool_response: v.optional(v.unknown()),
});

/** Events are `preToolUse` in an agent's file, and may be `PreToolUse` where a hook file is called so. */
const moments: Readonly<Record<string, ToolHook['when']>> = {
  agentSpawn: 'session-start',
  sessionStart: 'session-start',
  userPromptSubmit: 'prompt',
  preToolUse: 'before',
  postToolUse: 'after',
  stop: 'turn-end',
};

/** Each tool has several names: those of the built-in tools, and their aliases. */
const editTools = ['fs_write', 'fsWrite', 'write', 'str_replace', 'strReplace', 'fs_append', 'fsAppend'];
const shellTools = ['execute_bash', 'executeBash', 'execute_cmd', 'execute_pwsh', 'executePwsh', 'shell'];

/** What a hook is for, in the names of a hook file; an agent's file begins them with a small letter. */
export const triggers = ['PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'Stop'] as const;
export const toolMatcher = `^(${[...editTools, ...shellTools].join('|')})$`;

/** The process that runs a hook's shell stands for a session that is not told: it is the assistant itself. */
const processVariable = 'COUNTERSIGN_ASSISTANT_PROCESS';

/** The command for `sh`, which hands on the process that called it. */
export function withProcess({ sh }: HookCommand): string {
  return `export ${processVariable}=$PPID; ${sh}`;
}

const EditInput = v.object({ command: Text, path: v.string() });
const CommandInput = v.object({ command: v.string() });
const Response = v.object({ success: v.boolean() });
const ShellResponse = v.object({ result: v.tuple([v.object({ exit_status: v.union([v.string(), v.number()]) })]) });

/** Kiro and Amazon Q Developer, whose command lines descend from one another: the same hooks, in files of their own. */
export function kiroFamily(id: string, title: string, hooks: FilesInstallation): Assistant {
  return {
    id,
    title,
    normalise(value, environment) {
      const result = v.safeParse(Payload, value);
      if (!result.success) {
        throw new PayloadError(`${title}'s payload has no usable ${placeOf(result.issues)}: not recorded`);
      }
      const { hook_event_name: event, cwd, session_id, prompt, tool_name, tool_input, tool_response } = result.output;
      const told: ToolHook = {
        when: moments[event.charAt(0).toLowerCase() + event.slice(1)] ?? 'other',
        actor: { tool: id, session: session_id ?? processOf(environment), kind: 'agent_action' },
        cwd,
        ...(tool_name !== undefined && { tool: tool_name }),
        ...(prompt !== undefined && { prompt }),
      };
      return eventOf(told, {
        edit: editTools,
        edits: () => [editOf(tool_input, cwd, title)],
        failed: () => {
          const response = v.safeParse(Response, tool_response);
          return response.success && !response.output.success;
        },
        command: shellTools,
        commandFacts: () => {
          const input = v.safeParse(CommandInput, tool_input);
          return { ...(input.success && { command: input.output.command }), ...exitCodeOf(tool_response) };
        },
      });
    },
    answer: (verdict) => ({ refuses: true, stderr: refusalOf(verdict) }),
    hooks,
  };
}

function processOf(environment: Environment): string {
  const parent = environment[processVariable];
  return parent ? `process-${parent}` : '';
}

/** `insert` and `append` say what they put in, but not what the file holds then. */
function editOf(input: unknown, cwd: string, title: string): FileEdit {
  const named = v.safeParse(EditInput, input);
  if (!named.success) throw new PayloadError(`${title}'s payload names no file: not recorded`);
  const { command, path } = named.output;
  const isWhole = command === undefined || command === 'create' || command === 'str_replace';
  return (isWhole ? editOfInput(input, cwd) : undefined) ?? { file: absolutePath(path, cwd) };
}

function exitCodeOf(response: unknown): { exitCode?: number } {
  const parsed = v.safeParse(ShellResponse, response);
  const code = parsed.success ? Number(parsed.output.result[0].exit_status) : Number.NaN;
  return Number.isInteger(code) ? { exitCode: code } : {};
}
