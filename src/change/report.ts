import { announcedIn } from '../core/announced.ts';
import type { Actor, AssistantEvent, FileEdit } from '../core/assistantEvent.ts';
import type { Author } from '../core/author.ts';
import { contentHash } from '../core/digest.ts';
import { applyWritten, writtenSize } from '../core/written.ts';
import { messageOf } from '../errors.ts';
import { GitError } from '../git/git.ts';
import { pathInRepository } from '../git/repository.ts';
import { headCommit } from '../git/workTree.ts';
import type { LoadCommands } from './command.ts';
import { notePrompt, noteSession } from './journal.ts';
import type { Place } from './place.ts';
import { textsAt, workTreeText } from './texts.ts';
import { settleAnnounced, settleTurn } from './unanswered.ts';
import { authorOf, callOf, closeWindow, observe, openedBy, snapshotText } from './windows.ts';

/**
 * Takes what an assistant reports into the pending state (DESIGN 5.5). Files of several repositories may come in one
 * event; one that lies in none, or outside a work tree, is not recorded, and that is said.
 *
 * @param commands how commands are followed: an edit waits for none of it
 * @returns one line for each thing that could not be done
 */
export async function report(event: AssistantEvent, open: PlaceFinder, commands: LoadCommands): Promise<string[]> {
  switch (event.event) {
    case 'none':
      return [];
    case 'human-edit':
      return await eachFile(event.files, open, humanEdit);
    case 'before-edit':
    case 'after-edit':
      return await reportEdit(event, open);
    case 'before-command':
      if (event.files) return await reportEdit({ ...event, event: 'before-edit', edits: editsOf(event.files) }, open);
      return await inPlace(event, open, [
        (place) => settleAnnounced(place, event.actor),
        async (place) => (await commands()).beforeCommand(place, event),
      ]);
    case 'after-command':
      if (event.files) return await reportEdit({ ...event, event: 'after-edit', edits: editsOf(event.files) }, open);
      return await inPlace(event, open, [
        async (place) => (await commands()).afterCommand(place, event.actor, event),
        (place) => settleAnnounced(place, event.actor),
      ]);
    case 'prompt':
      return await inPlace(event, open, [
        (place) => settleTurn(place, event.actor, 'prompt', commands),
        (place) => notePrompt(place, event.actor, event.text),
      ]);
    case 'turn-end':
      return await inPlace(event, open, [(place) => settleTurn(place, event.actor, 'turn-end', commands)]);
    case 'session-start':
      return await inPlace(event, open, [(place) => noteSession(place, event.actor, 'start')]);
    case 'session-end':
      return await inPlace(event, open, [
        (place) => settleTurn(place, event.actor, 'session-end', commands),
        (place) => noteSession(place, event.actor, 'end'),
      ]);
  }
}

/** An edit itself, and in each repository that it is in what its session announced before. */
async function reportEdit(
  event: Extract<AssistantEvent, { event: 'before-edit' | 'after-edit' }>,
  open: PlaceFinder,
): Promise<string[]> {
  const { actor, edits } = event;
  const settled = new Set<Place>();
  const settleOnce = async (place: Place): Promise<void> => {
    if (settled.has(place)) return;
    settled.add(place);
    await settleAnnounced(place, actor);
  };
  return await eachFile(
    edits.map(({ file }) => file),
    open,
    async (place, file, i) => {
      const edit = edits[i] as FileEdit;
      if (event.event === 'before-edit') {
        // What a file holds by somebody's hand is known better before it is looked at.
        await settleOnce(place).finally(() => beforeEdit(place, actor, file, edit));
      } else {
        await afterEdit(place, actor, file, edit, event.failed === true).finally(() => settleOnce(place));
      }
    },
  );
}

function editsOf(files: readonly string[]): FileEdit[] {
  return files.map((file) => ({ file }));
}

/** Finds the place that a file (or folder) lies in; the same object for the same repository. */
export interface PlaceFinder {
  ofFile(file: string): Promise<Place>;
  ofFolder(folder: string): Promise<Place>;
}

async function eachFile(
  files: readonly string[],
  open: PlaceFinder,
  work: (place: Place, relativePath: string, index: number) => Promise<void>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [i, file] of files.entries()) {
    try {
      const place = await open.ofFile(file);
      const relativePath = pathInRepository(place.repository, file);
      if (relativePath === undefined)
        problems.push(`${file} is not in the work tree of ${place.repository.top}: not recorded`);
      else await work(place, relativePath, i);
    } catch (error) {
      const isOutside = error instanceof GitError && error.reason === 'no-repository';
      problems.push(isOutside ? `${file} is in no git repository: not recorded` : messageOf(error));
    }
  }
  return problems;
}

