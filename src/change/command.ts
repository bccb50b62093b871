import type { Actor, AssistantEvent } from '../core/assistantEvent.ts';
import { contentHash } from '../core/digest.ts';
import { losesBlock, type Source } from '../core/movedBlocks.ts';
import type { SnapshotChange } from '../git/snapshot.ts';
import { headCommit } from '../git/workTree.ts';
import type { CommandWindow, EditWindow, Window } from '../ledger/windows.ts';
import { afterUnhookedCommits } from './afterCommit.ts';
import { broughtByGit, copiesOf } from './brought.ts';
import { reporterOf, wordsToKeep } from './journal.ts';
import type { Place } from './place.ts';
import { noteLine } from './runs.ts';
import { snapshotsOf, takeSnapshot } from './snapshot.ts';
import { textContent, workTreeText } from './texts.ts';
import { headMeanwhile } from './unhooked.ts';
import { actorOf, authorOf, type Certainty, callOf, closeWindow, longestAnswer, openedBy } from './windows.ts';

/** Gives what is in here, when it is needed. */
export type LoadCommands = () => Promise<
  Pick<typeof import('./command.ts'), 'beforeCommand' | 'afterCommand' | 'settleUnanswered'>
>;

/** More files than this are not claimed for one command: at a millisecond each, a hook would hold the assistant up. */
const maxFiles = 1_000;
/** Changed files that are asked for the lines that turn up in another. */
const maxSources = 100;

type BeforeCommand = Extract<AssistantEvent, { event: 'before-command' }>;
type AfterCommand = Extract<AssistantEvent, { event: 'after-command' }>;

/** Notes what the work tree holds. */
export async function beforeCommand(
  place: Place,
  { actor, command, endMayStayUntold }: Pick<BeforeCommand, 'actor' | 'command' | 'endMayStayUntold'>,
): Promise<void> {
  const { windows } = place.ledger;
  const key = { kind: 'command', ...callOf(actor, command) } as const;
  // Another hook has told the beginning of this call: what it saw is older.
  if (actor.call !== undefined && windows.isOpen(key)) return;
  const [head, snapshot] = await Promise.all([headCommit(place.repository), takeSnapshot(place)]);
  const untold = endMayStayUntold && { endMayStayUntold };
  windows.open({ ...key, ...openedBy(actor), snapshot: { ...snapshot, head }, ...untold });
}

/** A command that was announced is not to run: what changes from now on is not its. */
export function refuseCommand({ ledger }: Place, { actor, command }: Pick<BeforeCommand, 'actor' | 'command'>): void {
  ledger.windows.drop({ kind: 'command', ...callOf(actor, command) });
}

/** Gives the session what its command changed, and notes the command. */
export async function afterCommand(
  place: Place,
  actor: Actor,
  { command, exitCode, cwd }: Pick<AfterCommand, 'command' | 'exitCode' | 'cwd'>,
): Promise<void> {
  const window = closeWindow(place, { kind: 'command', ...callOf(actor, command) });
  if (window === 'echo') return;
  // Without a before-event nothing shows what the command did and what was there already.
  const [claimed, words] = await Promise.all([
    window ? claimChanges(place, window, actor, 'difference') : undefined,
    command === undefined ? {} : wordsToKeep(place, command),
  ]);
  await place.ledger.journal.append({
    entry: 'command',
    ...reporterOf(actor),
    ...(actor.call !== undefined && { call: actor.call }),
    ...words,
    ...(exitCode !== undefined && { exitCode }),
    ...(window && { since: window.at }),
    files: claimed?.files ?? 0,
  });
  if (command !== undefined && exitCode !== undefined) {
    const trees = { before: window?.snapshot.tree, after: claimed?.tree };
    await noteLine(place, { command, folder: cwd, source: 'assistant', exitCode, ...trees });
  }
}

/** Gives a session what changed since its command began, where no after-event tells when it ended. */
export async function settleUnanswered(place: Place, window: CommandWindow): Promise<void> {
  await claimChanges(place, window, actorOf(window), { rule: 'no-after-event' });
}

/** A path that a command changed: its text before, `''` where there was nothing, and now, `undefined` where there is none. */
interface ChangedText {
  readonly path: string;
  readonly before: string;
  readonly now: string | undefined;
}

/**
 * Gives the session what changed in the work tree since its window opened, less what git itself brought (a checkout, a
 * pull, a commit, a stash), what was only moved, and what others have claimed. Of a file that could not be read then
 * nobody knows what was there: it is given to nobody.
 *
 * @returns the number of files with something for the session, and the tree that the work tree is now
 */
