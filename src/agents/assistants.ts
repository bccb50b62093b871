import { aider } from './aider.ts';
import { amazonQ } from './amazonq.ts';
import { amp } from './amp.ts';
import type { Assistant, Committer, Environment } from './assistant.ts';
import { claude } from './claude.ts';
import { cline } from './cline.ts';
import { codex } from './codex.ts';
import { continueCli } from './continue.ts';
import { copilot } from './copilot.ts';
import { cursor } from './cursor.ts';
import { droid } from './droid.ts';
import { gemini } from './gemini.ts';
import { generic } from './generic.ts';
import { kilo } from './kilo.ts';
import { kiro } from './kiro.ts';
import { opencode } from './opencode.ts';
import { qwen } from './qwen.ts';
import { windsurf } from './windsurf.ts';

/** Every assistant there is an adapter for: the only list. */
export const assistants: readonly Assistant[] = [
  claude,
  codex,
  copilot,
  cursor,
  droid,
  gemini,
  qwen,
  opencode,
  kilo,
  cline,
  continueCli,
  windsurf,
  kiro,
  amazonQ,
  amp,
  aider,
  generic,
];

export function findAssistant(id: string): Assistant | undefined {
  return assistants.find((assistant) => assistant.id === id);
}

/** The assistant that this process runs under, with its session and its tool call if it tells them. */
export function findCommitter(environment: Environment): (Committer & { readonly tool: string }) | undefined {
  for (const { id, committer } of assistants) {
    const found = committer?.(environment);
    if (found) return { tool: id, ...found };
  }
  return undefined;
}

/**
 * Whose payload it is that came to an assistant's hook: another one that runs foreign hooks too is known by its own marks.
 * Nobody runs the hooks of any other than Claude Code.
 */
export function tellerOf(called: Assistant, payload: unknown, environment: Environment): Assistant {
  if (called !== claude) return called;
  return assistants.find(({ recognises }) => recognises?.(payload, environment)) ?? called;
}
