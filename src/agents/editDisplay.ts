import * as v from 'valibot';
import type { FileEdit } from '../core/assistantEvent.ts';
import { type HookPayload, inputEdit } from './hookPayload.ts';

/** What Gemini CLI and its kin show of an edit: the file's whole text before and after. */
const EditResponse = v.object({
  returnDisplay: v.object({
    originalContent: v.string(),
    newContent: v.string(),
    isNewFile: v.optional(v.boolean()),
    diffStat: v.optional(v.object({ user_added_chars: v.number(), user_removed_chars: v.number() })),
  }),
});

/** The proposal of a tool that writes whole files, where a person has changed it before it was written. */
const ProposedInput = v.object({ content: v.string(), ai_proposed_content: v.string() });

/**
 * The edit of a payload that shows the text before and after.
 *
 * @throws {PayloadError} where the input names no file
 */
export function editWithDisplay(payload: HookPayload, title: string): FileEdit {
  const edit = inputEdit(payload, title);
  const response = v.safeParse(EditResponse, payload.tool_response);
  if (!response.success) return edit;
  const { originalContent, newContent, isNewFile, diffStat } = response.output.returnDisplay;
  const isChanged = diffStat !== undefined && diffStat.user_added_chars + diffStat.user_removed_chars > 0;
  const proposal = v.safeParse(ProposedInput, payload.tool_input);
  // Of a proposal that a person has changed, only what the assistant proposed is its own; where that is not told, nothing.
  const ownText = proposal.success ? proposal.output.ai_proposed_content : originalContent;
  return {
    ...edit,
    before: isNewFile ? null : originalContent,
    written: { form: 'content', text: isChanged ? ownText : newContent },
  };
}
