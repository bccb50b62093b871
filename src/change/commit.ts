import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileChange } from '../core/change.ts';
import { isRecordOf, type SealedRecord, sealRecord } from '../core/record.ts';
import { assessRisk, type Risk } from '../core/risk.ts';
import { assistantName, formatTrailer, ownKeys, type Trailer, trailersOf } from '../core/trailers.ts';
import { noteRecord, readCommits } from '../git/commits.ts';
import type { Git } from '../git/git.ts';
import { writeRecord } from '../git/records.ts';
import { headCommit } from '../git/workTree.ts';
import { version } from '../version.ts';
import { readTreeChange } from './pending.ts';
import type { Place } from './report.ts';
import { resolveCommits } from './resolve.ts';
import { textsAt } from './texts.ts';

/** What a commit of the index would carry. */
export interface CommitPreview {
  readonly files: readonly FileChange[];
  readonly risk: Risk;
  /** None where nothing is known of any line. */
  readonly sealed: SealedRecord | undefined;
  readonly trailers: readonly Trailer[];
}

/** The record and trailers of a tree with these parents. */
async function preview(place: Place, parents: readonly string[], tree: string): Promise<CommitPreview> {
  const files = await readTreeChange(place, parents, tree);
  const risk = assessRisk(files);
  const sealed = sealRecord(files, { risk, time: new Date().toISOString(), program: `countersign/${version}` });
  return { files, risk, sealed, trailers: sealed ? trailersOf(files, sealed, risk) : [] };
}

/** What the commit under way will carry: the tree that git is about to write, under the index of the calling hook. */
export async function previewCommit(place: Place, message: string): Promise<CommitPreview> {
  const { git } = place.repository;
  const tree = await git.text(['write-tree']);
  return preview(place, await parentsToBe(place, message), tree);
}

/**
 * The parents that the commit under way will have. Git does not tell a hook that a commit is an amend; HEAD's digest in
 * the message shows it, or HEAD's author and author date in the environment when that date is past. Where this is wrong,
 * `afterCommit` notes the right record.
 */
async function parentsToBe({ repository }: Place, message: string): Promise<string[]> {
  const { git } = repository;
  const head = await headCommit(repository);
  if (head === null) return [];
  const merged = await readFile(path.join(repository.gitDir, 'MERGE_HEAD'), 'utf8').catch(() => '');
  if (merged !== '') return [head, ...merged.split('\n').filter((line) => line !== '')];
  const [facts] = await readCommits(git, [head]);
  const sharesDigest = facts?.claimed.some((digest) => message.includes(digest)) ?? false;
  const amends = sharesDigest || (await sharesAuthorDate(git, head));
  return amends && facts ? [...facts.parents] : [head];
}

/** An amend keeps HEAD's author and date; a new commit within the same second would too, so the date must be past. */
async function sharesAuthorDate(git: Git, head: string): Promise<boolean> {
  const { GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL, GIT_AUTHOR_DATE } = process.env;
  if (GIT_AUTHOR_DATE === undefined) return false;
  const [name, email, date] = (
    await git.text(['log', '-1', '--no-show-signature', '--format=%an%x00%ae%x00%ad', '--date=raw', head])
  ).split('\0');
  const seconds = Number(date?.split(' ')[0]);
  const same = GIT_AUTHOR_NAME === name && GIT_AUTHOR_EMAIL === email && GIT_AUTHOR_DATE.replace(/^@/, '') === date;
  return same && Date.now() / 1000 - seconds > 2;
}

/** Line that stands before each line of the preview in the editor: `commit-msg` knows it and takes the lines out again. */
const previewMark = 'Countersign:';

/** Comment lines for the person who writes the message. */
export function previewComment(trailers: readonly Trailer[], commentChar: string): string {
  const lines = ['these lines will be added:', ...trailers.map((trailer) => `  ${formatTrailer(trailer)}`)];
  return lines.map((line) => `${commentChar} ${previewMark} ${line}\n`).join('');
}

/** Puts the preview above git's own comments, or at the end. */
export function withPreview(message: string, trailers: readonly Trailer[], commentChar: string): string {
  const lines = message.split('\n');
  const firstComment = lines.findIndex((line) => line.startsWith(commentChar));
  if (firstComment < 0) return message;
  lines.splice(firstComment, 0, previewComment(trailers, commentChar).trimEnd());
  return lines.join('\n');
}

function withoutPreview(message: string): string {
  return message
    .split('\n')
    .filter((line) => !/^\S+ Countersign: /.test(line))
    .join('\n');
}

/**
 * `commit-msg`: stores the record and writes the trailers into the message file. A message without words of a person's
 * gets none, so that git still aborts the commit.
 */
