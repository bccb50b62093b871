import { type Actions, sumActions } from '../core/actions.ts';
import { headCommit } from '../git/workTree.ts';
import { type ActionCommand, type ActionEntry, actionLog } from '../ledger/actionLog.ts';
import type { Committer } from './command.ts';
import type { Place } from './place.ts';

/**
 * What assistants' commands did since the last commit here that a record told of. A commit on the same parent as that one
 * takes its place (an amend, a second try, one after `git reset --soft`): then what it told of is told again.
 *
 * @param base the first parent of the commit under way; `null` on an unborn branch
 * @param mistaken what was taken for that parent when the commit was told of before
 */
export function pendingActions({ ledger }: Place, base: string | null, mistaken?: string | null): Actions[] {
  return sumActions(untold(actionLog(ledger.folder).entries(), base, mistaken));
}

/** The same for a commit on HEAD. */
export async function actionsOnHead(place: Place): Promise<Actions[]> {
  if (actionLog(place.ledger.folder).last(1).length === 0) return [];
  return pendingActions(place, await headCommit(place.repository));
}

function untold(entries: readonly ActionEntry[], base: string | null, mistaken?: string | null): ActionCommand[] {
  const told = entries.flatMap((entry) =>
    entry.entry === 'told' && entry.mistaken !== undefined ? [entry.mistaken] : [],
  );
  const same = new Set([base, ...told, ...(mistaken === undefined ? [] : [mistaken])]);
  const last = entries.findLastIndex((entry) => entry.entry === 'told' && !same.has(entry.base));
  return entries
    .slice(last + 1)
    .filter((entry): entry is ActionCommand => entry.entry === 'command' && entry.state === 'ran');
}

/** Notes that a record of a commit on `base` tells of all that `pendingActions` knows. */
export async function noteTold({ ledger }: Place, base: string | null, mistaken?: string | null): Promise<void> {
  const at = new Date().toISOString();
  await actionLog(ledger.folder).append({ entry: 'told', at, base, ...(mistaken !== undefined && { mistaken }) });
}

/**
 * Before a commit that runs inside an assistant's command: what that command does belongs to this commit, though its
 * after-event is still to come.
 */
export async function noteCommittingActions({ ledger }: Place, committer: Committer | undefined): Promise<void> {
  if (!committer) return;
  const log = actionLog(ledger.folder);
  const entries = log.entries().filter((entry) => entry.entry === 'command');
  const own = entries.filter(
    ({ tool, session, key }) =>
      tool === committer.tool &&
      (committer.session === undefined || session.split('/')[0] === committer.session) &&
      (committer.call === undefined || key === committer.call),
  );
  const last = own.at(-1);
  if (last?.state === 'begun') await log.append({ ...last, at: new Date().toISOString(), state: 'ran' });
}
