import path from 'node:path';
import * as v from 'valibot';
import type { Actor, FileEdit } from '../core/assistantEvent.ts';
import { type Assistant, commandFor, PayloadError } from './assistant.ts';
import { editOfInput } from './editInput.ts';
import { placeOf } from './hookPayload.ts';
import { refusalOf } from './refusal.ts';
import { eventOf, type ToolHook } from './toolHook.ts';
import { isModel } from './transcript.ts';

const Text = v.optional(v.string());

const Payload = v.object({
  agent_action_name: v.string(),
  trajectory_id: v.string(),
  model_name: Text,
  tool_info: v.optional(v.object({ cwd: Text, command_line: Text, user_prompt: Text })),
});
type Payload = v.InferOutput<typeof Payload>;

/** What an edit's `tool_info` holds is read by `editOfInput`. */
const EditPayload = v.object({ tool_info: v.unknown() });

const moments: Readonly<Record<string, ToolHook['when']>> = {
  pre_write_code: 'before',
  post_write_code: 'after',
  pre_run_command: 'before',
  post_run_command: 'after',
  pre_user_prompt: 'prompt',
  post_cascade_response: 'turn-end',
};

/** Windsurf's Cascade. It tells no tool calls apart: its events name a session, and what was written or run. */
export const windsurf: Assistant = {
  id: 'windsurf',
  title: 'Windsurf',
  normalise(value) {
    const result = v.safeParse(Payload, value);
    if (!result.success) {
      throw new PayloadError(`Windsurf's payload has no usable ${placeOf(result.issues)}: not recorded`);
    }
    const { agent_action_name: action, tool_info: info } = result.output;
    const hook: ToolHook = {
      when: moments[action] ?? 'other',
      actor: actorOf(result.output),
      cwd: info?.cwd || process.cwd(),
      tool: action.replace(/^(pre|post)_/, ''),
      ...(info?.user_prompt !== undefined && { prompt: info.user_prompt }),
    };
    return eventOf(hook, {
      edit: ['write_code'],
      edits: () => [editOf(value)],
      command: ['run_command'],
      commandFacts: () => (info?.command_line === undefined ? {} : { command: info.command_line }),
    });
  },
  answer: (verdict) => ({ refuses: true, stderr: refusalOf(verdict) }),
  hooks: {
    form: 'json',
    refusalCode: 2,
    folder: windsurfFolder,
    file: (home) => path.join(windsurfFolder(home), 'hooks.json'),
    items: (command) =>
      Object.keys(moments).map((event) => ({
        list: ['hooks', event],
        item: { command: commandFor(command, 'powershell'), show_output: false },
      })),
    remark: "Windsurf's plugin for JetBrains reads ~/.codeium/hooks.json instead: copy the entries there.",
  },
};

function windsurfFolder(home: string): string {
  return path.join(home, '.codeium', 'windsurf');
}

function actorOf({ trajectory_id, model_name }: Payload): Actor {
  return {
    tool: 'windsurf',
    ...(isModel(model_name) && { model: model_name }),
    session: trajectory_id,
    kind: 'agent_action',
  };
}

function editOf(value: unknown): FileEdit {
  const payload = v.safeParse(EditPayload, value);
  const edit = payload.success ? editOfInput(payload.output.tool_info, process.cwd()) : undefined;
  if (!edit) throw new PayloadError("Windsurf's payload names no file: not recorded");
  return edit;
}
