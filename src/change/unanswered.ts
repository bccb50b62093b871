import { announcedIn } from '../core/announced.ts';
import type { Actor } from '../core/assistantEvent.ts';
import { contentHash } from '../core/digest.ts';
import type { EditWindow, Window } from '../ledger/windows.ts';
import type { LoadCommands } from './command.ts';
import type { Place } from './place.ts';
import { workTreeText } from './texts.ts';
import { actorOf, authorOf, longestAnswer, snapshotText } from './windows.ts';

/**
 * Not every call's end is told: Codex says nothing of a patch that is given to its shell, of a command that outlives its
 * time, of an edit that was denied. So whatever else a session tells, what it announced is looked for.
 */
export async function settleAnnounced(place: Place, { tool, session, model }: Actor): Promise<void> {
  const family = familyOf(session);
  await settle(place, model, (window) => window.tool === tool && familyOf(window.session) === family);
}

/** Before a commit: what anybody announced and the files hold is theirs. */
export async function settleAllAnnounced(place: Place): Promise<void> {
  await settle(place, undefined, () => true);
}

/**
 * None of the session's calls is under way any more: an edit has been found by now or is not there, and what has changed
 * since a command began is its share, where it may have run and its end stay untold.
 *
 * @param moment `turn-end`: it has just ended, however long it took. `prompt`, `session-end`: it may have been left alone
 *   for a long time, in which others were at work. At the end of a session its sub-agents have ended, too.
 */
export async function settleTurn(
  place: Place,
  actor: Actor,
  moment: 'prompt' | 'turn-end' | 'session-end',
  commands: LoadCommands,
): Promise<void> {
  await settleAnnounced(place, actor);
  const { windows } = place.ledger;
  const isOwn = ({ tool, session }: Window): boolean =>
    tool === actor.tool &&
    (moment === 'session-end' ? familyOf(session) === familyOf(actor.session) : session === actor.session);
  for (const window of windows.all().filter(isOwn)) {
    // An order may come while the one before it is carried out.
    if (window.kind === 'edit' && moment === 'prompt') continue;
    windows.drop(window);
    // A command that was refused has no end either, and others may have been at work since.
    if (window.kind === 'edit' || !window.endMayStayUntold) continue;
    if (moment !== 'turn-end' && ageOf(window) > longestAnswer) continue;
    await (await commands()).settleUnanswered(place, window);
  }
}

/** The session that a sub-agent's belongs to, or the session itself. */
function familyOf(session: string): string {
  return session.split('/', 1)[0] as string;
}

/** In ms. */
function ageOf({ at }: Window): number {
  return Date.now() - Date.parse(at);
}

async function settle(
  place: Place,
  model: string | undefined,
  isAsked: (window: EditWindow) => boolean,
): Promise<void> {
  for (const window of place.ledger.windows.all()) {
    if (window.kind === 'edit' && window.settled === undefined && isAsked(window)) await give(place, window, model);
  }
}

/** Gives a session what it announced, if the file holds it; the window stays, for its end may still be told. */
async function give({ repository, ledger }: Place, window: EditWindow, model: string | undefined): Promise<void> {
  const { path, hash, written, at } = window;
  const before = snapshotText(ledger, hash);
  const content = written && workTreeText(repository, path);
  if (before === undefined || !written || content?.kind !== 'text') return;
  const after = announcedIn(content.text, before, written);
  if (after === undefined) return;
  const author = authorOf({ ...(model !== undefined && { model }), ...actorOf(window) }, 'reported');
  await ledger.observe(path, content.text, { how: 'wrote', author, before, began: at, after });
  ledger.windows.replace({ ...window, settled: contentHash(content.text) });
}
