import { existsSync } from 'node:fs';
import path from 'node:path';

import { aiderHistoryFile } from '../agents/aiderHistoryFile.ts';
import { noteCommittingActions } from '../change/actions.ts';
import type { Rewrite } from '../change/afterCommit.ts';
import { noteTemplate, previewCommit, recordCommit } from '../change/commit.ts';
import { CommitRefused } from '../change/commitPolicy.ts';
import { openPlace, type Place } from '../change/place.ts';
import { messageOf } from '../errors.ts';
import { messageRules, messageSettings, readMessage, withPreview, writeMessage } from '../git/message.ts';
import { isHistoryBeingReplayed } from '../git/operation.ts';
import { readConfiguration } from '../git/settings.ts';
import { refusal } from '../launcher.ts';
import type { Command, Io } from './command.ts';

/** A commit never waits longer for us, in ms. */
const timeLimit = 20_000;

/** A git hook. No failure of ours stops a commit: it says one line and ends with 0. A policy's no ends with a code of its own. */
export const gitHook: Command = {
  name: 'git-hook',
  usage: 'git-hook EVENT [ARGS...]',
  summary: 'what git calls at a commit (set up by "countersign install --git")',
  async run([event, ...args], io) {
    const goesOn =
      event === 'pre-push' ? 'the push goes on without it' : 'the commit goes on, perhaps without provenance';
    const timer = setTimeout(() => {
      io.error(`${event} took more than ${timeLimit / 1000} s and was given up: ${goesOn}`);
      process.exit(0);
    }, timeLimit);
    try {
      for (const word of await runHook(await openPlace(io.cwd), event, args, io)) io.error(word);
    } catch (error) {
      if (error instanceof CommitRefused) {
        for (const line of error.lines) io.error(line);
        return refusal;
      }
      io.error(`${event}: ${messageOf(error)}; ${goesOn}`);
    } finally {
      clearTimeout(timer);
    }
    return 0;
  },
};

/** @returns what a person should hear */
async function runHook(
  place: Place,
  event: string | undefined,
  [file, source]: readonly string[],
  io: Io,
): Promise<readonly string[]> {
  switch (event) {
    case 'prepare-commit-msg':
      if (file !== undefined) await showPreview(place, path.resolve(place.repository.top, file), source);
      return [];
    case 'commit-msg':
      if (file === undefined) return [];
      await settleCommitting(place);
      return [
        ...(await askAider(place)),
        ...(await recordCommit(place, path.resolve(place.repository.top, file))),
        ...damageIn(place),
      ];
    case 'post-commit':
    case 'post-applypatch':
      // By default Aider commits without calling commit-msg.
      return [...(await askAider(place)), ...(await (await import('../change/afterCommit.ts')).afterCommit(place))];
    case 'post-merge':
      return await (await import('../change/afterCommit.ts')).afterMerge(place);
    case 'post-rewrite':
      await (await import('../change/afterCommit.ts')).afterRewrite(place, rewritesOf(await io.readInput(maxInput)));
      return [];
    case 'pre-push':
      if (file !== undefined) await (await import('../git/sync.ts')).syncBeforePush(place.repository.git, file);
      return [];
    default:
      throw new Error(`there is no git hook ${JSON.stringify(event ?? '')} here`);
  }
}

/** What a person should hear of a pending state that cannot be read. */
function damageIn({ ledger }: Place): string[] {
  const [file, ...more] = ledger.damaged;
  if (file === undefined) return [];
  const which = more.length > 0 ? `${file} and ${more.length} more` : file;
  return [`${ledger.folder} is damaged: who wrote ${which} is not known any more, and counts as unknown`];
}

/** Gives assistants what they have written so far: the one that runs the commit, and those that announced it. */
async function settleCommitting(place: Place): Promise<void> {
  const kinds = new Set(place.ledger.windows.all().map(({ kind }) => kind));
  if (kinds.has('edit')) await (await import('../change/unanswered.ts')).settleAllAnnounced(place);
  if (!kinds.has('command')) return;
  const [{ findCommitter }, { settleCommittingCommand }] = await Promise.all([
    import('../agents/assistants.ts'),
    import('../change/command.ts'),
  ]);
  const committer = findCommitter(process.env);
  await settleCommittingCommand(place, committer);
  await noteCommittingActions(place, committer);
}

/**
 * Takes what Aider has written by its own history; it runs no hooks that could tell. Mostly there is none.
 *
 * @returns what a person should hear
 */
async function askAider(place: Place): Promise<string[]> {
  const { top } = place.repository;
  if (!existsSync(path.join(top, aiderHistoryFile))) return [];
  const [{ aider }, { report }] = await Promise.all([import('../agents/aider.ts'), import('../change/report.ts')]);
  const here = (): Promise<Place> => Promise.resolve(place);
  return await report(
    aider.normalise({ cwd: top }, process.env),
    { ofFile: here, ofFolder: here },
    () => import('../change/command.ts'),
  );
}

/** In bytes; some 100,000 rewritten commits. */
const maxInput = 16 * 1024 * 1024;

/** Git tells a line a commit: the old id, the new one, and perhaps more behind them. */
function rewritesOf(input: Buffer): Rewrite[] {
  return [...input.toString('latin1').matchAll(/^([0-9a-f]{40,64}) ([0-9a-f]{40,64})\b/gm)].map(([, from, to]) => ({
    old: from as string,
    new: to as string,
  }));
}

/** Where git opens an editor, the person sees the trailers before they are written. */
async function showPreview(place: Place, messageFile: string, source: string | undefined): Promise<void> {
  const { git } = place.repository;
  await noteTemplate(place, messageFile, source);
  if (process.env['GIT_EDITOR'] === ':' || source === 'message' || (await isHistoryBeingReplayed(place.repository)))
    return;
  const { comment, cleanup = '' } = messageRules(await readConfiguration(git, messageSettings));
  // Where comments are kept, or cannot be told from text, the preview would end up in the commit.
  if (['verbatim', 'whitespace', 'scissors'].includes(cleanup) || comment === 'auto') return;
  const message = await readMessage(messageFile);
  const { trailers } = await previewCommit(place, message);
  if (trailers.length > 0) await writeMessage(messageFile, withPreview(message, trailers, comment));
}
