import type { Actor, AssistantEvent, FileEdit } from '../core/assistantEvent.ts';
import type { Author } from '../core/author.ts';
import { applyWritten } from '../core/written.ts';
import { messageOf } from '../errors.ts';
import { GitError } from '../git/git.ts';
import { pathInRepository } from '../git/repository.ts';
import { headCommit } from '../git/workTree.ts';
import { afterCommand, beforeCommand, type CommandFacts } from './command.ts';
import type { Place } from './place.ts';
import { textsAt, workTreeText } from './texts.ts';
import { actorKey, authorOf, observe, openedBy, snapshotText } from './windows.ts';

/**
 * Takes what an assistant reports into the pending state (DESIGN 5.5). Files of several repositories may come in one
 * event; one that lies in none, or outside a work tree, is not recorded, and that is said.
 *
 * @returns one line for each thing that could not be done
 */
export async function report(event: AssistantEvent, open: PlaceFinder): Promise<string[]> {
  switch (event.event) {
    case 'none':
    case 'prompt':
    case 'turn-end':
      return [];
    case 'before-edit':
      return await eachFile(
        event.edits.map(({ file }) => file),
        open,
        (place, file) => beforeEdit(place, event.actor, file),
      );
    case 'after-edit':
      return await eachFile(
        event.edits.map((edit) => edit.file),
        open,
        (place, file, i) => afterEdit(place, event.actor, file, event.edits[i] as FileEdit),
      );
    case 'human-edit':
      return await eachFile(event.files, open, humanEdit);
    case 'before-command':
      if (event.files) {
        return await report({ ...event, event: 'before-edit', edits: event.files.map((file) => ({ file })) }, open);
      }
      return await inPlace(event.cwd, open, (place) => beforeCommand(place, event.actor));
    case 'after-command':
      if (event.files) {
        return await report({ ...event, event: 'after-edit', edits: event.files.map((file) => ({ file })) }, open);
      }
      return await inPlace(event.cwd, open, (place) => afterCommand(place, event.actor, factsOf(event)));
    case 'session-start':
    case 'session-end':
      return await inPlace(event.cwd, open, async ({ ledger }) => {
        const { tool, model, session } = event.actor;
        const phase = event.event === 'session-start' ? 'start' : 'end';
        const at = new Date().toISOString();
        const known = { tool, ...(model !== undefined && { model }), session };
        await ledger.journal.append({ entry: 'session', at, ...known, event: phase });
      });
  }
}

function factsOf({ command, exitCode }: CommandFacts): CommandFacts {
  return { ...(command !== undefined && { command }), ...(exitCode !== undefined && { exitCode }) };
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

async function inPlace(folder: string, open: PlaceFinder, work: (place: Place) => Promise<void>): Promise<string[]> {
  try {
    await work(await open.ofFolder(folder));
    return [];
  } catch (error) {
    // An assistant may well work in a folder without git: nothing to record there, and nothing wrong.
    if (error instanceof GitError && error.reason === 'no-repository') return [];
    return [messageOf(error)];
  }
}

async function beforeEdit(place: Place, actor: Actor, path: string): Promise<void> {
  const hash = await observe(place, path);
  place.ledger.windows.open({ kind: 'edit', ...openedBy(actor), path, hash });
}

async function afterEdit(place: Place, actor: Actor, path: string, edit: FileEdit): Promise<void> {
  const { repository, ledger } = place;
  const window = ledger.windows.close({ kind: 'edit', ...actorKey(actor), path });
  const snapshot = window?.hash;
  const content = workTreeText(repository, path);
  const now = content.kind === 'text' ? content.text : undefined;

  // What it says that it wrote is its own; the difference is asked only where it does not say.
  const before = edit.before === undefined ? snapshotText(ledger, snapshot) : (edit.before ?? '');
  const after = before === undefined || !edit.written ? undefined : applyWritten(before, edit.written);
  if (before !== undefined && after !== undefined) {
    // A file that still holds what it held is about to be written, or was written back.
    const text = now === undefined || now === before ? after : now;
    // A text before that the assistant tells is the one it wrote into; a snapshot may be older than what it read.
    const began = edit.before === undefined && window ? { began: window.at } : {};
    await ledger.observe(path, text, { how: 'wrote', author: authorOf(actor, 'reported'), before, ...began, after });
    return;
  }
  if (now === undefined) return;
  const known = snapshotText(ledger, snapshot);
  const author = authorOf(actor, known === undefined ? { rule: 'no-before-edit' } : 'reported');
  const since = known ?? ledger.lastText(path) ?? (await headText(place, path)) ?? '';
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
