/**
 * Who wrote a run of text, and what shows it. `base` stands for text that HEAD already has; it is worked out when a
 * change is read and never stored.
 */
export type Author = BaseAuthor | UnknownAuthor | HumanAuthor | ToolAuthor | AiAuthor;

export type Origin = Author['origin'];

/** What shows who wrote it: the assistant's own report, the editor's observation, a named rule, a person's word. */
export type Evidence = 'reported' | 'observed' | 'inferred' | 'declared';

/** How an assistant came to write: the names of the Agent Trace discussion. */
export const editKinds = ['chat', 'tab_autocomplete', 'inline_edit', 'agent_action'] as const;
export type EditKind = (typeof editKinds)[number];

/** How far a person has looked at AI text. Any later AI edit starts again at `unseen`. */
export type Review = 'unseen' | 'seen' | 'reviewed';

/** Why nobody can be named. */
export const unknownReasons = ['first-seen', 'disk', 'paste', 'editor'] as const;
export type UnknownReason = (typeof unknownReasons)[number];

export interface BaseAuthor {
  readonly origin: 'base';
}

export interface UnknownAuthor {
  readonly origin: 'unknown';
  readonly reason: UnknownReason;
  /** When it was noticed (ISO 8601, UTC): who began later did not write it. */
  readonly at?: string;
}

interface Evidenced {
  readonly evidence: Evidence;
  /** When it was written or noticed: ISO 8601, UTC. */
  readonly at: string;
  /** The rule that inferred it, where `evidence` is `inferred`; `byDifference` may stand beside `reported`. */
  readonly rule?: string;
}

/** An assistant says that it wrote, not what: it was given what had changed meanwhile, and nobody else had reported. */
export const byDifference = 'difference';

export interface HumanAuthor extends Evidenced {
  readonly origin: 'human';
}

/** A formatter, a snippet, a rename: the editor's machinery at a person's command. */
export interface ToolAuthor extends Evidenced {
  readonly origin: 'tool';
  readonly name: string;
}

export interface AiAuthor extends Evidenced {
  readonly origin: 'ai';
  /** The assistant's id in the table of assistants (`claude`), or the name a reporter gave. */
  readonly tool: string;
  /** Absent where the assistant does not say. */
  readonly model?: string;
  readonly session: string;
  readonly kind: EditKind;
  readonly review: Review;
}

export const base: BaseAuthor = { origin: 'base' };

export const unknown = {
  firstSeen: { origin: 'unknown', reason: 'first-seen' },
  disk: { origin: 'unknown', reason: 'disk' },
  paste: { origin: 'unknown', reason: 'paste' },
  editor: { origin: 'unknown', reason: 'editor' },
} as const satisfies Record<string, UnknownAuthor>;

/** The reason in words, for a hover or an explanation. */
export function describeUnknown(reason: UnknownReason): string {
  switch (reason) {
    case 'first-seen':
      return 'was there before Countersign first saw the file';
    case 'disk':
      return 'changed on disk, and nobody reported it';
    case 'paste':
      return 'pasted from outside the editor';
    case 'editor':
      return 'changed in the editor by something that does not say what it is';
  }
}

/** Whether two runs side by side are one. */
export function sameAuthor(a: Author, b: Author): boolean {
  if (a === b) return true;
  if (a.origin !== b.origin) return false;
  switch (a.origin) {
    case 'base':
      return true;
    case 'unknown':
      return b.origin === 'unknown' && a.reason === b.reason && a.at === b.at;
    case 'human':
      return b.origin === 'human' && sameEvidence(a, b);
    case 'tool':
      return b.origin === 'tool' && a.name === b.name && sameEvidence(a, b);
    case 'ai':
      return (
        b.origin === 'ai' &&
        a.tool === b.tool &&
        a.model === b.model &&
        a.session === b.session &&
        a.kind === b.kind &&
        a.review === b.review &&
        sameEvidence(a, b)
      );
  }
}

function sameEvidence(a: Evidenced, b: Evidenced): boolean {
  return a.evidence === b.evidence && a.at === b.at && a.rule === b.rule;
}
