import type { Actor } from '../core/assistantEvent.ts';
import type { AiAuthor } from '../core/author.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Window } from '../ledger/windows.ts';
import type { Place } from './place.ts';
import { workTreeText } from './texts.ts';

/** Whose window it is. */
export function actorKey({ tool, session, call }: Actor): Pick<Window, 'tool' | 'session' | 'call'> {
  return { tool, session, ...(call !== undefined && { call }) };
}

/** Whose window it is, and since when. */
export function openedBy(actor: Actor): Pick<Window, 'tool' | 'session' | 'call' | 'model' | 'at'> {
  const { model } = actor;
  return { ...actorKey(actor), ...(model !== undefined && { model }), at: new Date().toISOString() };
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
  const content = workTreeText(repository, path);
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
export function snapshotText(ledger: Ledger, hash: string | null | undefined): string | undefined {
  if (hash === undefined) return undefined;
  return hash === null ? '' : ledger.textOf(hash);
}
