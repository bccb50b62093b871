import path from 'node:path';
import * as v from 'valibot';
import { type Assistant, commandFor } from './assistant.ts';
import { editWithDisplay } from './editDisplay.ts';
import { hookItems } from './hookItems.ts';
import { eventOfPayload, exitCodeIn, hookPayload } from './hookPayload.ts';
import { lastModel } from './transcript.ts';

const title = 'Gemini CLI';

/** Its own names for the common events. */
const events: Readonly<Record<string, string>> = {
  BeforeTool: 'PreToolUse',
  AfterTool: 'PostToolUse',
  BeforeAgent: 'UserPromptSubmit',
  AfterAgent: 'Stop',
};

const Response = v.object({ llmContent: v.optional(v.unknown()), error: v.optional(v.unknown()) });

/**
 * Gemini CLI. Its edit tools say the whole text before and after. It has no ids for tool calls, and does not tell the
 * calls of a sub-agent from those of its parent.
 */
export const gemini: Assistant = {
  id: 'gemini',
  title,
  normalise(value) {
    const payload = hookPayload(value, title);
    const parsed = v.safeParse(Response, payload.tool_response);
    const response = parsed.success ? parsed.output : {};
    const event = events[payload.hook_event_name] ?? payload.hook_event_name;
    return eventOfPayload(
      { ...payload, hook_event_name: event },
      {
        id: 'gemini',
        title,
        edit: ['write_file', 'replace'],
        command: ['run_shell_command'],
        model: ({ transcript_path }) => (transcript_path ? lastModel(transcript_path) : undefined),
        edits: (one) => [editWithDisplay(one, title)],
        failed: () => response.error !== undefined,
        // It is told only where it is not 0, and a command that went to the background has none yet.
        exitCode: () => exitCodeIn(response.llmContent, /^Exit Code: (\d+)$/gm),
      },
    );
  },
  // The model is told the reason, and a person who is asked the message.
  answer: ({ decision, reason }) => ({
    stdout: JSON.stringify({ decision, reason, ...(decision === 'ask' && { systemMessage: reason }) }),
  }),
  hooks: {
    form: 'json',
    folder: geminiFolder,
    file: (home, environment) => path.join(geminiFolder(home, environment), 'settings.json'),
    items: (command) =>
      hookItems(
        { command: commandFor(command, 'powershell'), timeout: 10_000 },
        'write_file|replace|run_shell_command',
        ['BeforeTool', 'AfterTool'],
        ['BeforeAgent', 'AfterAgent', 'SessionStart', 'SessionEnd'],
      ),
    remark:
      "Gemini CLI switches git's hooks off in its own shell: what it commits itself gets no trailers, but a note afterwards.",
  },
};

function geminiFolder(home: string, environment: Readonly<Record<string, string | undefined>>): string {
  return path.join(environment['GEMINI_CLI_HOME'] || home, '.gemini');
}
