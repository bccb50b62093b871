import type { Actor } from '../core/assistantEvent.ts';
import type { AiAuthor } from '../core/author.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Window } from '../ledger/windows.ts';
import type { Place } from './place.ts';
import { workTreeText } from './texts.ts';

/** A call with an id has a window of its own; without one, all edits of a session share a window. */
export function windowKey(actor: Actor, kind: Window['kind']): string {
  return [actor.tool, actor.session, kind, actor.call ?? ''].join('\0');
}

export function newWindow(actor: Actor, kind: Window['kind'], files: Window['files']): Window {
  const { tool, session, model, call } = actor;
  const at = new Date().toISOString();
  return { kind, tool, session, ...(call !== undefined && { call }), ...(model !== undefined && { model }), files, at };
}

/** How sure it is that an assistant wrote something: it says so, or a named rule does. */
export type Certainty = 'reported' | { readonly rule: string };

export function authorOf(actor: Actor, certainty: Certainty): AiAuthor {
  const { tool, session, model, kind } = actor;
  return {
    origin: 'ai',
    tool,
    ...(model !== undefined && { model }),
    session,
    kind,
    evidence: certainty === 'reported' ? 'reported' : 'inferred',
    ...(certainty !== 'reported' && { rule: certainty.rule }),
    at: new Date().toISOString(),
    review: 'unseen',
  };
}

/** Stands for a content hash where there was something that cannot be attributed: of what follows on it nobody knows. */
export const unreadable = 'unreadable';

/** Takes note of what a path holds: its content hash, `null` where there is nothing. */
export async function observe({ repository, ledger }: Place, path: string): Promise<string | null> {
  const content = await workTreeText(repository, path);
  switch (content.kind) {
    case 'text':
      return await ledger.observe(path, content.text, { how: 'seen' });
    case 'absent':
      return null;
    case 'binary':
    case 'large':
      return unreadable;
  }
}

/** `''` where the window says that there was nothing; `undefined` where nobody took note. */
export async function snapshotText(ledger: Ledger, hash: string | null | undefined): Promise<string | undefined> {
  if (hash === undefined) return undefined;
  return hash === null ? '' : await ledger.textOf(hash);
}
