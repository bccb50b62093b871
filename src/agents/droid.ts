import path from 'node:path';
import { type Assistant, commandFor } from './assistant.ts';
import { hookItems } from './hookItems.ts';
import { eventOfPayload, hasTranscriptBelow, hookPayload, inputEdit, patchEdits } from './hookPayload.ts';
import { permissionAnswer } from './permission.ts';
import { lastModelUnder } from './transcript.ts';

const title = 'Droid';

/** Factory's Droid. It also runs Claude Code's hooks, unless its settings say that they were taken over. */
export const droid: Assistant = {
  id: 'droid',
  title,
  recognises: (payload) => hasTranscriptBelow(payload, '.factory'),
  normalise: (value) =>
    eventOfPayload(hookPayload(value, title), {
      id: 'droid',
      title,
      edit: ['Create', 'Write', 'Edit', 'MultiEdit', 'ApplyPatch'],
      command: ['Execute', 'Bash'],
      model: ({ transcript_path }) =>
        transcript_path ? lastModelUnder(transcript_path.replace(/\.jsonl$/, '.settings.json'), ['model']) : undefined,
      edits: (payload) =>
        payload.tool_name === 'ApplyPatch' ? patchEdits(payload, title) : [inputEdit(payload, title)],
    }),
  answer: permissionAnswer,
  hooks: {
    form: 'json',
    folder: (home) => path.join(home, '.factory'),
    file: (home) => path.join(home, '.factory', 'settings.json'),
    items: (command) =>
      hookItems(
        { command: commandFor(command, 'cmd'), timeout: 10 },
        'Create|Write|Edit|MultiEdit|ApplyPatch|Execute|Bash',
        ['PreToolUse', 'PostToolUse'],
        ['UserPromptSubmit', 'Stop', 'SubagentStop', 'SessionStart', 'SessionEnd'],
      ),
    values: () => [{ key: ['claudeHooksImported'], value: true }],
    remark: 'Where ~/.factory/hooks.json is there, Droid reads hooks from it alone: copy the entries there.',
  },
};
