import type { EditKind } from './author.ts';
import type { Written } from './written.ts';

/** Who reports: one assistant's session, and the call it speaks of. */
export interface Actor {
  readonly tool: string;
  /** The assistant's own version, where it tells. */
  readonly version?: string;
  readonly model?: string;
  /** The session, with the sub-agent's id behind a slash where there is one. */
  readonly session: string;
  readonly kind: EditKind;
  /** The tool call's id, which ties an after-event to its before-event. */
  readonly call?: string;
}

/** One file that an edit tool writes. */
export interface FileEdit {
  /** Absolute. */
  readonly file: string;
  /** The text before, where the payload has it: `null` where there was no file. */
  readonly before?: string | null;
  /** What the payload says is written; without it the difference to the before-event's snapshot counts. */
  readonly written?: Written;
}

/** What assistants report, in one form for all of them. `cwd` and files are absolute. */
export type AssistantEvent =
  /** A tool is about to write; what it announces counts also when no after-event follows, if the file then has it. */
  | { readonly event: 'before-edit'; readonly actor: Actor; readonly edits: readonly FileEdit[] }
  | {
      readonly event: 'after-edit';
      readonly actor: Actor;
      readonly edits: readonly FileEdit[];
      /** The tool says that it failed: what it announced is not there, or only in part. */
      readonly failed?: true;
    }
  | {
      readonly event: 'before-command';
      readonly actor: Actor;
      readonly cwd: string;
      readonly files?: readonly string[];
      /** As it is given to the shell. */
      readonly command?: string;
      /** Of a command that goes on the assistant may never tell the end. Of others no end means that it did not run. */
      readonly endMayStayUntold?: true;
    }
  | {
      readonly event: 'after-command';
      readonly actor: Actor;
      readonly cwd: string;
      readonly files?: readonly string[];
      /** As it was given to the shell. */
      readonly command?: string;
      readonly exitCode?: number;
    }
  /** A person, or a parent assistant, has given an order. The text itself is not kept unless the person wants it. */
  | { readonly event: 'prompt'; readonly actor: Actor; readonly cwd: string; readonly text: string }
  /** None of the session's calls is under way any more, but for those in the background. */
  | { readonly event: 'turn-end'; readonly actor: Actor; readonly cwd: string }
  | { readonly event: 'session-start' | 'session-end'; readonly actor: Actor; readonly cwd: string }
  /** An editor vouches that the change since the files were last observed was typed by a person. */
  | { readonly event: 'human-edit'; readonly files: readonly string[] }
  /** Known, and nothing to do: a tool that only reads. */
  | { readonly event: 'none' };