/** Does one thing after the other, whatever becomes of those before it. */
async function inPlace(
  { cwd }: { readonly cwd: string },
  open: PlaceFinder,
  works: readonly ((place: Place) => Promise<void>)[],
): Promise<string[]> {
  let place: Place;
  try {
    place = await open.ofFolder(cwd);
  } catch (error) {
    // An assistant may well work in a folder without git: nothing to record there, and nothing wrong.
    return error instanceof GitError && error.reason === 'no-repository' ? [] : [messageOf(error)];
  }
  const problems: string[] = [];
  for (const work of works) {
    try {
      await work(place);
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  return problems;
}

/** What a call announces is kept up to this many characters. */
const maxAnnounced = 1024 * 1024;

async function beforeEdit(place: Place, actor: Actor, path: string, { written }: FileEdit): Promise<void> {
  const { windows } = place.ledger;
  const key = { kind: 'edit', ...callOf(actor, written), path } as const;
  // Another hook has told the beginning of this call: what it saw is older.
  if (actor.call !== undefined && windows.isOpen(key)) return;
  const hash = await observe(place, path);
  const isKept = written !== undefined && writtenSize(written) <= maxAnnounced;
  windows.open({ ...key, ...openedBy(actor), hash, ...(isKept && { written: written }) });
}

async function afterEdit(place: Place, actor: Actor, path: string, edit: FileEdit, failed: boolean): Promise<void> {
  const { repository, ledger } = place;
  const window = closeWindow(place, { kind: 'edit', ...callOf(actor, edit.written), path });
  if (window === 'echo') return;
  const content = workTreeText(repository, path);
  if (content.kind === 'binary' || content.kind === 'large') return;
  const now = content.kind === 'text' ? content.text : undefined;
  // It was found already, and nobody has touched the file since.
  if (window?.settled !== undefined && now !== undefined && contentHash(now) === window.settled) return;

  // What it says that it wrote is its own; the difference is asked only where it does not say.
  const written = edit.written ?? window?.written;
  const before = edit.before === undefined ? snapshotText(ledger, window?.hash) : (edit.before ?? '');
  // A text before that the assistant tells is the one it wrote into; a snapshot may be older than what it read.
  const began = edit.before === undefined && window ? { began: window.at } : {};
  if (failed) {
    const part = before === undefined || now === undefined || !written ? undefined : announcedIn(now, before, written);
    if (before === undefined || now === undefined || part === undefined) return;
    await ledger.observe(path, now, {
      how: 'wrote',
      author: authorOf(actor, 'reported'),
      before,
      ...began,
      after: part,
    });
    return;
  }
  const after = before === undefined || !written ? undefined : applyWritten(before, written);
  if (before !== undefined && after !== undefined) {
    // A file that still holds what it held is about to be written, or was written back.
    const text = now === undefined || now === before ? after : now;
    const exact = edit.before !== undefined || written?.form !== 'content';
    const author = authorOf(actor, 'reported');
    await ledger.observe(path, text, { how: 'wrote', author, before, ...began, after, exact });
    return;
  }
  if (now === undefined) return;
  const known = snapshotText(ledger, window?.hash);
  const author = authorOf(actor, known === undefined ? { rule: 'no-before-edit' } : 'difference');
  const since = known ?? ledger.lastText(path) ?? (await headText(place, path)) ?? '';
  if (known === undefined && since === now) return;
  await ledger.observe(path, now, { how: 'changed', author, since, ...(window && { began: window.at }) });
}

async function headText({ repository }: Place, path: string): Promise<string | undefined> {
  return (await textsAt(repository, await headCommit(repository), [path])).get(path);
}

async function humanEdit(place: Place, path: string): Promise<void> {
  const content = workTreeText(place.repository, path);
  if (content.kind !== 'text') return;
  const head = (await headText(place, path)) ?? '';
  const before = place.ledger.lastText(path) ?? head;
  const author: Author = { origin: 'human', evidence: 'observed', at: new Date().toISOString() };
  await place.ledger.observe(path, content.text, { how: 'changed', author, since: before, brought: [head] });
}