export async function recordCommit(place: Place, messageFile: string): Promise<CommitPreview | undefined> {
  const { git } = place.repository;
  const edited = process.env['GIT_EDITOR'] !== ':';
  const original = await readFile(messageFile, 'utf8');
  let message = withoutPreview(original);
  if (await isEmptyMessage(git, message, edited)) {
    if (message !== original) await writeFile(messageFile, message);
    return undefined;
  }
  const result = await previewCommit(place, message);
  message = await withoutOwnTrailers(git, message, result.trailers);
  if (message !== original) await writeFile(messageFile, message);
  if (!result.sealed) return result;
  await writeRecord(git, result.sealed.digest, result.sealed.bytes);
  await addTrailers(git, messageFile, result.trailers, edited ? undefined : unusedCommentChar(message));
  return result;
}

/** Nothing but blanks, comments and `Signed-off-by`: git would abort, and must still do so. */
async function isEmptyMessage(git: Git, message: string, edited: boolean): Promise<boolean> {
  const scissors = message.search(/^\S+ -+ >8 -+$/m);
  const body = edited && scissors >= 0 ? message.slice(0, scissors) : message;
  const args = edited ? ['stripspace', '--strip-comments'] : ['stripspace'];
  const text = await git.text(args, { input: body });
  return text.split('\n').every((line) => line.trim() === '' || /^Signed-off-by:/i.test(line));
}

/** An amended message has the trailers of the commit it replaces: ours go, everybody else's stay. */
async function withoutOwnTrailers(git: Git, message: string, next: readonly Trailer[]): Promise<string> {
  const claimed = /^Provenance: sha256:[0-9a-f]{64}$/m.test(message);
  if (!claimed) return message;
  const head = await git.ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  const [before] = head === undefined ? [] : await resolveCommits(git, [head]);
  const old = before?.records.flatMap(({ found }) => (typeof found === 'string' ? [] : found.authors)) ?? [];
  const names = new Set(
    old
      .map(({ tool, model }) => formatTrailer({ key: 'Assisted-by', value: assistantName(tool, model) }))
      .filter((line) => !next.map(formatTrailer).includes(line)),
  );
  const own = new RegExp(`^(${ownKeys.join('|')}): `);
  const lines = message.split('\n');
  const start = lastParagraph(lines);
  return lines.filter((line, i) => i < start || !(own.test(line) || names.has(line))).join('\n');
}

/** Index of the first line of the last paragraph that has a trailer of ours. */
function lastParagraph(lines: readonly string[]): number {
  const last = lines.findLastIndex((line) => line.startsWith('Provenance: '));
  const blank = lines.slice(0, last).findLastIndex((line) => line.trim() === '');
  return blank + 1;
}

/** A comment character that no line begins with: without an editor, lines with `#` are text and trailers go below them. */
function unusedCommentChar(message: string): string {
  const starts = new Set(message.split('\n').map((line) => line[0]));
  return [...'#;|%@!^$&'].find((char) => !starts.has(char)) ?? '#';
}

/** By git's own rules: one block, comments and scissors stay below it, an equal `Assisted-by` is not doubled. */
async function addTrailers(git: Git, file: string, trailers: readonly Trailer[], commentChar?: string): Promise<void> {
  const settings = ['-c', 'trailer.separators=:', ...(commentChar ? ['-c', `core.commentChar=${commentChar}`] : [])];
  const args = trailers.flatMap((trailer) => [
    '--where=end',
    trailer.key === 'Assisted-by' ? '--if-exists=addIfDifferent' : '--if-exists=replace',
    '--if-missing=add',
    '--trailer',
    formatTrailer(trailer),
  ]);
  await git.run([
    ...settings,
    'interpret-trailers',
    '--in-place',
    '--no-divider',
    ...args,
    path.resolve(git.folder, file),
  ]);
}

/**
 * `post-commit`: where the message does not name a record that fits (hooks bypassed, an amend taken for a new commit),
 * makes it and points to it by a note; then settles the pending state.
 */
export async function afterCommit(place: Place): Promise<void> {
  const { git } = place.repository;
  const head = await headCommit(place.repository);
  if (head === null) return;
  const [resolved] = await resolveCommits(git, [head]);
  if (!resolved) return;
  const isRight = resolved.records.some(({ found }) => typeof found !== 'string' && isRecordOf(found, resolved.files));
  if (!isRight) {
    const { sealed } = await preview(place, resolved.parents, head);
    if (sealed) {
      await writeRecord(git, sealed.digest, sealed.bytes);
      await noteRecord(git, head, sealed.digest);
    }
  }
  const texts = await textsAt(
    place.repository,
    head,
    resolved.files.map((file) => file.path),
  );
  for (const [file, text] of texts) await place.ledger.settle(file, text);
  await place.ledger.prune();
}
