import type { Assistant, Environment } from './assistant.ts';
import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { generic } from './generic.ts';

/** Every assistant there is an adapter for: the only list. */
export const assistants: readonly Assistant[] = [claude, codex, generic];

export function findAssistant(id: string): Assistant | undefined {
  return assistants.find((assistant) => assistant.id === id);
}

/** The assistant's session that this process runs under, as its shell's variables tell. */
export function committingSession(environment: Environment): { tool: string; session: string } | undefined {
  for (const { id, sessionOf } of assistants) {
    const session = sessionOf?.(environment);
    if (session) return { tool: id, session };
  }
  return undefined;
}