async function claimChanges(
  place: Place,
  window: CommandWindow,
  actor: Actor,
  certainty: Certainty,
): Promise<{ readonly files: number; readonly tree: string }> {
  const { repository, ledger } = place;
  const [head, snapshot] = await Promise.all([headCommit(repository), takeSnapshot(place)]);
  const { unhooked, brought: newHead } = await headMeanwhile(place, window, head);
  const own = new Set(unhooked.map(({ commit }) => commit));
  const unread = new Set(window.snapshot.unread);
  const others = openElsewhere(place, window);
  const all = (await snapshotsOf(place).changes(window.snapshot, snapshot)).filter(({ path }) => !unread.has(path));
  const changes = all.slice(0, maxFiles);
  const [changed, brought, copied] = await Promise.all([
    changedTexts(place, changes),
    broughtByGit(repository, changes, newHead, own),
    copiesOf(snapshotsOf(place), window.snapshot, changes),
  ]);
  for (const { path, before } of changed) {
    // What nobody has looked at since is known from now on: a later command may bring it back.
    if (before !== '' && !ledger.seenSince(path, window.at)) await ledger.observe(path, before, { how: 'seen' });
  }
  const lost = lostTexts(place, changed);
  const author = authorOf(
    actor,
    certainty === 'difference' && others.commands ? { rule: 'overlapping-commands' } : certainty,
  );
  let count = 0;
  for (const { path, before, now } of changed) {
    if (now === undefined || now === before || brought.whole.has(path) || others.edited.has(path)) continue;
    const copyOf = copied.get(path);
    if (copyOf !== undefined) {
      await ledger.observe(path, now, { how: 'edited', runs: ledger.attribute(copyOf, now) });
      continue;
    }
    // A text that the path held before the window is brought back, by a stash or a checkout, not written.
    if (ledger.held(path, contentHash(now), window.at)) continue;
    await ledger.observe(path, now, {
      how: 'changed',
      since: before,
      began: window.at,
      author,
      brought: brought.texts.get(path) ?? [],
      lost: lost.filter((source) => source.path !== path),
    });
    count++;
  }
  // What it committed itself is its own by now.
  if (unhooked.length > 0) await afterUnhookedCommits(place, [...own]);
  if (all.length > changes.length) {
    throw new Error(
      `the command changed ${all.length} files: of all but the first ${maxFiles} it is not recorded by whom`,
    );
  }
  return { files: count, tree: snapshot.tree };
}

/**
 * What other sessions are at: a file that one of them is editing is left to its report; where one runs a command, too, the
 * change may be its own.
 */
function openElsewhere({ ledger }: Place, { tool, session }: Window): { edited: Set<string>; commands: boolean } {
  const open = ledger.windows.all().filter((other) => other.tool !== tool || other.session !== session);
  const edits = open.filter((other): other is EditWindow => other.kind === 'edit');
  return {
    edited: new Set(edits.flatMap(({ path, at }) => (Date.now() - Date.parse(at) < longestAnswer ? [path] : []))),
    commands: open.some(({ kind }) => kind === 'command'),
  };
}

/** Files whose text before, or now, cannot be attributed are left out. */
async function changedTexts(place: Place, changes: readonly SnapshotChange[]): Promise<ChangedText[]> {
  const blobs = await snapshotsOf(place).read(changes.flatMap(({ before }) => before ?? []));
  const texts: ChangedText[] = [];
  for (const { path, before, after } of changes) {
    const bytes = before === null ? undefined : blobs.get(before);
    const old = bytes && textContent(bytes);
    if (before !== null && old?.kind !== 'text') continue;
    const content = after === null ? undefined : workTreeText(place.repository, path);
    if (content && content.kind !== 'text') continue;
    texts.push({ path, before: old?.kind === 'text' ? old.text : '', now: content?.text });
  }
  return texts;
}

/** The changed texts that have lost lines, with their authors. */
function lostTexts({ ledger }: Place, changed: readonly ChangedText[]): (Source & { path: string })[] {
  const lost = changed.filter(({ before, now }) => losesBlock(before, now ?? '')).slice(0, maxSources);
  return lost.map(({ path, before, now }) => ({
    path,
    text: before,
    runs: ledger.attribute(path, before),
    now: now ?? '',
  }));
}

/** The assistant, with its session and its tool call if it tells them, that a process runs under. */
export interface Committer {
  readonly tool: string;
  readonly session?: string;
  readonly call?: string;
}

/**
 * Before a commit that runs inside an assistant's command: what that command has changed up to now is the assistant's,
 * though its after-event is still to come. Only the window of the committing call counts (the youngest one, where the
 * call is not told): an older one may be open because its after-event never came, and others have written since.
 */
export async function settleCommittingCommand(place: Place, committer: Committer | undefined): Promise<void> {
  if (!committer) return;
  const windows = place.ledger.windows
    .all()
    .filter((window): window is CommandWindow => window.kind === 'command')
    .filter(({ tool }) => tool === committer.tool)
    .filter(({ session }) => committer.session === undefined || session.split('/')[0] === committer.session);
  const window = committer.call === undefined ? windows[0] : windows.find(({ call }) => call === committer.call);
  if (!window) return;
  await claimChanges(place, window, actorOf(window), { rule: 'commit-in-command' });
}
