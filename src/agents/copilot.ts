import { homedir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import type { FileEdit } from '../core/assistantEvent.ts';
import { editsOfPatch } from './applyPatch.ts';
import { type Assistant, type Environment, type HookCommand, PayloadError } from './assistant.ts';
import { copilotPayload } from './copilotPayload.ts';
import { eventOfPayload, exitCodeIn, type HookPayload, inputEdit, permissionAnswer } from './hookPayload.ts';
import { firstModel, lastModel, lastModelId } from './transcript.ts';

const title = 'GitHub Copilot';

/** Tools whose input is a patch, alone or in a field. */
const patchTools = ['apply_patch', 'git_apply_patch', 'copilot_applyPatch'];

const editTools = [
  ...patchTools,
  // the program for the terminal: its own names, and those it gives to hooks with names in PascalCase
  ...['create', 'edit', 'str_replace', 'str_replace_editor', 'Write', 'Edit', 'MultiEdit', 'NotebookEdit'],
  // VS Code: the names that the model sees, and those they are registered under
  ...['create_file', 'replace_string_in_file', 'multi_replace_string_in_file', 'insert_edit_into_file'],
  ...['edit_notebook_file', 'delete_file', 'rename_file', 'move_file', 'vscode_editFile_internal'],
  ...['copilot_createFile', 'copilot_replaceString', 'copilot_multiReplaceString', 'copilot_insertEdit'],
];

/** Tools that refuse to touch a file that is there. */
const creatingTools = ['create', 'create_file', 'copilot_createFile'];

const commandTools = ['bash', 'powershell', 'Bash', 'PowerShell', 'run_in_terminal'];

const PatchInput = v.union([
  v.string(),
  v.pipe(
    v.object({ input: v.string() }),
    v.transform(({ input }) => input),
  ),
]);
const ManyInput = v.object({ replacements: v.array(v.looseObject({ filePath: v.string() })) });

/** GitHub Copilot: the program for the terminal, and the agent of VS Code, which share a folder for hooks. */
export const copilot: Assistant = {
  id: 'copilot',
  title,
  recognises: (payload, environment) => isEditors(payload) || isTerminals(payload, environment),
  normalise(value, environment) {
    const { payload, result } = copilotPayload(value);
    const hasFailed =
      payload.hook_event_name === 'PostToolUseFailure' ||
      (typeof result.kind === 'string' && result.kind !== 'success');
    return eventOfPayload(payload, {
      id: 'copilot',
      title,
      edit: editTools,
      command: commandTools,
      version: isEditors(value) ? undefined : environment['COPILOT_CLI_BINARY_VERSION'],
      model: (one) => modelOf(one, environment),
      edits: (one) => editsOf(one, hasFailed),
      failed: () => hasFailed,
      exitCode: () => exitCodeIn(result.text, /<shellId: \S+ completed with exit code (\d+)>/g),
    });
  },
  committer: (environment) => {
    const session = environment['COPILOT_AGENT_SESSION_ID'];
    return session ? { session } : undefined;
  },
  answer: (verdict, payload) =>
    // Hooks with names in camelCase get the decision alone.
    v.is(v.object({ toolName: v.string() }), payload)
      ? { stdout: JSON.stringify({ permissionDecision: verdict.decision, permissionDecisionReason: verdict.reason }) }
      : permissionAnswer(verdict),
  hooks: {
    form: 'files',
    folder: copilotFolder,
    files: (home, environment, command) => [
      { file: path.join(copilotFolder(home, environment), 'hooks', 'countersign.json'), text: hookFile(command) },
    ],
    remark: 'VS Code runs these hooks where its setting chat.useHooks is on, as it is by default.',
  },
};

/** VS Code's hooks name a transcript of the extension's, or its events in a field of camelCase. */
function isEditors(payload: unknown): boolean {
  const Marks = v.object({
    hookEventName: v.optional(v.string()),
    transcript_path: v.optional(v.nullable(v.string())),
  });
  if (!v.is(Marks, payload)) return false;
  if (payload.hookEventName !== undefined) return true;
  return /[\\/](github\.copilot-chat[\\/]transcripts|chatSessions)[\\/]/i.test(payload.transcript_path ?? '');
}

/** The program for the terminal; others that it starts have its variables too, but name transcripts of their own. */
function isTerminals(payload: unknown, environment: Environment): boolean {
  const Marks = v.object({ session_id: v.string(), transcript_path: v.optional(v.nullable(v.string())) });
  if (!environment['COPILOT_CLI'] || !v.is(Marks, payload)) return false;
  return !payload.transcript_path || payload.transcript_path.split(/[\\/]/).includes('session-state');
}

function editsOf(payload: HookPayload, hasFailed: boolean): FileEdit[] {
  const { tool_name, tool_input, cwd } = payload;
  if (patchTools.includes(tool_name ?? '')) {
    const patch = v.safeParse(PatchInput, tool_input);
    if (!patch.success) throw new PayloadError(`${title}'s ${tool_name} payload has no patch: not recorded`);
    return editsOfPatch(patch.output, cwd);
  }
  const many = v.safeParse(ManyInput, tool_input);
  if (many.success) {
    const { replacements } = many.output;
    return [...new Set(replacements.map(({ filePath }) => filePath))].map((filePath) => {
      const edits = replacements.filter((one) => one.filePath === filePath);
      return inputEdit({ ...payload, tool_input: { filePath, edits } }, title);
    });
  }
  const edit = inputEdit(payload, title);
  return [creatingTools.includes(tool_name ?? '') && !hasFailed ? { ...edit, before: null } : edit];
}

/** Where an entry of the terminal program's session file names a model: what answered, or what was chosen. */
const places = [
  ['data', 'newModel'],
  ['data', 'model'],
  ['data', 'selectedModel'],
];

function modelOf({ session_id, transcript_path }: HookPayload, environment: Environment): string | undefined {
  if (transcript_path && isEditors({ transcript_path })) return editorsModel(transcript_path);
  const folder = copilotFolder(environment['HOME'] ?? homedir(), environment);
  const events = transcript_path || path.join(folder, 'session-state', path.basename(session_id), 'events.jsonl');
  return lastModel(events, places) ?? firstModel(events, places);
}

/** VS Code keeps what was asked of which model in a file of the chat's, next to the folder of the extension's. */
function editorsModel(transcript: string): string | undefined {
  const chats = path.join(transcript, '..', '..', '..', 'chatSessions');
  const chat = path.join(chats, path.parse(transcript).name);
  return lastModelId(`${chat}.jsonl`) ?? lastModelId(`${chat}.json`) ?? lastModel(transcript, places);
}

function copilotFolder(home: string, environment: Environment): string {
  return environment['COPILOT_HOME'] || path.join(home, '.copilot');
}

/** Without matchers, which VS Code ignores. */
function hookFile({ sh, powershell }: HookCommand): string {
  const events = ['preToolUse', 'postToolUse', 'postToolUseFailure'];
  events.push('userPromptSubmitted', 'agentStop', 'sessionStart', 'sessionEnd');
  const entry = { type: 'command', bash: sh, powershell, timeoutSec: 10 };
  const hooks = Object.fromEntries(events.map((event) => [event, [entry]]));
  return `${JSON.stringify({ version: 1, hooks }, null, 2)}\n`;
}
