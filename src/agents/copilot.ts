import path from 'node:path';
import * as v from 'valibot';
import type { Assistant, Environment, HookCommand } from './assistant.ts';
import { copilotFolder, copilotModel, isEditorsTranscript } from './copilotModel.ts';
import { copilotPayload } from './copilotPayload.ts';
import { copilotCommandTools, copilotEdits, copilotEditTools } from './copilotTools.ts';
import { eventOfPayload, exitCodeIn } from './hookPayload.ts';
import { permission } from './permission.ts';

const title = 'GitHub Copilot';

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
      edit: copilotEditTools,
      command: copilotCommandTools,
      version: isEditors(value) ? undefined : environment['COPILOT_CLI_BINARY_VERSION'],
      model: (one) => copilotModel(one, environment),
      edits: (one) => copilotEdits(one, hasFailed),
      failed: () => hasFailed,
      exitCode: () => exitCodeIn(result.text, /<shellId: \S+ completed with exit code (\d+)>/g),
    });
  },
  committer: (environment) => {
    const session = environment['COPILOT_AGENT_SESSION_ID'];
    return session ? { session } : undefined;
  },
  // The program for the terminal reads the first, VS Code the second; neither minds the other.
  answer: (verdict) => ({
    stdout: JSON.stringify({
      ...permission(verdict),
      hookSpecificOutput: { hookEventName: 'PreToolUse', ...permission(verdict) },
    }),
  }),
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
  return isEditorsTranscript(payload.transcript_path ?? '');
}

/** The program for the terminal; others that it starts have its variables too, but name transcripts of their own. */
function isTerminals(payload: unknown, environment: Environment): boolean {
  const Marks = v.object({
    session_id: v.optional(v.string()),
    sessionId: v.optional(v.string()),
    transcript_path: v.optional(v.nullable(v.string())),
  });
  if (!environment['COPILOT_CLI'] || !v.is(Marks, payload)) return false;
  const { session_id, sessionId, transcript_path } = payload;
  const isOwn = !transcript_path || transcript_path.split(/[\\/]/).includes('session-state');
  return (session_id !== undefined || sessionId !== undefined) && isOwn;
}

/** Without matchers, which VS Code ignores. */
function hookFile({ sh, powershell }: HookCommand): string {
  const ofTools = ['preToolUse', 'postToolUse', 'postToolUseFailure'];
  const events = [...ofTools, 'userPromptSubmitted', 'agentStop', 'sessionStart', 'sessionEnd'];
  const entry = { type: 'command', bash: sh, powershell, timeoutSec: 10 };
  const hooks = Object.fromEntries(events.map((event) => [event, [entry]]));
  return `${JSON.stringify({ version: 1, hooks }, null, 2)}\n`;
}
