import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileChange } from '../core/change.ts';
import { type SealedRecord, sealRecord } from '../core/record.ts';
import { assessRisk, type Risk } from '../core/risk.ts';
import { assistantName, type Trailer, trailersOf } from '../core/trailers.ts';
import { type CommitFacts, readCommits } from '../git/commits.ts';
import type { Git } from '../git/git.ts';
import {
  addTrailers,
  isEmptyMessage,
  readMessage,
  withoutPreview,
  withoutTrailers,
  writeMessage,
} from '../git/message.ts';
import { isHistoryBeingReplayed } from '../git/operation.ts';
import { readRecords, writeRecord } from '../git/records.ts';
import { headCommit } from '../git/workTree.ts';
import { version } from '../version.ts';
import { fillFromHistory, type HistorySources, hasUnknown, sourcesOf } from './history.ts';
import { readTreeChange } from './pending.ts';
import type { Place } from './place.ts';
import { prepare } from './prepared.ts';
import { willBeSettled } from './settle.ts';

/** What a commit carries. */
export interface CommitPreview {
  readonly files: readonly FileChange[];
  readonly risk: Risk;
  /** None where nothing is known of any line. */
  readonly sealed: SealedRecord | undefined;
  readonly trailers: readonly Trailer[];
}

/**
 * The record and trailers of a tree with these parents.
 *
 * @param sources asked for where the pending state does not know all lines
 */
export async function previewTree(
  place: Place,
  parents: readonly string[],
  tree: string,
  sources: () => Promise<HistorySources>,
): Promise<CommitPreview> {
  const pending = await readTreeChange(place, parents, tree);
  const files = hasUnknown(pending) ? await fillFromHistory(place.repository.git, pending, await sources()) : pending;
  return previewFiles(files);
}

/** The record and trailers of a change. */
export function previewFiles(files: readonly FileChange[]): CommitPreview {
  const risk = assessRisk(files);
  const sealed = sealRecord(files, { risk, time: new Date().toISOString(), program: `countersign/${version}` });
  return { files, risk, sealed, trailers: sealed ? trailersOf(files, sealed, risk) : [] };
}

/** What the commit under way will be: its parents, and the commit that it replaces if it is an amend. */
interface Origin {
  readonly parents: readonly string[];
  readonly amended?: CommitFacts;
}

/** What the commit under way will carry: the tree that git is about to write, under the index of the calling hook. */
export async function previewCommit(
  place: Place,
  message: string,
): Promise<CommitPreview & { readonly tree: string; readonly origin: Origin }> {
  const tree = await place.repository.git.text(['write-tree']);
  const origin = await originOf(place, message);
  const sources = (): Promise<HistorySources> =>
    sourcesOf(place, message, origin.amended ? [...origin.amended.claimed, ...origin.amended.noted] : []);
  return { ...(await previewTree(place, origin.parents, tree, sources)), tree, origin };
}

/**
 * Git does not tell a hook that a commit is an amend; HEAD's digest in the message shows it, or HEAD's author and author
 * date in the environment when that date is past. Where this is wrong, `afterCommit` notes the right record.
 */
async function originOf({ repository }: Place, message: string): Promise<Origin> {
  const { git } = repository;
  const head = await headCommit(repository);
  if (head === null) return { parents: [] };
  const merged = await readFile(path.join(repository.gitDir, 'MERGE_HEAD'), 'utf8').catch(() => '');
  if (merged !== '') return { parents: [head, ...merged.split('\n').filter((line) => line !== '')] };
  const [facts] = await readCommits(git, [head]);
  const sharesDigest = facts?.claimed.some((digest) => message.includes(digest)) ?? false;
  const amends = sharesDigest || (await sharesAuthorDate(repository, head));
  return amends && facts ? { parents: facts.parents, amended: facts } : { parents: [head] };
}

/**
 * An amend keeps HEAD's author and date; a new commit within the same second would too, so the date must be past. In a
 * rebase git itself amends HEAD, to give it other words.
 */
async function sharesAuthorDate({ git, gitDir }: Place['repository'], head: string): Promise<boolean> {
  const { GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL, GIT_AUTHOR_DATE } = process.env;
  if (GIT_AUTHOR_DATE === undefined) return false;
  const format = '--format=%an%x00%ae%x00%ad';
  const answer = await git.text(['log', '-1', '--no-show-signature', format, '--date=raw', head]);
  const [name, email, date] = answer.split('\0');
  const seconds = Number(date?.split(' ')[0]);
  const same = GIT_AUTHOR_NAME === name && GIT_AUTHOR_EMAIL === email && GIT_AUTHOR_DATE.replace(/^@/, '') === date;
  return same && (Date.now() / 1000 - seconds > 2 || (await isHistoryBeingReplayed(gitDir)));
}

/**
 * `commit-msg`: stores the record and writes the trailers into the message file. A message without words of a person's
 * gets none, so that git still aborts the commit.
 */
export async function recordCommit(place: Place, messageFile: string): Promise<void> {
  const { git } = place.repository;
  const edited = process.env['GIT_EDITOR'] !== ':';
  const original = await readMessage(messageFile);
  let message = withoutPreview(original);
  if (!(await isEmptyMessage(git, message, edited))) {
    const { tree, files, sealed, trailers, origin } = await previewCommit(place, message);
    if (origin.amended) message = withoutTrailers(message, await assistantsOf(git, origin.amended));
    if (sealed) await writeRecord(git, sealed.digest, sealed.bytes);
    const paths = files.map((file) => file.path);
    const prepared = { tree, parents: [...origin.parents], digest: sealed?.digest ?? null, paths };
    prepare(place, prepared, willBeSettled(place, paths));
    if (message !== original) await writeMessage(messageFile, message);
    if (sealed) await addTrailers(git, messageFile, trailers, edited);
  } else if (message !== original) {
    await writeMessage(messageFile, message);
  }
}

/** The `Assisted-by` trailers that we wrote into a commit, by its records: an amend recomputes them. */
async function assistantsOf(git: Git, { claimed }: CommitFacts): Promise<Trailer[]> {
  const records = [...(await readRecords(git, claimed)).values()];
  const authors = records.flatMap((found) => (typeof found === 'string' ? [] : found.authors));
  return authors.map(({ tool, model }) => ({ key: 'Assisted-by', value: assistantName(tool, model) }));
}
