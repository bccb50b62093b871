import path from 'node:path';
import type { Assistant, Environment } from './assistant.ts';
import { hookItems } from './hookItems.ts';
import { eventOfPayload, hookPayload, patchEdits } from './hookPayload.ts';
import { permissionAnswer } from './permission.ts';
import { refusalOf } from './refusal.ts';

const title = 'Codex';

/** Codex. Its patches say what they write, but not what was there before: that is the before-event's snapshot. */
export const codex: Assistant = {
  id: 'codex',
  title,
  normalise: (value) =>
    eventOfPayload(hookPayload(value, title), {
      id: 'codex',
      title,
      edit: ['apply_patch'],
      command: ['Bash', 'exec_command', 'shell', 'shell_command'],
      // One that outlives the time it was given goes on without a word.
      endMayStayUntold: true,
      edits: (payload) => patchEdits(payload, title),
    }),
  committer: (environment) => {
    const session = environment['CODEX_SESSION_ID'] ?? environment['CODEX_THREAD_ID'];
    const call = environment['CODEX_TOOL_CALL_ID'];
    return session ? { session, ...(call && { call }) } : undefined;
  },
  // It takes `ask` for an error of the hook, and goes on.
  answer: (verdict) => permissionAnswer({ decision: 'deny', reason: refusalOf(verdict) }),
  hooks: {
    form: 'json',
    folder: codexFolder,
    file: (home, environment) => path.join(codexFolder(home, environment), 'hooks.json'),
    // Codex reads both, and warns of hooks in both.
    alternative: {
      form: 'toml',
      file: (home, environment) => path.join(codexFolder(home, environment), 'config.toml'),
    },
    items: ({ sh, powershell, windows }) =>
      hookItems(
        // On Windows it is the session's shell, PowerShell, that runs it.
        { command: sh, ...(windows && { commandWindows: powershell }), timeout: 10 },
        'apply_patch|Bash',
        ['PreToolUse', 'PostToolUse'],
        ['UserPromptSubmit', 'Stop', 'SubagentStop', 'SessionStart', 'SessionEnd'],
      ),
    remark: 'Codex runs a new hook only after you have trusted it: open Codex, type /hooks and approve its entries.',
  },
};

function codexFolder(home: string, environment: Environment): string {
  return environment['CODEX_HOME'] ?? path.join(home, '.codex');
}
