import type { AiAuthor, HumanAuthor, ToolAuthor } from '../../src/core/author.ts';

const at = '2026-01-01T00:00:00Z';

/** An assistant's author; only what a test cares about differs. */
export function ai(session = 's-1', more: Partial<AiAuthor> = {}): AiAuthor {
  const author = { origin: 'ai', tool: 'claude', model: 'claude-opus-4-5', session, kind: 'agent_action' } as const;
  return { ...author, evidence: 'reported', at, review: 'unseen', ...more };
}

export const person: HumanAuthor = { origin: 'human', evidence: 'observed', at };
export const formatter: ToolAuthor = { origin: 'tool', name: 'formatter', evidence: 'observed', at };
