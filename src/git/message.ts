import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
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

/** All of it or nothing: whoever kills us, git finds a whole message. */
export async function writeMessage(file: string, message: MessageBytes): Promise<void> {
  const beside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(beside, message, { encoding: 'latin1', flag: 'wx' });
    await chmod(beside, (await stat(file)).mode);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** What git will do with a message, and how it is to be read, by the repository's settings. */
export interface MessageRules {
  /** Begins a comment line, in the bytes of a message; `auto` where git chose a character for each message. */
  readonly comment: string;
  /** What `commit.cleanup` says; what the command line says no hook is told. */
  readonly cleanup: string | undefined;
  /** Whether text beyond ASCII may be added. */
  readonly isUnicode: boolean;
  /** `trailer.separators` and `trailer.NAME.key`: by these a paragraph of text and trailers counts as trailers. */
  readonly separators: string;
  readonly trailerKeys: readonly (readonly [setting: string, key: string])[];
}

/** The keys of git's configuration that `messageRules` needs, as a regular expression. */
export const messageSettings =
  '^(core\\.comment(char|string)|commit\\.cleanup|i18n\\.commitencoding|trailer\\.(separators|.*\\.key))$';

export function messageRules(configuration: readonly (readonly [key: string, value: string])[]): MessageRules {
  const last = (...keys: string[]): string | undefined => configuration.findLast(([key]) => keys.includes(key))?.[1];
  return {
    comment: encoded(last('core.commentchar', 'core.commentstring') ?? '#'),
    cleanup: last('commit.cleanup'),
    isUnicode: /^utf-?8$/i.test(last('i18n.commitencoding') ?? 'UTF-8'),
    separators: `:${(last('trailer.separators') ?? '').replaceAll(':', '')}`,
    trailerKeys: configuration.filter(([key]) => /^trailer\..*\.key$/.test(key)),
  };
}

/** Our own text in the bytes of a message. */
function encoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Stands in each line of the preview: `commit-msg` knows it and takes the lines out again. */
const previewMark = 'Countersign: ';

/** Puts the trailers as comment lines above git's own comments, for the person who writes the message. */
export function withPreview(message: MessageBytes, trailers: readonly Trailer[], comment: string): MessageBytes {
  const lines = message.split('\n');
  const firstComment = lines.findIndex((line) => line.startsWith(comment));
  if (firstComment < 0) return message;
  const preview = ['these lines will be added:', ...trailers.map((trailer) => `  ${formatTrailer(trailer)}`)];
  lines.splice(firstComment, 0, ...preview.map((line) => `${comment} ${previewMark}${encoded(line)}`));
  return lines.join('\n') as MessageBytes;
}

function withoutPreview(message: MessageBytes, { comment }: MessageRules): MessageBytes {
  const lines = message.split('\n');
  return lines.filter((line) => !line.startsWith(`${comment} ${previewMark}`)).join('\n') as MessageBytes;
}

/** The characters that git chooses from for a message's comments with `core.commentChar=auto`. */
const automatic = '#;@!$%^&|:';

/** The comment string of one message. With `auto`, git's own comments stand at the end, and show what it chose. */
function commentOf(message: MessageBytes, { comment }: MessageRules): string {
  if (comment !== 'auto') return comment;
  const last = message.split('\n').findLast((line) => line.trim() !== '')?.[0];
  return last !== undefined && automatic.includes(last) ? last : '#';
}

/** A message in two parts, which together are the whole. */
export interface MessageParts {
  /** What the commit will say. */
  readonly words: MessageBytes;
  /** What git cuts off: the comments at the end, the scissors line and all below. */
  readonly tail: MessageBytes;
  /** Begins a comment within the words; none where lines with a comment character are text. */
  readonly comment: string | undefined;
}

/**
 * @param edited whether the person had the message in an editor: without, lines that begin with the comment character are
 * text, unless git is told otherwise, and then it takes them out wherever they stand
 */
export function messageParts(message: MessageBytes, rules: MessageRules, edited: boolean): MessageParts {
  if (!edited) return { words: message, tail: '' as MessageBytes, comment: undefined };
  const comment = commentOf(message, rules);
  const shown = withoutPreview(message, { ...rules, comment });
  const lines = shown.split('\n');
  const scissors = lines.indexOf(`${comment} ------------------------ >8 ------------------------`);
  let end = scissors < 0 ? lines.length : scissors;
  const keeps = keepsComments(lines.slice(0, end), rules, comment);
  if (!keeps) while (end > 0 && isBlankOrComment(lines[end - 1] as string, comment)) end--;
  const join = (part: readonly string[]): MessageBytes => part.join('\n') as MessageBytes;
  const words = join(lines.slice(0, end));
  const isSplit = end > 0 && end < lines.length;
  return {
    words: (isSplit ? `${words}\n` : words) as MessageBytes,
    tail: join(lines.slice(end)),
    comment: keeps ? undefined : comment,
  };
}

/**
 * Whether git leaves comment lines in the message that a person edited. `--cleanup` on the command line no hook can see;
 * git's own words in the comments tell, where they are English.
 */
function keepsComments(lines: readonly string[], { cleanup }: MessageRules, comment: string): boolean {
  if (cleanup === 'verbatim' || cleanup === 'whitespace' || cleanup === 'scissors') return true;
  return lines.some((line) => line.startsWith(comment) && / will be kept; you may remove them/.test(line));
}

function isBlankOrComment(line: string, comment: string): boolean {
  return line.trim() === '' || line.startsWith(comment);
}

/**
 * A person's own lines of a message: no blank, comment or `Signed-off-by`. None of them, and git aborts the commit, as it
 * must still do: better no trailers than a commit of nothing else. So what looks like git's comments (`# `, not `#12`) is
 * left out without an editor too, for `--cleanup=strip` on the command line no hook can see.
 */
export function ownWords(message: MessageBytes, rules: MessageRules, edited: boolean): string[] {
  const comments = rules.comment === 'auto' ? [...automatic] : [rules.comment];
  const isText = !edited && rules.cleanup !== 'strip';
  const isComment = (line: string): boolean =>
    comments.some((comment) => line.startsWith(comment) && !(isText && /^\S/.test(line.slice(comment.length))));
  const lines = message.split('\n');
  const scissors = lines.findIndex((line) => isComment(line) && / -{24} >8 -{24}$/.test(line));
  return lines
    .slice(0, scissors < 0 ? undefined : scissors)
    .filter((line) => line.trim() !== '' && !isComment(line) && !/^Signed-off-by:/i.test(line));
}

/** Lines of the form of a trailer, wherever they stand: more than what git takes for trailers. */
export function trailerLines(words: MessageBytes): Trailer[] {
  return [...words.matchAll(/^([A-Za-z0-9-]+)[ \t]*:[ \t]*(.*)$/gm)].map(([, key = '', value = '']) => ({
    key,
    value: Buffer.from(value.trim(), 'latin1').toString('utf8'),
  }));
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
 * Adds trailers by git's own rules: one block. A line that is there is not doubled. A digest that is there stays beside
 * ours: another commit's record may know lines of this one. Git reads none of the person's settings for it, which could
 * rename our keys, move our lines or start programs; only `trailer.NAME.key`, for these tell what is a block.
 *
 * @param folder any folder that holds no git folder of the name `nowhere`
 */
export async function withTrailers(
  git: Git,
  folder: string,
  { words, tail, comment }: MessageParts,
  trailers: readonly Trailer[],
  rules: MessageRules,
): Promise<MessageBytes> {
  const replaced: ReadonlySet<string> = new Set(ownKeys.filter((key) => key !== 'Provenance'));
  const options = trailers.flatMap((trailer) => [
    '--where=end',
    replaced.has(trailer.key) ? '--if-exists=replace' : '--if-exists=addIfDifferent',
    '--if-missing=add',
    '--trailer',
    rules.isUnicode ? formatTrailer(trailer) : formatTrailer(trailer).replace(/[^\x20-\x7e]/gu, '?'),
  ]);
  const ours = new Set(trailers.map(({ key }) => key.toLowerCase()));
  const keys = rules.trailerKeys.filter(([, key]) => !ours.has(key.replace(/[: ]+$/, '').toLowerCase()));
  const settings = [
    ['core.commentChar', comment ?? unusedCommentChar(words)],
    ['trailer.separators', rules.separators],
    ...keys,
  ].flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const nowhere = path.join(folder, 'nowhere');
  const env = {
    ...{
      GIT_DIR: nowhere,
      GIT_CONFIG_GLOBAL: nowhere,
      GIT_CONFIG_NOSYSTEM: '1',
      HOME: nowhere,
      XDG_CONFIG_HOME: nowhere,
    },
    ...{ GIT_CONFIG_PARAMETERS: undefined, GIT_CONFIG_COUNT: undefined, GIT_CONFIG: undefined },
  };
  const input = Buffer.from(words, 'latin1');
  const output = await git.run([...settings, 'interpret-trailers', '--no-divider', ...options], { input, env });
  return `${output.toString('latin1')}${tail}` as MessageBytes;
}

/** A comment character that no line begins with: where comments are text, trailers go below them. */
function unusedCommentChar(message: MessageBytes): string {
  const starts = new Set(message.split('\n').map((line) => line[0]));
  return [...'#;|%@!^$&'].find((char) => !starts.has(char)) ?? '#';
}
