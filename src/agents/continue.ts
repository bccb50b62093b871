import path from 'node:path';
import { type Assistant, commandFor } from './assistant.ts';
import { hookItems } from './hookItems.ts';
import { eventOfPayload, hasTranscriptBelow, hookPayload } from './hookPayload.ts';
import { permissionAnswer } from './permission.ts';
import { lastModelUnder } from './transcript.ts';

const title = 'Continue';

/**
 * Continue's program for the terminal. It documents and loads hooks in the form of Claude Code, its own and Claude Code's;
 * version 1.5.47 fires none.
 */
export const continueCli: Assistant = {
  id: 'continue',
  title,
  recognises: (payload) => hasTranscriptBelow(payload, '.continue'),
  normalise: (value) =>
    eventOfPayload(hookPayload(value, title), {
      id: 'continue',
      title,
      edit: ['Write', 'Edit', 'MultiEdit', 'edit'],
      command: ['Bash', 'terminal', 'local_shell_call'],
      model: ({ transcript_path }) => (transcript_path ? lastModelUnder(transcript_path, ['model']) : undefined),
    }),
  answer: permissionAnswer,
  hooks: {
    form: 'json',
    folder: (home) => path.join(home, '.continue'),
    file: (home) => path.join(home, '.continue', 'settings.json'),
    items: (command) =>
      hookItems(
        { command: commandFor(command, 'cmd'), timeout: 10 },
        'Write|Edit|MultiEdit|edit|Bash|terminal|local_shell_call',
        ['PreToolUse', 'PostToolUse', 'PostToolUseFailure'],
        ['UserPromptSubmit', 'Stop', 'SubagentStop', 'SessionStart', 'SessionEnd'],
      ),
    remark: 'Continue 1.5.47 loads hooks and fires none: nothing is recorded until a version does.',
  },
};
