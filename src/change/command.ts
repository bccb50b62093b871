import type { Actor } from '../core/assistantEvent.ts';
import { contentHash } from '../core/digest.ts';
import { mostSimilar } from '../core/similarity.ts';
import { dirtyFiles, headCommit } from '../git/workTree.ts';
import type { Window } from '../ledger/windows.ts';
import type { Place } from './place.ts';
import { textsAt, workTreeText } from './texts.ts';
import { authorOf, type Certainty, newWindow, observe, snapshotText, windowKey } from './windows.ts';

/** More changed files than this are not looked at: at some 3 ms for a new one, a hook would hold the assistant up. */
const maxFiles = 300;

/** Notes what each file holds that differs from HEAD; the others hold what HEAD has. */
export async function beforeCommand(place: Place, actor: Actor): Promise<void> {
  const { repository, ledger } = place;
  const [head, dirty] = await Promise.all([headCommit(repository), dirtyFiles(repository)]);
  const files: Record<string, string | null> = {};
  for (const path of dirty.slice(0, maxFiles)) files[path] = await observe(place, path);
  const complete = dirty.length <= maxFiles;
  await ledger.windows.open(windowKey(actor, 'command'), { ...newWindow(actor, 'command', files), head, complete });
}

export async function afterCommand(place: Place, actor: Actor): Promise<void> {
  const window = await place.ledger.windows.close(windowKey(actor, 'command'));
  // Without a before-event nothing shows what the command did and what was there already.
  if (window) await claimCommand(place, window, actor, 'reported');
}

/**
 * Gives the session what changed in the work tree since its window opened, less what git itself brought (a checkout, a
 * pull, a commit, a stash), what was only moved, and what others have claimed. Of a file that was not noted then, or could
 * not be read, nobody knows what was there: it is given to nobody.
 */
async function claimCommand(place: Place, window: Window, actor: Actor, certainty: Certainty): Promise<void> {
  const { repository, ledger } = place;
  const [head, dirty] = await Promise.all([headCommit(repository), dirtyFiles(repository)]);
  const paths = dirty.slice(0, maxFiles);
  const known = [...new Set([...paths, ...Object.keys(window.files)])];
  const headThen = window.head ?? null;
  const [before, brought] = await Promise.all([
    textsBefore(place, window, known),
    headThen === head ? new Map<string, string>() : textsAt(repository, head, paths),
  ]);
  const contents = new Map(
    await Promise.all(known.map(async (path) => [path, await workTreeText(repository, path)] as const)),
  );
  const gone = new Map([...before].filter(([path, text]) => text !== '' && contents.get(path)?.kind === 'absent'));
  for (const path of paths) {
    const content = contents.get(path);
    const held = before.get(path);
    if (content?.kind !== 'text' || held === undefined || held === content.text) continue;
    // A text that the path held before the window is brought back, by a stash or a checkout, not written.
    if (await ledger.held(path, contentHash(content.text), window.at)) continue;
    const movedFrom = held === '' ? mostSimilar(content.text, gone) : undefined;
    const since = movedFrom === undefined ? held : (gone.get(movedFrom) as string);
    const headText = brought.get(path);
    await ledger.observe(path, content.text, {
      how: 'changed',
      since,
      author: authorOf(actor, certainty),
      ...(headText !== undefined && { brought: [headText] }),
    });
  }
}

/** What each path held when the window opened: `''` where there was nothing; paths of which it is not known are left out. */
async function textsBefore(
  { repository, ledger }: Place,
  window: Window,
  paths: readonly string[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const clean: string[] = [];
  for (const path of paths) {
    const noted = window.files[path];
    const text = noted === undefined ? undefined : await snapshotText(ledger, noted);
    if (text !== undefined) texts.set(path, text);
    else if (noted === undefined && window.complete !== false) clean.push(path);
  }
  // What was not noted did not differ from HEAD.
  const inHead = await textsAt(repository, window.head ?? null, clean);
  for (const path of clean) texts.set(path, inHead.get(path) ?? '');
  return texts;
}

/** The assistant's session, and its tool call if it tells, that a process runs under. */
export interface Committer {
  readonly tool: string;
  readonly session: string;
  readonly call?: string;
}

/**
 * Before a commit that runs inside an assistant's command: what that command has changed up to now is the assistant's,
 * though its after-event is still to come. Only the window of the committing call counts (the youngest one, where the
 * call is not told): an older one may be open because its after-event never came, and others have written since.
 */
export async function settleCommittingCommand(place: Place, committer: Committer | undefined): Promise<void> {
  if (!committer) return;
  const windows = (await place.ledger.windows.all()).filter(
    (window) =>
      window.kind === 'command' && window.tool === committer.tool && window.session.split('/')[0] === committer.session,
  );
  const window = committer.call === undefined ? windows[0] : windows.find(({ call }) => call === committer.call);
  if (!window) return;
  const { tool, session, model } = window;
  const actor: Actor = { tool, session, kind: 'agent_action', ...(model !== undefined && { model }) };
  await claimCommand(place, window, actor, { rule: 'commit-in-command' });
}
