import { Random } from '../fuzz/random.ts';
import type { Project } from './project.ts';

/** How a made history comes about. */
export interface MadeHistoryOptions {
  readonly seed: number;
  readonly commits: number;
  readonly branches?: number;
}

/** Bytes by path. */
type Tree = ReadonlyMap<string, Buffer>;

const people = ['Ann', 'Bob', 'Änne Öz', 'Ann', 'root'];
const messages = [
  'Add a thing',
  'fix: mend it',
  'Correct the bug',
  'Words\n\nFixes #12',
  'docs: fix a typo',
  'Merge things',
];
const ordinary = ['a.ts', 'src/b.ts', 'src/deep/c.py', 'docs/d e.md', 'src/ü.ts', 'f'];
const peculiar = ['package-lock.json', 'src/__snapshots__/x.snap', 'src/Cargo.lock', 'logo.png'];

/**
 * Commits on branches that part and meet again: edits, renames with and without edits, deletions and re-creations, binary and
 * lock files, merges that take anything from either side, commits that do nothing, clocks that go wrong.
 *
 * @returns the ids of all commits, parents first
 */
export async function makeHistory(
  project: Project,
  { seed, commits, branches = 3 }: MadeHistoryOptions,
): Promise<string[]> {
  const random = new Random(seed);
  const made: { parents: readonly number[]; tree: Tree }[] = [];
  const heads: number[] = [];
  const stream: string[] = [];
  let time = 1_600_000_000;
  for (let i = 0; i < commits; i++) {
    const branch = random.below(branches);
    const head = heads[branch] ?? heads[0];
    const other = heads[random.below(branches)];
    const isMerge = head !== undefined && other !== undefined && other !== head && random.below(5) === 0;
    const parents = head === undefined ? [] : isMerge ? [head, other] : [head];
    const base = made[parents[0] ?? -1]?.tree ?? new Map<string, Buffer>();
    const tree = isMerge ? mergeTrees(random, base, made[other]?.tree as Tree) : changeTree(random, base);
    time += random.below(10) === 0 ? -random.below(100_000) : random.below(200_000);
    stream.push(
      commitText({ number: i, parents, tree, time, name: random.pick(people), message: random.pick(messages) }),
    );
    made.push({ parents, tree });
    heads[branch] = i;
  }
  const marks = `${project.root}/marks`;
  await project.gitWith({ input: stream.join('') }, 'fast-import', '--quiet', '--force', `--export-marks=${marks}`);
  const ids = (await project.run('sort', ['-t:', '-k2', '-n', marks])).stdout.trim().split('\n');
  return ids.map((line) => line.split(' ')[1] as string);
}

function commitText(commit: {
  number: number;
  parents: readonly number[];
  tree: Tree;
  time: number;
  name: string;
  message: string;
}): string {
  const { number, parents, tree, time, name, message } = commit;
  const [first, ...merged] = parents;
  const files = [...tree].map(([path, bytes]) => `M 100644 inline "${path}"\n${data(bytes.toString('utf8'))}`);
  return [
    `commit refs/heads/made-${number}\nmark :${number + 1}\n`,
    `author ${name} <x@example.com> 0 +0000\ncommitter C <c@example.com> ${time} +0000\n${data(message)}`,
    ...(first === undefined ? [] : [`from :${first + 1}\n`]),
    ...merged.map((parent) => `merge :${parent + 1}\n`),
    'deleteall\n',
    ...files,
    '\n',
  ].join('');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function changeTree(random: Random, base: Tree): Tree {
  const tree = new Map(base);
  for (let edits = random.below(4); edits >= 0; edits--) {
    const paths = [...tree.keys()];
    const kind = random.below(10);
    if (paths.length === 0 || kind === 0) {
      const path = random.pick([...ordinary, ...peculiar]);
      tree.set(path, path.endsWith('.png') || random.below(12) === 0 ? binary(random) : text(random, lines(random)));
    } else if (kind === 1) {
      tree.delete(random.pick(paths));
    } else if (kind <= 3) {
      const from = random.pick(paths);
      const to = random.below(2) === 0 ? random.pick([...ordinary, ...peculiar]) : `moved/${random.below(6)}.ts`;
      const bytes = tree.get(from) as Buffer;
      tree.delete(from);
      tree.set(to, random.below(2) === 0 ? bytes : edited(random, bytes));
    } else if (kind <= 8) {
      const path = random.pick(paths);
      tree.set(path, edited(random, tree.get(path) as Buffer));
    }
  }
  return tree;
}

/** Takes each file from either side, or none, or makes a new one: a merge may hold anything. */
function mergeTrees(random: Random, ours: Tree, theirs: Tree): Tree {
  const tree = new Map<string, Buffer>();
  for (const path of new Set([...ours.keys(), ...theirs.keys()])) {
    const bytes = random.pick([ours, theirs]).get(path);
    if (bytes) tree.set(path, random.below(8) === 0 ? edited(random, bytes) : bytes);
  }
  return tree;
}

function lines(random: Random): string[] {
  return Array.from({ length: random.below(30) }, () => `line ${random.below(200)}`);
}

function text(random: Random, all: readonly string[]): Buffer {
  return Buffer.from(all.join('\n') + (all.length > 0 && random.below(4) > 0 ? '\n' : ''));
}

function binary(random: Random): Buffer {
  return Buffer.from(`\0${random.below(1_000)}`);
}

function edited(random: Random, bytes: Buffer): Buffer {
  if (bytes.includes(0)) return random.below(3) === 0 ? text(random, lines(random)) : binary(random);
  const all = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  for (let edits = random.below(3); edits >= 0; edits--) {
    const at = random.below(all.length + 1);
    if (random.below(2) === 0) all.splice(at, random.below(4));
    else all.splice(at, 0, ...lines(random).slice(0, 4));
  }
  return text(random, all);
}
