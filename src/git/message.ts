import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatTrailer, ownKeys, type Trailer } from '../core/trailers.ts';
import type { Git } from './git.ts';

/**
 * A commit message as it is written, one character a byte: whatever encoding the person chose (`i18n.commitEncoding`),
 * its bytes stay. What is looked for in it is ASCII.
 */
export type MessageBytes = string & { readonly bytes: unique symbol };

export async function readMessage(file: string): Promise<MessageBytes> {
  return (await readFile(file, 'latin1')) as MessageBytes;
}

export async function writeMessage(file: string, message: MessageBytes): Promise<void> {
  await writeFile(file, message, 'latin1');
}

/** Our own text in the bytes of a message. */
function encoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Stands in each line of the preview: `commit-msg` knows it and takes the lines out again. */
const previewMark = 'Countersign: ';

/** Puts the trailers as comment lines above git's own comments, for the person who writes the message. */
export function withPreview(message: MessageBytes, trailers: readonly Trailer[], commentChar: string): MessageBytes {
  const lines = message.split('\n');
  const firstComment = lines.findIndex((line) => line.startsWith(commentChar));
  if (firstComment < 0) return message;
  const preview = ['these lines will be added:', ...trailers.map((trailer) => `  ${formatTrailer(trailer)}`)];
  lines.splice(firstComment, 0, ...preview.map((line) => encoded(`${commentChar} ${previewMark}${line}`)));
  return lines.join('\n') as MessageBytes;
}

export function withoutPreview(message: MessageBytes): MessageBytes {
  const isPreview = new RegExp(`^\\S+ ${previewMark}`);
  return message
    .split('\n')
    .filter((line) => !isPreview.test(line))
    .join('\n') as MessageBytes;
}

/** Nothing but blanks, comments and `Signed-off-by`: git would abort the commit, and must still do so. */
export async function isEmptyMessage(git: Git, message: MessageBytes, edited: boolean): Promise<boolean> {
  const scissors = message.search(/^\S+ -+ >8 -+$/m);
  const body = edited && scissors >= 0 ? message.slice(0, scissors) : message;
  const args = edited ? ['stripspace', '--strip-comments'] : ['stripspace'];
  const text = await git.text(args, { input: Buffer.from(body, 'latin1') });
  return text.split('\n').every((line) => line.trim() === '' || /^Signed-off-by:/i.test(line));
}

/** The message without our trailers in its last block, and without these lines of it; everybody else's stay. */
export function withoutTrailers(message: MessageBytes, others: readonly Trailer[]): MessageBytes {
  const own = new RegExp(`^(${ownKeys.join('|')}): `);
  const gone = new Set(others.map((trailer) => encoded(formatTrailer(trailer))));
  const lines = message.split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('Provenance: '));
  const start = lines.slice(0, Math.max(0, last)).findLastIndex((line) => line.trim() === '') + 1;
  if (last < 0) return message;
  return lines.filter((line, i) => i < start || !(own.test(line) || gone.has(line))).join('\n') as MessageBytes;
}

/**
 * Adds trailers by git's own rules: one block, comments and scissors stay below it. A line that is there is not doubled.
 * A digest that is there stays beside ours: another commit's record may know lines of this one.
 */
export async function addTrailers(
  git: Git,
  file: string,
  trailers: readonly Trailer[],
  edited: boolean,
): Promise<void> {
  const message = await readMessage(file);
  const commentChar = edited ? [] : ['-c', `core.commentChar=${unusedCommentChar(message)}`];
  const args = trailers.flatMap((trailer) => [
    '--where=end',
    trailer.key === 'Assisted-by' || trailer.key === 'Provenance'
      ? '--if-exists=addIfDifferent'
      : '--if-exists=replace',
    '--if-missing=add',
    '--trailer',
    formatTrailer(trailer),
  ]);
  const target = path.resolve(git.folder, file);
  await git.run([
    '-c',
    'trailer.separators=:',
    ...commentChar,
    'interpret-trailers',
    '--in-place',
    '--no-divider',
    ...args,
    target,
  ]);
}

/** A comment character that no line begins with: without an editor, lines with `#` are text and trailers go below them. */
function unusedCommentChar(message: MessageBytes): string {
  const starts = new Set(message.split('\n').map((line) => line[0]));
  return [...'#;|%@!^$&'].find((char) => !starts.has(char)) ?? '#';
}
