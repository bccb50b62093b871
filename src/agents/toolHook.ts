import type { Actor, AssistantEvent, FileEdit } from '../core/assistantEvent.ts';
import { editsOfShellPatch } from './applyPatch.ts';

/** What an assistant's hook tells, as far as most of them tell the same: an adapter reads its payload into this. */
export interface ToolHook {
  readonly when: 'before' | 'after' | 'prompt' | 'turn-end' | 'session-start' | 'session-end' | 'other';
  readonly actor: Actor;
  /** Absolute. */
  readonly cwd: string;
  /** The tool of a before- or after-hook. */
  readonly tool?: string;
  readonly prompt?: string;
}

/** An assistant's tools that matter here, and how their input is read; all others only read, or do nothing to files. */
export interface Tools {
  readonly edit: readonly string[];
  /** The files that an edit tool writes. */
  edits(tool: string): readonly FileEdit[];
  /** Whether an edit tool says that it failed. */
  failed?(): boolean;
  readonly command: readonly string[];
  /** What is given to the shell, and the exit code if the hook tells it. */
  commandFacts(): { readonly command?: string; readonly exitCode?: number };
  /** Whether a command may go on, and no hook tell its end. */
  readonly endMayStayUntold?: true;
}

/** The event that a hook stands for. */
export function eventOf(hook: ToolHook, tools: Tools): AssistantEvent {
  const { when, actor, cwd, tool = '', prompt } = hook;
  switch (when) {
    case 'before':
      if (tools.edit.includes(tool)) return { event: 'before-edit', actor, edits: tools.edits(tool) };
      if (!tools.command.includes(tool)) return { event: 'none' };
      return beforeCommand(actor, cwd, tools);
    case 'after':
      if (tools.edit.includes(tool)) {
        return { event: 'after-edit', actor, edits: tools.edits(tool), ...(tools.failed?.() && { failed: true }) };
      }
      if (!tools.command.includes(tool)) return { event: 'none' };
      return afterCommand(actor, cwd, tools.commandFacts());
    case 'prompt':
      return prompt ? { event: 'prompt', actor, cwd, text: prompt } : { event: 'none' };
    case 'turn-end':
    case 'session-start':
    case 'session-end':
      return { event: when, actor, cwd };
    case 'other':
      return { event: 'none' };
  }
}

function beforeCommand(actor: Actor, cwd: string, { commandFacts, endMayStayUntold }: Tools): AssistantEvent {
  const { command } = commandFacts();
  const edits = command === undefined ? undefined : editsOfShellPatch(command, cwd);
  if (edits) return { event: 'before-edit', actor, edits };
  const said = command === undefined ? {} : { command };
  return { event: 'before-command', actor, cwd, ...said, ...(endMayStayUntold && { endMayStayUntold }) };
}

function afterCommand(actor: Actor, cwd: string, facts: ReturnType<Tools['commandFacts']>): AssistantEvent {
  const { command, exitCode = 0 } = facts;
  const edits = command === undefined ? undefined : editsOfShellPatch(command, cwd);
  if (edits) return { event: 'after-edit', actor, edits, ...(exitCode !== 0 && { failed: true }) };
  return { event: 'after-command', actor, cwd, ...facts };
}
