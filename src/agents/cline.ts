import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { Actor, FileEdit } from '../core/assistantEvent.ts';
import { editsOfPatch } from './applyPatch.ts';
import { type Assistant, absolutePath, type HookCommand, PayloadError } from './assistant.ts';
import { editOfInput, patchOfInput } from './editInput.ts';
import { placeOf } from './hookPayload.ts';
import { refusalOf } from './refusal.ts';
import { searchReplaceBlocks } from './searchReplace.ts';
import { eventOf, type ToolHook } from './toolHook.ts';
import { isModel, lastModelUnder } from './transcript.ts';

const Text = v.optional(v.string());

/** Both front ends tell the tool so; the command line makes strings of its parameters, and tells it in full besides. */
const ToolUse = v.object({
  toolName: v.string(),
  parameters: v.optional(v.unknown()),
  success: v.optional(v.boolean()),
});
const ToolCall = v.object({
  id: Text,
  name: v.string(),
  input: v.optional(v.unknown()),
  output: v.optional(v.unknown()),
});

const Payload = v.object({
  taskId: v.string(),
  clineVersion: Text,
  workspaceRoots: v.array(v.string()),
  sessionContext: v.optional(v.object({ rootSessionId: Text })),
  agent_id: v.nullish(v.string()),
  parent_agent_id: v.nullish(v.string()),
  model: v.optional(v.object({ slug: Text })),
  tool_call: v.optional(ToolCall),
  tool_result: v.optional(ToolCall),
  preToolUse: v.optional(ToolUse),
  postToolUse: v.optional(ToolUse),
  userPromptSubmit: v.optional(v.object({ prompt: Text })),
  taskStart: v.optional(v.unknown()),
  taskComplete: v.optional(v.unknown()),
  taskCancel: v.optional(v.unknown()),
});
type Payload = v.InferOutput<typeof Payload>;

const moments = [
  ['preToolUse', 'before'],
  ['postToolUse', 'after'],
  ['userPromptSubmit', 'prompt'],
  ['taskStart', 'session-start'],
  ['taskComplete', 'turn-end'],
  ['taskCancel', 'turn-end'],
] as const;

const DiffInput = v.object({ path: v.string(), diff: v.string() });
const CommandInput = v.object({ command: Text, commands: v.optional(v.array(v.string())) });
const Outcome = v.object({ success: v.boolean(), error: Text });
const Outcomes = v.array(Outcome);

/** Cline: its command line, and its extension in VS Code, which runs the same scripts. */
export const cline: Assistant = {
  id: 'cline',
  title: 'Cline',
  normalise(value) {
    const result = v.safeParse(Payload, value);
    if (!result.success) {
      throw new PayloadError(`Cline's payload has no usable ${placeOf(result.issues)}: not recorded`);
    }
    const payload = result.output;
    const when = moments.find(([key]) => payload[key] !== undefined)?.[1] ?? 'other';
    const call = payload.tool_call ?? payload.tool_result;
    const use = payload.preToolUse ?? payload.postToolUse;
    const tool = call?.name ?? use?.toolName;
    const input = call?.input ?? use?.parameters;
    const cwd = payload.workspaceRoots[0] ?? process.cwd();
    const prompt = payload.userPromptSubmit?.prompt;
    const hook: ToolHook = {
      when,
      actor: actorOf(payload, when, tool),
      cwd,
      ...(tool !== undefined && { tool }),
      ...(prompt !== undefined && { prompt }),
    };
    return eventOf(hook, {
      edit: ['editor', 'apply_patch', 'write_to_file', 'replace_in_file', 'new_rule'],
      edits: () => editsOf(input, cwd, tool),
      // `postToolUse.success` is true also for an edit that failed; what the tool itself says counts.
      failed: () => failureOf(payload.tool_result?.output) ?? payload.postToolUse?.success === false,
      command: ['run_commands', 'execute_command'],
      commandFacts: () => ({ ...commandOf(input), ...exitCodeOf(payload.tool_result?.output) }),
    });
  },
  committer: (environment) => (environment['CLINE_WRAPPER_PATH'] ? {} : undefined),
  answer: (verdict) => ({ stdout: JSON.stringify({ cancel: true, errorMessage: refusalOf(verdict) }) }),
  hooks: {
    form: 'files',
    // The extension makes the one, the command line the other.
    folder: (home) =>
      [path.join(home, '.cline')].find((folder) => existsSync(folder)) ?? path.join(home, 'Documents', 'Cline'),
    // The one folder that both of them read: a script in two would tell everything twice.
    files: (home, _environment, command) =>
      ['PreToolUse', 'PostToolUse', 'UserPromptSubmit', 'TaskStart', 'TaskComplete', 'TaskCancel'].map((event) =>
        script(path.join(home, 'Documents', 'Cline', 'Hooks', event), command),
      ),
    remark: "Cline's extension runs hooks only where they are enabled in its settings (Features).",
  },
};

