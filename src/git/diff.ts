import { lineHash } from '../core/digest.ts';
import type { Git } from './git.ts';

/** Options that make a diff the same whatever the user configured; used for writing and reading records alike (DESIGN 3). */
export const diffOptions = [
  '-r',
  '--raw',
  '-p',
  '-z',
  '-U0',
  '-M50%',
  '-l1000',
  '--no-abbrev',
  '--full-index',
  '--diff-algorithm=histogram',
  '--indent-heuristic',
  '--inter-hunk-context=0',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--no-relative',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
  '--ignore-submodules=dirty',
] as const;

export interface DiffLine {
  /** 1-based, in the new file. */
  readonly number: number;
  /** Short hash of its text (`lineHash`). */
  readonly hash: string;
}

/** One file of a diff. */
export interface DiffFile {
  readonly path: string;
  /** What it was renamed or copied from. */
  readonly oldPath?: string;
  /** Object id before, all zeros where there was none. */
  readonly oldId: string;
  /** Object id after; all zeros where it is gone, or only in the work tree. */
  readonly newId: string;
  readonly newMode: string;
  readonly added: readonly DiffLine[];
  readonly deleted: number;
  /** Where the deleted lines were, in the old file. */
  readonly removed: readonly RemovedLines[];
  readonly binary: boolean;
}

/** Lines that follow each other. */
export interface RemovedLines {
  /** 1-based. */
  readonly first: number;
  readonly count: number;
}

/** The mode of a submodule: its "text" is a commit id, which nobody wrote. */
const submodule = '160000';

/** The change between two trees, or a tree and the index or work tree: `args` is the plumbing command with its operands. */
export async function readDiff(git: Git, command: string, operands: readonly string[]): Promise<DiffFile[]> {
  return parseDiff(await git.run([command, ...diffOptions, ...operands]));
}

/** Parses `--raw -p -z` output: the raw entries, an empty one, then one patch an entry in the same order. */
export function parseDiff(output: Buffer): DiffFile[] {
  const { entries, end } = parseRaw(output);
  const patches = parsePatches(output, end);
  let next = 0;
  return entries.map((entry) => {
    // Git splits a change of type (a file became a link) into two patches: the file taken out, the other put in.
    const own = entry.status === 'T' ? patches.slice(next, next + 2) : patches.slice(next, next + 1);
    next += entry.status === 'U' ? 0 : own.length;
    const isText = entry.newMode !== submodule;
    return {
      path: entry.path,
      ...(entry.oldPath !== undefined && { oldPath: entry.oldPath }),
      oldId: entry.oldId,
      newId: entry.newId,
      newMode: entry.newMode,
      added: isText ? own.flatMap((patch) => patch.added) : [],
      deleted: isText ? own.reduce((sum, patch) => sum + patch.deleted, 0) : 0,
      removed: isText ? own.flatMap((patch) => patch.removed) : [],
      binary: own.some((patch) => patch.binary),
    };
  });
}

interface RawEntry {
  readonly path: string;
  readonly oldPath?: string;
  readonly oldId: string;
  readonly newId: string;
  readonly newMode: string;
  readonly status: string;
}

function parseRaw(output: Buffer): { entries: RawEntry[]; end: number } {
  const entries: RawEntry[] = [];
  let position = 0;
  const field = (): string => {
    const end = output.indexOf(0, position);
    const text = output.toString('utf8', position, end < 0 ? output.length : end);
    position = end < 0 ? output.length : end + 1;
    return text;
  };
  while (output[position] === 0x3a) {
    const [, newMode = '', oldId = '', newId = '', status = ''] = field().split(' ');
    const first = field();
    const renamed = /^[RC]/.test(status);
    const entry = { oldId, newId, newMode, status: status[0] as string };
    entries.push(renamed ? { ...entry, oldPath: first, path: field() } : { ...entry, path: first });
  }
  if (output[position] === 0) position++;
  return { entries, end: position };
}

interface Patch {
  readonly added: DiffLine[];
  deleted: number;
  readonly removed: RemovedLines[];
  binary: boolean;
}

/** Walks the patches by the counts of their hunk headers, so that no line of content is taken for a header. */
function parsePatches(output: Buffer, start: number): Patch[] {
  const patches: Patch[] = [];
  let position = start;
  const nextLine = (): Buffer | undefined => {
    if (position >= output.length) return undefined;
    const end = output.indexOf(0x0a, position);
    const line = output.subarray(position, end < 0 ? output.length : end);
    position = end < 0 ? output.length : end + 1;
    return line;
  };
  for (let line = nextLine(); line; line = nextLine()) {
    if (startsWith(line, 'diff --git ')) {
      patches.push({ added: [], deleted: 0, removed: [], binary: false });
      continue;
    }
    const patch = patches.at(-1);
    if (!patch) continue;
    if (startsWith(line, 'Binary files ')) patch.binary = true;
    if (!startsWith(line, '@@ ')) continue;
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line.toString('latin1'));
    if (!header) continue;
    const [removed, added] = [Number(header[2] ?? 1), Number(header[4] ?? 1)];
    const firstNew = Number(header[3]);
    patch.deleted += removed;
    if (removed > 0) patch.removed.push({ first: Number(header[1]), count: removed });
    for (let i = 0; i < removed; i++) nextLine();
    if (removed > 0 && output[position] === 0x5c) nextLine(); // "\ No newline at end of file"
    for (let i = 0; i < added; i++) {
      const text = nextLine()?.subarray(1) ?? Buffer.alloc(0);
      patch.added.push({ number: firstNew + i, hash: lineHash(withoutReturn(text)) });
    }
  }
  return patches;
}

function startsWith(line: Buffer, prefix: string): boolean {
  return line.length >= prefix.length && line.toString('latin1', 0, prefix.length) === prefix;
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}

/** Groups line numbers that follow each other: 0-based start and count. */
export function rangesOf(numbers: Iterable<number>): { start: number; count: number }[] {
  const ranges: { start: number; count: number }[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && last.start + last.count === number - 1) last.count++;
    else ranges.push({ start: number - 1, count: 1 });
  }
  return ranges;
}
