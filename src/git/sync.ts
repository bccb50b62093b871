import { setTimeout as wait } from 'node:timers/promises';
import { advance, tipOf } from './advance.ts';
import { type Git, GitError } from './git.ts';
import { notesRef } from './notes.ts';
import { stillPromised } from './promised.ts';
import { recordsRef, rescuedRef } from './records.ts';
import { fetchRefspecs, remoteNames, requireRemote, trackingRefs } from './remotes.ts';
import { listTree } from './tree.ts';
import { type Union, uniteNotes, uniteRecords } from './union.ts';

/** How many came, and how many the remote did not have before. */
export interface Exchange {
  readonly received: number;
  readonly sent: number;
}

export interface SyncResult {
  readonly remote: string;
  readonly records: Exchange;
  readonly notes: Exchange;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface SyncOptions {
  /** Variables for the processes that talk to the remote. */
  readonly env?: Environment;
  /** Waits before another attempt, for other clones that are at it, too; ms. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Attempts to push, each after another look at a remote that somebody else moved meanwhile. */
const maxAttempts = 20;
/** Each waits for up to this much more than the one before it, in ms. */
const longerPause = 40;

/**
 * Fetches the records and notes of a remote, unites them with what is here, and pushes what the remote lacks. Never
 * forced: where the remote moved meanwhile, it is fetched and united again.
 *
 * @throws {GitError} in words for a person
 */
export async function sync(
  git: Git,
  remote: string,
  { env = {}, pause = wait }: SyncOptions = {},
): Promise<SyncResult> {
  await requireRemote(git, remote);
  for (const ref of [recordsRef, notesRef]) await requireReadable(git, ref);
  await restoreRescued(git);
  const received = { records: 0, notes: 0 };
  let refusal: Refusal | undefined;
  for (let attempt = 1; ; attempt++) {
    const before = await seenTips(git, remote);
    await fetch(git, remote, env);
    const moved = (await seenTips(git, remote)) !== before;
    if (refusal && (attempt === maxAttempts || !(moved || refusal.again))) throw refused(remote, refusal);
    const united = await unite(git, remote);
    received.records += united.records.received;
    received.notes += united.notes.received;
    refusal = await push(git, remote, env);
    if (refusal === undefined) {
      return {
        remote,
        records: { received: received.records, sent: united.records.lacking },
        notes: { received: received.notes, sent: united.notes.lacking },
      };
    }
    await pause(Math.random() * attempt * longerPause);
  }
}

/** What was last seen of a remote, as one string to compare. */
async function seenTips(git: Git, remote: string): Promise<string> {
  const { records, notes } = trackingRefs(remote);
  return await git.text(['for-each-ref', '--format=%(objectname)', records, notes]);
}

/**
 * `pre-push`: sends records and notes along, if the repository is set to (`countersign.sync`). The remote is not looked at
 * first, and not at all where it was seen to have everything; only where it refuses is it fetched.
 *
 * @param remote as git names it to the hook: for a URL that is no remote's nothing is done
 * @throws {GitError} where it did not work
 */
export async function syncBeforePush(git: Git, remote: string): Promise<void> {
  if ((await git.ask(['config', '--type=bool', '--get', 'countersign.sync'])) !== 'true') return;
  if (!(await remoteNames(git)).includes(remote)) return;
  const env = await withoutQuestions(git);
  await restoreRescued(git);
  const refusal = await push(git, remote, env);
  if (refusal === undefined) return;
  if (!refusal.again) throw refused(remote, refusal);
  await sync(git, remote, { env });
}

/** Git asks nobody for a password here; ssh would, on the terminal. Who set a command of their own for it keeps that. */
async function withoutQuestions(git: Git): Promise<Environment> {
  const { GIT_SSH, GIT_SSH_COMMAND } = process.env;
  const own = GIT_SSH ?? GIT_SSH_COMMAND ?? (await git.ask(['config', '--get', 'core.sshCommand']));
  return own === undefined ? { GIT_SSH_COMMAND: 'ssh -oBatchMode=yes' } : {};
}

function refused(remote: string, { ref, why }: Refusal): GitError {
  return new GitError('failed', `${remote} did not take ${ref} (${why}); nothing is lost here`);
}

async function fetch(git: Git, remote: string, env: Environment): Promise<void> {
  const options = ['--quiet', '--prune', '--no-filter', '--no-tags', '--no-write-fetch-head', '--no-auto-gc'];
  await git.run(['fetch', ...options, '--recurse-submodules=no', '--', remote, ...fetchRefspecs(remote)], { env });
}

async function unite(git: Git, remote: string): Promise<{ records: Union; notes: Union }> {
  const tracking = trackingRefs(remote);
  // Here already, unless an earlier `git fetch` of a partial clone left them at the server.
  await stillPromised(git, tracking.records);
  return {
    records: await takeIn(git, recordsRef, tracking.records, uniteRecords),
    notes: await takeIn(git, notesRef, tracking.notes, uniteNotes),
  };
}

async function takeIn(git: Git, ref: string, other: string, uniteWith: typeof uniteRecords): Promise<Union> {
  let result: Union = { step: { kind: 'stay' }, received: 0, lacking: 0 };
  const theirs = await tipOf(git, other);
  await advance(git, ref, async (mine) => {
    if (mine === undefined && theirs === undefined) return result.step;
    if (mine !== undefined && theirs !== undefined) result = await uniteWith(git, { mine, theirs });
    else if (theirs !== undefined) {
      result = { step: { kind: 'move', to: theirs }, received: (await listTree(git, theirs)).length, lacking: 0 };
    } else if (mine !== undefined) result = { ...result, lacking: (await listTree(git, mine)).length };
    return result.step;
  });
  return result;
}

/** A ref that is there and cannot be read must not be taken for one that is not there. */
async function requireReadable(git: Git, ref: string): Promise<void> {
  if ((await tipOf(git, ref)) !== undefined) return;
  try {
    // Git tells what a ref points to though that is missing; one that points nowhere it passes over with a warning.
    await git.run(['rev-parse', '--verify', ref]);
  } catch (error) {
    if (error instanceof GitError && !/\bbroken\b/.test(error.stderr)) return;
  }
  throw new GitError(
    'failed',
    `${ref} is damaged in ${git.folder}: remove it by "git update-ref -d ${ref}" (or delete its file) and sync again`,
  );
}

/** Takes back what could not be written to the records ref at its time. */
async function restoreRescued(git: Git): Promise<void> {
  const rescued = await tipOf(git, rescuedRef);
  if (rescued === undefined) return;
  await takeIn(git, recordsRef, rescuedRef, uniteRecords);
  // A record that was rescued since then moved the ref, which is then kept for the next time.
  await git.ask(['update-ref', '-d', rescuedRef, rescued]);
}

interface Refusal {
  readonly ref: string;
  readonly why: string;
  /** Whether it reads as if somebody else was faster, or is at it. */
  readonly again: boolean;
}

/** Pushes what the remote was not seen to have. */
async function push(git: Git, remote: string, env: Environment): Promise<Refusal | undefined> {
  const tracking = trackingRefs(remote);
  const news: { ref: string; seen: string; tip: string }[] = [];
  for (const { ref, seen } of [
    { ref: recordsRef, seen: tracking.records },
    { ref: notesRef, seen: tracking.notes },
  ]) {
    const tip = await tipOf(git, ref);
    if (tip !== undefined && tip !== (await tipOf(git, seen))) news.push({ ref, seen, tip });
  }
  if (news.length === 0) return undefined;
  // `--no-verify`: git calls us before a push.
  const options = [
    '--porcelain',
    '--quiet',
    '--no-verify',
    '--no-follow-tags',
    '--no-signed',
    '--recurse-submodules=no',
  ];
  const refspecs = news.map(({ ref, tip }) => `${tip}:${ref}`);
  const args = ['-c', `remote.${remote}.mirror=false`, 'push', ...options, '--', remote, ...refspecs];
  const output = (await git.run(args, { env, accept: [1] })).toString('utf8');
  const refusal = /^!\t[^:\t]*:(\S+)\t\[(.*?)\](?: \((.*)\))?$/m.exec(output);
  if (refusal) {
    const [, ref = '', kind = '', why = kind] = refusal;
    return { ref, why, again: kind === 'rejected' || /lock|failed to update|already exists|old value/.test(why) };
  }
  if (!/^Done$/m.test(output)) return { ref: recordsRef, why: 'git push failed', again: false };
  for (const { seen, tip } of news) await git.run(['update-ref', seen, tip]);
  return undefined;
}
