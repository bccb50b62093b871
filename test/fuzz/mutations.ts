import { splitLines } from './editorModel.ts';
import type { Tree } from './tree.ts';
import type { Writer } from './truth.ts';
import type { World } from './world.ts';

/**
 * One change to the files of a worktree, on disk, as a program of `writer`'s makes it. Gives its description.
 */
export function changeOnDisk(world: World, tree: Tree, writer: Writer): string {
  const { random } = world;
  const change = random.pick(changes);
  const file = world.path(tree);
  const text = tree.read(file) as string;
  return `${change.name} ${file} ${change(world, tree, file, text, writer)}`;
}

type Change = (world: World, tree: Tree, file: string, text: string, writer: Writer) => string;

const lineEndOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

const insert: Change = ({ random, truth }, tree, file, text, writer) => {
  const lines = splitLines(text);
  const at = random.below(lines.length + 1);
  const fresh = truth.lines(writer, 1 + random.below(5)).map((line) => line + lineEndOf(text));
  lines.splice(at, 0, ...fresh);
  tree.write(file, lines.join(''));
  return `:${at + 1} +${fresh.length}`;
};

const replace: Change = ({ random, truth }, tree, file, text, writer) => {
  const lines = splitLines(text);
  const at = random.below(lines.length + 1);
  const count = 1 + random.below(3);
  const fresh = truth.lines(writer, 1 + random.below(3)).map((line) => line + lineEndOf(text));
  lines.splice(at, count, ...fresh);
  tree.write(file, lines.join(''));
  return `:${at + 1} -${count} +${fresh.length}`;
};

const remove: Change = ({ random }, tree, file, text) => {
  const lines = splitLines(text);
  const at = random.below(lines.length + 1);
  const count = 1 + random.below(4);
  lines.splice(at, count);
  tree.write(file, lines.join(''));
  return `:${at + 1} -${count}`;
};

const editWord: Change = (world, tree, file, text, writer) => {
  const lines = splitLines(text);
  if (lines.length === 0) return 'nothing there';
  const at = world.random.below(lines.length);
  lines[at] = world.truth.editLine(lines[at] as string, writer, world.random);
  tree.write(file, lines.join(''));
  return `:${at + 1} ${lines[at]?.trim()}`;
};

/** Takes a block of three lines or more out; `undefined` where the file is too short. */
function takeBlock(world: World, tree: Tree, lines: string[]): string[] | undefined {
  const count = 3 + world.random.below(5);
  if (lines.length < count) return undefined;
  const block = lines.splice(world.random.below(lines.length - count + 1), count);
  world.moving(tree, block);
  return block;
}

const moveWithin: Change = (world, tree, file, text) => {
  const lines = splitLines(text);
  const block = takeBlock(world, tree, lines);
  if (!block) return 'too short';
  const at = world.random.below(lines.length + 1);
  lines.splice(at, 0, ...block);
  tree.write(file, lines.join(''));
  return `${block.length} lines from ${block[0]?.trim()} to :${at + 1}`;
};

const moveAway: Change = (world, tree, file, text) => {
  const lines = splitLines(text);
  const to = world.path(tree);
  const target = tree.read(to) as string;
  const block = to === file ? undefined : takeBlock(world, tree, lines);
  if (!block) return 'too short';
  const others = splitLines(target);
  const at = world.random.below(others.length + 1);
  others.splice(at, 0, ...block.map((line) => line.replace(/\r?\n$/, lineEndOf(target))));
  tree.write(file, lines.join(''));
  tree.write(to, others.join(''));
  return `${block.length} lines from ${block[0]?.trim()} to ${to}:${at + 1}`;
};

const indent: Change = ({ random }, tree, file, text) => {
  const lines = splitLines(text);
  const at = random.below(lines.length + 1);
  const count = random.below(8);
  const space = ' '.repeat(random.below(5));
  const indented = lines.map((line, i) => (i >= at && i < at + count ? space + line.trimStart() : line));
  tree.write(file, indented.join(''));
  return `:${at + 1}+${count}`;
};

const rename: Change = (world, tree, file, text) => {
  const to = world.freshPath();
  const lines = splitLines(text);
  world.moving(tree, lines);
  tree.write(file, undefined);
  tree.write(to, text);
  return `to ${to}`;
};

const renameAndChange: Change = (world, tree, file, text, writer) => {
  const to = world.freshPath();
  world.moving(tree, splitLines(text));
  tree.write(file, undefined);
  return `to ${to} ${insert(world, tree, to, text, writer)}`;
};

const changes: readonly Change[] = [
  insert,
  insert,
  insert,
  replace,
  replace,
  remove,
  editWord,
  editWord,
  moveWithin,
  moveAway,
  indent,
  rename,
  renameAndChange,
];
