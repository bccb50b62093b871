import type { Actor, AssistantEvent, FileEdit } from '../core/assistantEvent.ts';
import type { AiAuthor, Author } from '../core/author.ts';
import { applyWritten } from '../core/written.ts';
import { messageOf } from '../errors.ts';
import { GitError } from '../git/git.ts';
import { openRepository, pathInRepository, type Repository } from '../git/repository.ts';
import { dirtyFiles, headCommit } from '../git/workTree.ts';
import { Ledger } from '../ledger/ledger.ts';
import type { Window } from '../ledger/windows.ts';
import { textsAt, workTreeText } from './texts.ts';

/** A repository and its pending state. */
export interface Place {
  readonly repository: Repository;
  readonly ledger: Ledger;
}

export async function openPlace(folder: string): Promise<Place> {
  const repository = await openRepository(folder);
  return { repository, ledger: new Ledger(repository.gitDir) };
}

/**
 * Takes what an assistant reports into the pending state (DESIGN 5.5). Files of several repositories may come in one
 * event; files in none, or outside a work tree, are nobody's business here.
 *
 * @returns one line for each thing that could not be done
 */
export async function report(event: AssistantEvent, open: PlaceFinder): Promise<string[]> {
  switch (event.event) {
    case 'none':
      return [];
    case 'before-edit':
      return await eachFile(event.files, open, (place, file) => beforeEdit(place, event.actor, file));
    case 'after-edit':
      return await eachFile(
        event.edits.map((edit) => edit.file),
        open,
        (place, file, i) => afterEdit(place, event.actor, file, event.edits[i] as FileEdit),
      );
    case 'human-edit':
      return await eachFile(event.files, open, humanEdit);
    case 'before-command':
      if (event.files) return await report({ ...event, event: 'before-edit', files: event.files }, open);
      return await inPlace(event.cwd, open, (place) => beforeCommand(place, event.actor));
    case 'after-command':
      if (event.files) {
        return await report({ ...event, event: 'after-edit', edits: event.files.map((file) => ({ file })) }, open);
      }
      return await inPlace(event.cwd, open, (place) => afterCommand(place, event.actor));
  }
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
      const relativePath = await pathInRepository(place.repository, file);
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

/** A call with an id has a window of its own; without one, all edits of a session share a window. */
function windowKey(actor: Actor, kind: Window['kind']): string {
  return [actor.tool, actor.session, kind, actor.call ?? ''].join('\0');
}

function newWindow(actor: Actor, kind: Window['kind'], files: Window['files']): Window {
  const { tool, session, model, call } = actor;
  const at = new Date().toISOString();
  return { kind, tool, session, ...(call !== undefined && { call }), ...(model !== undefined && { model }), files, at };
}

function authorOf(actor: Actor, certainty: 'reported' | { readonly rule: string }): AiAuthor {
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

/** Takes note of what a path holds; `null` where there is nothing, or nothing that can be attributed. */
async function observe({ repository, ledger }: Place, path: string): Promise<string | null> {
  const content = await workTreeText(repository, path);
  return content.kind === 'text' ? await ledger.observe(path, content.text) : null;
}

async function beforeEdit(place: Place, actor: Actor, path: string): Promise<void> {
  const hash = await observe(place, path);
  await place.ledger.windows.open(windowKey(actor, 'edit'), newWindow(actor, 'edit', { [path]: hash }));
}

async function afterEdit(place: Place, actor: Actor, path: string, edit: FileEdit): Promise<void> {
  const { repository, ledger } = place;
  const window = await ledger.windows.close(windowKey(actor, 'edit'), [path]);
  const snapshot = window?.files[path];
  const content = await workTreeText(repository, path);
  const now = content.kind === 'text' ? content.text : undefined;

  // What it says that it wrote is its own; the difference is asked only where it does not say.
  const before = edit.before === undefined ? await snapshotText(ledger, snapshot) : (edit.before ?? '');
  const after = before === undefined || !edit.written ? undefined : applyWritten(before, edit.written);
  if (before !== undefined && after !== undefined) {
    await ledger.claimWritten(path, { before, after, now, author: authorOf(actor, 'reported') });
    return;
  }
  if (now === undefined) return;
  const known = await snapshotText(ledger, snapshot);
  const author = authorOf(actor, known === undefined ? { rule: 'no-before-edit' } : 'reported');
  const since = known ?? (await ledger.lastText(path)) ?? (await headText(place, path)) ?? '';
  await ledger.claim(path, { before: since, text: now, author });
}

/** `''` where the window says that there was nothing; `undefined` where nobody took note. */
async function snapshotText(ledger: Ledger, hash: string | null | undefined): Promise<string | undefined> {
  if (hash === undefined) return undefined;
  return hash === null ? '' : await ledger.textOf(hash);
}

async function headText({ repository }: Place, path: string): Promise<string | undefined> {
  return (await textsAt(repository, await headCommit(repository), [path])).get(path);
}

async function humanEdit(place: Place, path: string): Promise<void> {
  const content = await workTreeText(place.repository, path);
  if (content.kind !== 'text') return;
  const head = (await headText(place, path)) ?? '';
  const before = (await place.ledger.lastText(path)) ?? head;
  const author: Author = { origin: 'human', evidence: 'observed', at: new Date().toISOString() };
  await place.ledger.claim(path, { before, text: content.text, author, head });
}

/** More changed files than this are not looked at one by one: a hook must stay quick. */
const maxCommandFiles = 2_000;

/** Notes what each file holds that differs from HEAD; the others hold what HEAD has. */
async function beforeCommand(place: Place, actor: Actor): Promise<void> {
  const { repository, ledger } = place;
  const [head, dirty] = await Promise.all([headCommit(repository), dirtyFiles(repository)]);
  const files: Record<string, string | null> = {};
  for (const path of dirty.slice(0, maxCommandFiles)) files[path] = await observe(place, path);
  await ledger.windows.open(windowKey(actor, 'command'), { ...newWindow(actor, 'command', files), head });
}

async function afterCommand(place: Place, actor: Actor): Promise<void> {
  const window = await place.ledger.windows.close(windowKey(actor, 'command'));
  // Without a before-event nothing shows what the command did and what was there already.
  if (window) await claimCommand(place, window, actor, 'reported');
}

/**
 * Gives the session what changed in the work tree since its window opened, less what git itself brought (HEAD moved: a
 * checkout, a pull, a commit) and what others have claimed.
 */
async function claimCommand(
  place: Place,
  window: Window,
  actor: Actor,
  certainty: 'reported' | { readonly rule: string },
): Promise<void> {
  const { repository, ledger } = place;
  const [head, dirty] = await Promise.all([headCommit(repository), dirtyFiles(repository)]);
  const paths = dirty.slice(0, maxCommandFiles);
  const unsnapped = paths.filter((path) => window.files[path] === undefined);
  const headThen = window.head ?? null;
  const [before, now] = await Promise.all([
    textsAt(repository, headThen, unsnapped),
    headThen === head ? undefined : textsAt(repository, head, paths),
  ]);
  for (const path of paths) {
    const content = await workTreeText(repository, path);
    if (content.kind !== 'text') continue;
    const snapshot = await snapshotText(ledger, window.files[path]);
    const since = snapshot ?? before.get(path) ?? '';
    if (since === content.text) continue;
    const brought = now?.get(path);
    const claim = { before: since, text: content.text, author: authorOf(actor, certainty) };
    await ledger.claim(path, brought === undefined ? claim : { ...claim, head: brought });
  }
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
