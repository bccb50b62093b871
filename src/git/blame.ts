import { rangesOf } from './diff.ts';
import type { Git } from './git.ts';

/** Where a line comes from. */
export interface BlamedLine {
  /** 1-based, in the file that was asked for. */
  readonly line: number;
  /** `null` for a line that is not committed. */
  readonly commit: string | null;
  /** Path in that commit. */
  readonly path: string;
  /** 1-based, in that commit's file. */
  readonly originalLine: number;
}

/** First and last line, 1-based, inclusive. */
export interface LineSpan {
  readonly start: number;
  readonly end: number;
}

/** How far `git blame` looks: the options of the same names. */
export interface BlameOptions {
  /** `-w`: white space does not make a line another one. */
  readonly ignoreSpace?: boolean;
  /** `-M`: lines that were moved within a file are followed. */
  readonly moves?: boolean;
  /** `-C`, up to three times: lines are followed into other files, ever further afield. */
  readonly copies?: number;
}

export interface BlameRequest extends BlameOptions {
  /** From the top, with `/`. */
  readonly path: string;
  /** Without it the work tree. */
  readonly revision?: string;
  /** Without it all lines. As git takes it after `-L`, or spans of lines. */
  readonly lines?: readonly (LineSpan | string)[];
}

/** More spans than that do not fit into every system's command line. */
const maxSpans = 200;

/** The spans that cover these lines (1-based, ascending), and, where they would be too many, the lines between. */
export function spansOf(numbers: readonly number[]): LineSpan[] {
  const spans = rangesOf(numbers).map(({ start, count }): LineSpan => ({ start: start + 1, end: start + count }));
  const [first, last] = [spans[0], spans.at(-1)];
  return first && last && spans.length > maxSpans ? [{ start: first.start, end: last.end }] : spans;
}

/** `git blame` of a file; an entry a line, in the order of the file. */
export async function readBlame(git: Git, request: BlameRequest): Promise<BlamedLine[]> {
  const { path, revision, lines = [], ignoreSpace = false, moves = false, copies = 0 } = request;
  const output = await git.run([
    ...['-c', 'blame.ignoreRevsFile=', '-c', 'blame.coloring=none', '-c', 'blame.showRoot=true'],
    ...['blame', '--porcelain'],
    ...lines.flatMap((range) => ['-L', typeof range === 'string' ? range : `${range.start},${range.end}`]),
    ...(ignoreSpace ? ['-w'] : []),
    ...(moves ? ['-M'] : []),
    ...Array<string>(copies).fill('-C'),
    ...(revision === undefined ? [] : [revision]),
    ...['--', path],
  ]);
  return parseBlame(output);
}

/** Parses `--porcelain` output: a header, on the first line of a commit its fields, then the line behind a tab. */
export function parseBlame(output: Buffer): BlamedLine[] {
  const lines: BlamedLine[] = [];
  /** The path of a commit is told again only where it is another one. */
  const paths = new Map<string, string>();
  let header: { id: string; line: number; originalLine: number } | undefined;
  for (let start = 0; start < output.length; ) {
    const found = output.indexOf(0x0a, start);
    const end = found < 0 ? output.length : found;
    if (output[start] === 0x09) {
      if (header) {
        const { id, ...place } = header;
        lines.push({ ...place, commit: /^0+$/.test(id) ? null : id, path: paths.get(id) ?? '' });
      }
      header = undefined;
    } else if (!header) {
      const [id = '', original, final] = output.toString('latin1', start, end).split(' ');
      header = { id, originalLine: Number(original), line: Number(final) };
    } else if (output[start] === 0x66 /* f */ && output.toString('latin1', start, start + 9) === 'filename ') {
      paths.set(header.id, unquote(output.toString('utf8', start + 9, end)));
    }
    start = end + 1;
  }
  return lines;
}

/** Git quotes a path with control characters, quotes or backslashes as a C string. */
function unquote(path: string): string {
  if (!path.startsWith('"')) return path;
  const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
  return path
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    );
}
