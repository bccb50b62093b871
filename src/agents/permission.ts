import type { Answer, Verdict } from './assistant.ts';

/** A verdict in the form of Claude Code, which most others took over. */
export function permissionAnswer(verdict: Verdict): Answer {
  return { stdout: JSON.stringify({ hookSpecificOutput: { hookEventName: 'PreToolUse', ...permission(verdict) } }) };
}

/** A verdict in the fields that it has there. */
export function permission({ decision, reason }: Verdict): Record<string, string> {
  return { permissionDecision: decision, permissionDecisionReason: reason };
}
