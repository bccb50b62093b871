import path from 'node:path';
import * as v from 'valibot';
import type { Assistant } from './assistant.ts';
import { editWithDisplay } from './editDisplay.ts';
import { hookItems, inNamedShell } from './hookItems.ts';
import { eventOfPayload, exitCodeIn, hookPayload } from './hookPayload.ts';
import { permissionAnswer } from './permission.ts';
import { lastModel } from './transcript.ts';

const title = 'Qwen Code';

const Response = v.object({ llmContent: v.string() });

/** Qwen Code. Its edit tools say the whole text before and after. */
export const qwen: Assistant = {
  id: 'qwen',
  title,
  normalise: (value, environment) =>
    eventOfPayload(hookPayload(value, title), {
      id: 'qwen',
      title,
      edit: ['write_file', 'edit', 'notebook_edit'],
      command: ['run_shell_command'],
      version: environment['QWEN_CODE_STARTUP_VERSION'],
      model: ({ transcript_path }) =>
        environment['QWEN_CODE_MODEL'] || (transcript_path ? lastModel(transcript_path) : undefined),
      edits: (payload) => [editWithDisplay(payload, title)],
      exitCode: ({ tool_response, error }) => {
        const response = v.safeParse(Response, tool_response);
        return exitCodeIn(response.success ? response.output.llmContent : error, /^Exit Code: (\d+)$/gm);
      },
    }),
  committer: (environment) => {
    const session = environment['QWEN_CODE_SESSION_ID'];
    return session ? { session } : undefined;
  },
  answer: permissionAnswer,
  hooks: {
    form: 'json',
    folder: (home) => path.join(home, '.qwen'),
    file: (home) => path.join(home, '.qwen', 'settings.json'),
    items: (command) =>
      hookItems(
        { ...inNamedShell(command), timeout: 10_000 },
        'write_file|edit|notebook_edit|run_shell_command',
        ['PreToolUse', 'PostToolUse', 'PostToolUseFailure'],
        ['UserPromptSubmit', 'Stop', 'StopFailure', 'SubagentStop', 'SessionStart', 'SessionEnd'],
      ),
  },
};
