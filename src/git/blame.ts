import type { Git } from './git.ts';

/** Where a line comes from. */
export interface BlamedLine {
  /** `null` for a line that is not committed. */
  readonly commit: string | null;
  /** Path in that commit. */
  readonly path: string;
  /** 1-based, in that commit's file. */
  readonly originalLine: number;
}

/** `git blame` of a file at a revision, or of the work tree; an entry a line of the file, or for one `line` (1-based). */
export async function readBlame(
  git: Git,
  path: string,
  revision: string | undefined,
  line?: number,
): Promise<BlamedLine[]> {
  const output = await git.run([
    ...['-c', 'blame.ignoreRevsFile=', '-c', 'blame.coloring=none', '-c', 'blame.showRoot=true'],
    ...['blame', '--line-porcelain', ...(line === undefined ? [] : [`-L${line},${line}`])],
    ...[...(revision === undefined ? [] : [revision]), '--', path],
  ]);
  return parseBlame(output.toString('latin1'));
}

/** Parses `--line-porcelain` output: a header, its fields, then the line behind a tab. */
export function parseBlame(output: string): BlamedLine[] {
  const lines: BlamedLine[] = [];
  let header: { commit: string; originalLine: number } | undefined;
  let path = '';
  for (const line of output.split('\n')) {
    if (line.startsWith('\t')) {
      if (header) lines.push({ ...header, commit: /^0+$/.test(header.commit) ? null : header.commit, path });
      header = undefined;
    } else if (!header) {
      const match = /^([0-9a-f]{40,64}) (\d+) \d+/.exec(line);
      if (match) header = { commit: match[1] as string, originalLine: Number(match[2]) };
    } else if (line.startsWith('filename ')) {
      path = unquote(Buffer.from(line.slice('filename '.length), 'latin1').toString('utf8'));
    }
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