const marker =
  "# Countersign's: tells it what Cline writes and runs. Written by its installation, and taken away with it.";

/** On Windows Cline looks for scripts of PowerShell, which would read standard input in the console's encoding. */
function script(file: string, command: HookCommand): { file: string; text: string; executable?: true } {
  if (!command.windows) return { file, text: `#!/bin/sh\n${marker}\n${command.sh}\n`, executable: true };
  const utf8 = '$OutputEncoding = [Console]::InputEncoding = [System.Text.UTF8Encoding]::new($false)';
  return { file: `${file}.ps1`, text: `${marker}\n${utf8}\n[Console]::In.ReadToEnd() | ${command.powershell}\n` };
}

/** The agents of a task share its session; their ids keep them apart. */
function actorOf(payload: Payload, when: ToolHook['when'], tool: string | undefined): Actor {
  const { taskId, clineVersion, sessionContext, agent_id, parent_agent_id } = payload;
  const session = sessionContext?.rootSessionId ?? taskId;
  const call = (payload.tool_call ?? payload.tool_result)?.id;
  // An edit's before-hook needs no model.
  const isLookedUp = when === 'after' || tool === 'run_commands';
  const model = payload.model?.slug ?? (isLookedUp ? modelOfSession(session) : undefined);
  return {
    tool: 'cline',
    ...(clineVersion && { version: clineVersion }),
    ...(isModel(model) && { model }),
    session: parent_agent_id && agent_id ? `${session}/${agent_id}` : session,
    kind: 'agent_action',
    ...(call !== undefined && { call }),
  };
}

/** The model of a session of the command line, which only the session's own file tells. */
function modelOfSession(session: string): string | undefined {
  if (!/^\w[\w-]*$/.test(session)) return undefined;
  const file = path.join(os.homedir(), '.cline', 'data', 'sessions', session, `${session}.json`);
  return lastModelUnder(file, ['model']);
}

function editsOf(input: unknown, cwd: string, tool = ''): readonly FileEdit[] {
  const patch = tool === 'apply_patch' ? patchOfInput(input) : undefined;
  if (patch !== undefined) return editsOfPatch(patch, cwd);
  const diff = v.safeParse(DiffInput, input);
  if (diff.success) {
    const blocks = searchReplaceBlocks(diff.output.diff.split(/\r?\n/));
    const replacements = blocks.map(({ replacement }) => replacement);
    return [{ file: absolutePath(diff.output.path, cwd), written: { form: 'replacements', replacements } }];
  }
  // The editor makes a file of a new text without an old one.
  const whole = typeof input === 'object' && tool === 'editor' ? { old_text: '', ...input } : input;
  const edit = editOfInput(whole, cwd);
  if (!edit) throw new PayloadError(`Cline's ${tool} payload names no file: not recorded`);
  return [edit];
}

function commandOf(input: unknown): { command?: string } {
  const parsed = v.safeParse(CommandInput, input);
  if (!parsed.success) return {};
  const command = parsed.output.commands?.join('\n') ?? parsed.output.command;
  return command === undefined ? {} : { command };
}

function failureOf(output: unknown): boolean | undefined {
  const parsed = v.safeParse(Outcome, output);
  return parsed.success ? !parsed.output.success : undefined;
}

/** Of the first command that failed; 0 where none did. */
function exitCodeOf(output: unknown): { exitCode?: number } {
  const parsed = v.safeParse(Outcomes, output);
  if (!parsed.success) return {};
  const failed = parsed.output.find(({ success }) => !success);
  if (!failed) return { exitCode: 0 };
  const code = /exited with code (\d+)/.exec(failed.error ?? '')?.[1];
  return code === undefined ? {} : { exitCode: Number(code) };
}
