import * as v from 'valibot';
import type { FileEdit } from '../core/assistantEvent.ts';
import { type HookPayload, inputEdit, patchEdits } from './hookPayload.ts';

const title = 'GitHub Copilot';

/** Tools whose input is a patch, alone or in a field. */
const patchTools = ['apply_patch', 'git_apply_patch', 'copilot_applyPatch'];

export const copilotEditTools = [
  ...patchTools,
  // the program for the terminal: its own names, and those it gives to hooks with names in PascalCase
  ...['create', 'edit', 'str_replace', 'str_replace_editor', 'Write', 'Edit', 'MultiEdit', 'NotebookEdit'],
  // VS Code: the names that the model sees, and those they are registered under
  ...['create_file', 'replace_string_in_file', 'multi_replace_string_in_file', 'insert_edit_into_file'],
  ...['edit_notebook_file', 'delete_file', 'rename_file', 'move_file', 'vscode_editFile_internal'],
  ...['copilot_createFile', 'copilot_replaceString', 'copilot_multiReplaceString', 'copilot_insertEdit'],
];

/** Tools that refuse to touch a file that is there; `Write` is another name for `create`. */
const creatingTools = ['create', 'Write', 'create_file', 'copilot_createFile'];

export const copilotCommandTools = ['bash', 'powershell', 'Bash', 'PowerShell', 'run_in_terminal'];

const ManyInput = v.object({ replacements: v.array(v.looseObject({ filePath: v.string() })) });

/**
 * The edits of an edit tool's payload.
 *
 * @param hasFailed whether the tool says so
 * @throws {PayloadError} where the input names no file
 */
export function copilotEdits(payload: HookPayload, hasFailed: boolean): FileEdit[] {
  const { tool_name, tool_input } = payload;
  if (patchTools.includes(tool_name ?? '')) return patchEdits(payload, title);
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
