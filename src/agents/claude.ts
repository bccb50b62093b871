import { existsSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { FileEdit } from '../core/assistantEvent.ts';
import { type Assistant, commandFor, type Environment } from './assistant.ts';
import { hookItems } from './hookItems.ts';
import { eventOfPayload, exitCodeIn, type HookPayload, hookPayload, inputEdit } from './hookPayload.ts';
import { permissionAnswer } from './permission.ts';
import { lastModel } from './transcript.ts';

const title = 'Claude Code';

/** `originalFile` is `null` for a file that the tool made. */
const EditResponse = v.object({ originalFile: v.optional(v.nullable(v.string())) });

/** Claude Code. Its edit tools say what they wrote and what was there before; its shell tool does not. */
export const claude: Assistant = {
  id: 'claude',
  title,
  normalise: (value, environment) =>
    eventOfPayload(hookPayload(value, title), {
      id: 'claude',
      title,
      edit: ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'],
      command: ['Bash'],
      version: versionIn(environment),
      model: modelOf,
      edits: (payload) => [editOf(payload)],
      exitCode: ({ error }) => exitCodeIn(error, /^Exit code (\d+)/g),
    }),
  committer: (environment) => {
    const session = environment['CLAUDE_CODE_SESSION_ID'];
    return session ? { session } : undefined;
  },
  answer: permissionAnswer,
  hooks: {
    form: 'json',
    folder: claudeFolder,
    file: (home, environment) => path.join(claudeFolder(home, environment), 'settings.json'),
    items: (command) =>
      hookItems(
        // On Windows that is Git Bash. A hook may name PowerShell, but then only `pwsh` is looked for, which few have.
        { command: commandFor(command, 'sh'), timeout: 10 },
        'Write|Edit|MultiEdit|NotebookEdit|Bash',
        ['PreToolUse', 'PostToolUse', 'PostToolUseFailure'],
        ['UserPromptSubmit', 'Stop', 'StopFailure', 'SubagentStop', 'SessionStart', 'SessionEnd'],
      ),
  },
};

function claudeFolder(home: string, environment: Environment): string {
  return environment['CLAUDE_CONFIG_DIR'] ?? path.join(home, '.claude');
}

/** From `claude-code_2-1-330_harness`, as its hooks have it. */
function versionIn({ AI_AGENT }: Environment): string | undefined {
  return /^claude-code_([\d-]+)_/.exec(AI_AGENT ?? '')?.[1]?.replaceAll('-', '.');
}

/** The transcript is the parent's, also in the payload of a sub-agent, which may run on another model. */
function modelOf({ transcript_path, agent_id }: HookPayload): string | undefined {
  if (!transcript_path) return undefined;
  const { dir, name } = path.parse(transcript_path);
  const own = path.join(dir, name, 'subagents', `agent-${path.basename(agent_id ?? '')}.jsonl`);
  // Where a sub-agent has no transcript of its own, its entries are among the parent's.
  return lastModel(agent_id && existsSync(own) ? own : transcript_path);
}

function editOf(payload: HookPayload): FileEdit {
  const edit = inputEdit(payload, title);
  const response = v.safeParse(EditResponse, payload.tool_response);
  const before = response.success ? response.output.originalFile : undefined;
  return { ...edit, ...(before !== undefined && { before }) };
}
