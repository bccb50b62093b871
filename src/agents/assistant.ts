import path from 'node:path';
import type { AssistantEvent } from '../core/assistantEvent.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One assistant: how its hook payloads are read, and where its hooks are configured. */
export interface Assistant {
  readonly id: string;
  /** Its name for people. */
  readonly title: string;
  /**
   * The event that a hook payload stands for.
   *
   * @throws {PayloadError} where the payload is not what this assistant sends
   */
  normalise(payload: unknown, environment: Environment): Promise<AssistantEvent> | AssistantEvent;
  /** The session that a process belongs to, from the variables the assistant gives to its shell. */
  committer?(environment: Environment): Committer | undefined;
  /** The settings file its hooks go into; none where it has to be told by hand. */
  readonly hooks?: HookSettings;
}

export interface Committer {
  readonly session: string;
  /** The tool call, where the assistant tells it. */
  readonly call?: string;
}

/** Hooks in the form of Claude Code's settings, which several assistants took over. */
export interface HookSettings {
  file(home: string, environment: Environment): string;
  /** Each event with its matcher; an event without a matcher fires for all tools. */
  readonly events: Readonly<Record<string, string | undefined>>;
  /** In seconds. */
  readonly timeout: number;
  /** What a person has to do besides, if anything. */
  readonly remark?: string;
}

/** A payload that does not fit: one line that says what is missing. */
export class PayloadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PayloadError';
  }
}

/** An absolute path from a payload: relative ones are under `cwd`. */
export function absolutePath(file: string, cwd: string): string {
  if (file.includes('\0')) throw new PayloadError('a path in the payload has a NUL byte: not recorded');
  return path.resolve(cwd, file);
}
