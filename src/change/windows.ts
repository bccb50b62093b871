import type { Actor } from '../core/assistantEvent.ts';
import { type AiAuthor, byDifference } from '../core/author.ts';
import { sha256 } from '../core/digest.ts';
import type { Written } from '../core/written.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Closed, Window, WindowKey } from '../ledger/windows.ts';
import type { Place } from './place.ts';
import { workTreeText } from './texts.ts';

/** The call that a window belongs to: by its id, or else by what the assistant says that it does. */
type Call = Pick<Window, 'tool' | 'session' | 'call' | 'announcement'>;

/** @param said the same before and after the call: what is written, or the command */
export function callOf({ tool, session, call }: Actor, said: Written | string | undefined): Call {
  if (call !== undefined) return { tool, session, call };
  return { tool, session, ...(said !== undefined && { announcement: sha256(JSON.stringify(said)).slice(0, 16) }) };
}

/** What a window tells of its opening. */
export function openedBy({ model }: Actor): Pick<Window, 'model' | 'at'> {
  return { ...(model !== undefined && { model }), at: new Date().toISOString() };
}

/** Who opened a window, as far as it tells. */
export function actorOf({ tool, session, model }: Window): Actor {
  return { tool, session, kind: 'agent_action', ...(model !== undefined && { model }) };
}

/** A call that began longer ago, in ms, has probably failed: its after-event will not come. */
export const longestAnswer = 10 * 60_000;

/** Closes a call's window; where its before-event told less than its after-event, the youngest that may be its own. */
export function closeWindow<Key extends WindowKey>({ ledger: { windows } }: Place, key: Key): Closed<Key['kind']> {
  const own = windows.close(key);
  if (own !== undefined || key.call !== undefined) return own;
  const { tool, session, kind } = key;
  const other = windows
    .all()
    .filter((window) => window.kind === kind && window.tool === tool && window.session === session)
    .filter((window) => window.kind !== 'edit' || (key.kind === 'edit' && window.path === key.path))
    .find(
      ({ call, announcement }) => call === undefined && !(announcement !== undefined && key.announcement !== undefined),
    );
  return other && (windows.close(other) as Closed<Key['kind']>);
}

/**
 * How sure it is that an assistant wrote something: it says what it wrote, it says that it wrote and the difference to what
 * was there before shows what, or a named rule says so.
 */
export type Certainty = 'reported' | 'difference' | { readonly rule: string };

export function authorOf(actor: Actor, certainty: Certainty): AiAuthor {
  const { tool, session, model, kind } = actor;
  return {
    origin: 'ai',
    tool,
    ...(model !== undefined && { model }),
    session,
    kind,
    evidence: typeof certainty === 'string' ? 'reported' : 'inferred',
    ...(certainty === 'difference' && { rule: byDifference }),
    ...(typeof certainty !== 'string' && { rule: certainty.rule }),
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
