import * as v from 'valibot';
import type { FileEdit } from '../core/assistantEvent.ts';
import type { Replacement, Written } from '../core/written.ts';
import { absolutePath } from './assistant.ts';

const Text = v.optional(v.string());

const replacement = {
  old_string: Text,
  oldString: Text,
  old_str: Text,
  old_text: Text,
  oldText: Text,
  new_string: Text,
  newString: Text,
  new_str: Text,
  new_text: Text,
  newText: Text,
  replace_all: v.optional(v.boolean()),
  replaceAll: v.optional(v.boolean()),
};

const EditInputSchema = v.object({
  file_path: Text,
  filePath: Text,
  filepath: Text,
  path: Text,
  notebook_path: Text,
  content: Text,
  contents: Text,
  file_text: Text,
  ...replacement,
  edits: v.optional(v.array(v.object(replacement))),
});
type ReplacementInput = v.InferOutput<v.ObjectSchema<typeof replacement, undefined>>;

/**
 * The edit that a tool's input stands for, by the names that assistants use for the same few things: a file, and its whole
 * content or texts with what is put in their place. `undefined` where the input names no file.
 *
 * @throws {PayloadError} where the file's name can be no path
 */
export function editOfInput(input: unknown, cwd: string): FileEdit | undefined {
  const result = v.safeParse(EditInputSchema, input);
  if (!result.success) return undefined;
  const { output } = result;
  const file = output.file_path ?? output.filePath ?? output.filepath ?? output.path ?? output.notebook_path;
  if (file === undefined || file === '') return undefined;
  const content = output.content ?? output.contents ?? output.file_text;
  const replacements = (output.edits ?? [output]).flatMap((one) => replacementOf(one) ?? []);
  const written: Written | undefined =
    content !== undefined
      ? { form: 'content', text: content }
      : replacements.length > 0
        ? { form: 'replacements', replacements }
        : undefined;
  return { file: absolutePath(file, cwd), ...(written && { written }) };
}

function replacementOf(input: ReplacementInput): Replacement | undefined {
  const oldText = input.old_string ?? input.oldString ?? input.old_str ?? input.old_text ?? input.oldText;
  const newText = input.new_string ?? input.newString ?? input.new_str ?? input.new_text ?? input.newText;
  if (oldText === undefined || newText === undefined) return undefined;
  return { oldText, newText, all: input.replace_all ?? input.replaceAll ?? false };
}

/** The patch that a tool is given: its input is the text, or has it in a field of one of the names in use. */
export function patchOfInput(input: unknown): string | undefined {
  const result = v.safeParse(v.union([v.string(), v.object({ command: Text, input: Text, patch: Text })]), input);
  if (!result.success) return undefined;
  const { output } = result;
  return typeof output === 'string' ? output : (output.command ?? output.input ?? output.patch);
}
