import { readPending } from '../../src/change/pending.ts';
import type { TextChange } from '../../src/extension/capture/changeCause.ts';
import { EditorWindow } from '../../src/extension/capture/editorWindow.ts';
import { OpenDocument, splitLines } from './editorModel.ts';
import { changeOnDisk } from './mutations.ts';
import { gitWasThere, look, settle } from './settle.ts';
import { wordsOf } from './truth.ts';
import type { World } from './world.ts';

/** Does one thing and describes it; `undefined` where it cannot be done now. */
export type Operation = (world: World) => Promise<string | undefined> | string | undefined;

/** Where a line of a document starts (UTF-16), and the lines with their line breaks. */
function linesOf(document: OpenDocument): { lines: string[]; starts: number[] } {
  const lines = splitLines(document.text);
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) as number) + line.length);
  return { lines, starts };
}

/** An operation on one of the open documents. */
function inEditor(
  work: (world: World, document: OpenDocument) => Promise<string | undefined> | string | undefined,
): Operation {
  return async (world) => {
    if (world.documents.length === 0) return undefined;
    const document = world.random.pick(world.documents);
    document.newBurst();
    const done = await work(world, document);
    return done && `${document.tree.name}:${document.path} ${done}`;
  };
}

const open: Operation = async (world) => {
  const tree = world.tree();
  const path = world.path(tree);
  if (world.documents.length > 3 || world.documents.some((each) => each.tree === tree && each.path === path)) return;
  world.documents.push(await OpenDocument.open(tree, path, world.window));
  return `${tree.name}:${path}`;
};

/** Closing asks to save or to throw away. */
const close = inEditor(async (world, document) => {
  const saves = document.isDirty && world.random.next() < 0.5;
  if (saves) await document.save();
  world.documents = world.documents.filter((each) => each !== document);
  return saves ? 'saved' : 'as it is';
});

/** Types text at a place, a key an event or all of it in one. */
function typeText({ random }: World, document: OpenDocument, offset: number, deleted: number, text: string): void {
  if (text.length > 60 || random.next() < 0.7) {
    document.change([{ offset, deleted, text }], { cause: 'typed', evidence: 'observed' });
    return;
  }
  let first = deleted;
  for (const [i, key] of [...text].entries()) {
    document.change([{ offset: offset + i, deleted: first, text: key }], { cause: 'typed', evidence: 'observed' });
    first = 0;
  }
}

const typeLines = inEditor((world, document) => {
  const { lines, starts } = linesOf(document);
  const at = world.random.below(lines.length + 1);
  const replaced = world.random.next() < 0.25 ? Math.min(lines.length - at, 1 + world.random.below(2)) : 0;
  const fresh = world.truth.lines('human', 1 + world.random.below(3)).map((line) => line + document.lineEnd);
  const start = starts[at] as number;
  typeText(world, document, start, (starts[at + replaced] as number) - start, fresh.join(''));
  return `:${at + 1} -${replaced} +${fresh.length}`;
});

/** Changes a word of a line, at one place as an editor does. */
function editWord(world: World, document: OpenDocument, writer: 'human' | 'tool'): string | undefined {
  const { lines, starts } = linesOf(document);
  if (lines.length === 0) return undefined;
  const at = world.random.below(lines.length);
  const line = lines[at] as string;
  const edited = world.truth.editLine(line, writer, world.random);
  if (edited === line) return undefined;
  // A word is typed as a whole; what is only taken out is taken out to the character.
  const pieces = (text: string): string[] => (edited.length < line.length - 6 ? [...text] : text.split(/\b/));
  const [old, fresh] = [pieces(line), pieces(edited)];
  let prefix = 0;
  while (old[prefix] === fresh[prefix]) prefix++;
  let suffix = 0;
  while (suffix < Math.min(old.length, fresh.length) - prefix && old.at(-1 - suffix) === fresh.at(-1 - suffix))
    suffix++;
  const offset = (starts[at] as number) + old.slice(0, prefix).join('').length;
  const removed = old.slice(prefix, old.length - suffix).join('');
  const text = fresh.slice(prefix, fresh.length - suffix).join('');
  if (writer === 'tool')
    document.change([{ offset, deleted: removed.length, text }], { cause: 'tool', name: 'rename' });
  else if (text === '' && world.random.next() < 0.5) backspace(document, offset, removed.length);
  else typeText(world, document, offset, removed.length, text);
  return `:${at + 1} ${edited.trim()}`;
}

function backspace(document: OpenDocument, offset: number, count: number): void {
  for (let i = count - 1; i >= 0; i--) {
    document.change([{ offset: offset + i, deleted: 1, text: '' }], { cause: 'typed', evidence: 'observed' });
  }
}

const typeWord = inEditor((world, document) => editWord(world, document, 'human'));
const renameSymbol = inEditor((world, document) => editWord(world, document, 'tool'));

const deleteLines = inEditor((world, document) => {
  const { lines, starts } = linesOf(document);
  const at = world.random.below(lines.length + 1);
  const end = Math.min(lines.length, at + 1 + world.random.below(3));
  if (end <= at) return undefined;
  const offset = starts[at] as number;
  const deleted = (starts[end] as number) - offset;
  document.change([{ offset, deleted, text: '' }], { cause: 'typed', evidence: 'observed' });
  return `:${at + 1} -${end - at}`;
});

const undo = inEditor(({ random }, document) => {
  let steps = 0;
  for (let i = random.below(4); i >= 0 && document.canUndo; i--, steps++) document.undo();
  return steps > 0 ? `${steps} steps` : undefined;
});

const redo = inEditor(({ random }, document) => {
  let steps = 0;
  for (let i = random.below(3); i >= 0 && document.canRedo; i--, steps++) document.redo();
  return steps > 0 ? `${steps} steps` : undefined;
});

const cut = inEditor((world, document) => {
  const { lines, starts } = linesOf(document);
  if (lines.length === 0) return undefined;
  const at = world.random.below(lines.length);
  const end = Math.min(lines.length, at + 1 + world.random.below(5));
  const offset = starts[at] as number;
  const text = document.text.slice(offset, starts[end]);
  document.change([{ offset, deleted: text.length, text: '' }], { cause: 'cut' });
  world.clipboard = { text, tree: document.tree };
  return `:${at + 1} -${end - at}`;
});

const paste = inEditor((world, document) => {
  const { clipboard, random } = world;
  if (!clipboard) return undefined;
  const { lines, starts } = linesOf(document);
  const at = random.below(lines.length + 1);
  const text = clipboard.text.replace(/\r?\n/g, document.lineEnd);
  document.change([{ offset: starts[at] as number, deleted: 0, text }], { cause: 'pasted' });
  // What is forgotten there is not known here, either.
  world.truth.forgetToo(clipboard.tree.name, document.tree.name, wordsOf(text));
  return `:${at + 1}`;
});

const pasteForeign = inEditor((world, document) => {
  const { lines, starts } = linesOf(document);
  const at = world.random.below(lines.length + 1);
  const text = world.truth.lines('nobody', 1 + world.random.below(3)).map((line) => line + document.lineEnd);
  const cause = world.random.next() < 0.5 ? ({ cause: 'pasted' } as const) : ({ cause: 'unknown' } as const);
  document.change([{ offset: starts[at] as number, deleted: 0, text: text.join('') }], cause);
  return `:${at + 1} ${cause.cause}`;
});

const complete = inEditor((world, document) => {
  const { lines, starts } = linesOf(document);
  const at = world.random.below(lines.length + 1);
  const text = world.truth.lines('copilot', 1 + world.random.below(3)).map((line) => line + document.lineEnd);
  const cause = { cause: 'ai', tool: 'copilot', kind: 'tab_autocomplete' } as const;
  document.change([{ offset: starts[at] as number, deleted: 0, text: text.join('') }], cause);
  return `:${at + 1}`;
});

/** The formatter: new indentation in some lines, in one event. */
const format = inEditor((world, document) => {
  const { lines, starts } = linesOf(document);
  const at = world.random.below(lines.length + 1);
  const space = ' '.repeat(world.random.below(5));
  const changes = lines.flatMap((line, i): TextChange[] => {
    const old = line.length - line.trimStart().length;
    if (i < at || i > at + 6 || line.trim() === '' || old === space.length) return [];
    return [{ offset: starts[i] as number, deleted: old, text: space }];
  });
  if (changes.length === 0) return undefined;
  document.change(changes, { cause: 'tool', name: 'formatter' });
  return `:${at + 1} ${changes.length} lines`;
});

/** The formatter breaks a line at its parenthesis, or joins it again. */
const wrap = inEditor((world, document) => {
  const { lines, starts } = linesOf(document);
  const candidates = lines.flatMap((line, i) => (/\((\r?\n)?/.test(line) ? [i] : []));
  if (candidates.length === 0) return undefined;
  const at = world.random.pick(candidates);
  const line = lines[at] as string;
  const offset = (starts[at] as number) + line.indexOf('(') + 1;
  const isOpen = /\(\r?\n$/.test(line);
  const next = lines[at + 1] ?? '';
  const deleted = isOpen ? line.length - line.indexOf('(') - 1 + (next.length - next.trimStart().length) : 0;
  if (isOpen && next.trim() === '') return undefined;
  const text = isOpen ? '' : `${document.lineEnd}    `;
  document.change([{ offset, deleted, text }], { cause: 'tool', name: 'formatter' });
  return `:${at + 1} ${isOpen ? 'joined' : 'wrapped'}`;
});

/** Alt+Up: the editor takes the line above away and puts it in below. */
const moveLinesUp = inEditor(({ random }, document) => {
  const { lines, starts } = linesOf(document);
  if (lines.length < 3) return undefined;
  const at = 1 + random.below(lines.length - 1);
  const end = Math.min(lines.length, at + 1 + random.below(3));
  const above = lines[at - 1] as string;
  const changes = [
    { offset: starts[at - 1] as number, deleted: above.length, text: '' },
    { offset: starts[end] as number, deleted: 0, text: above },
  ];
  document.change(changes, { cause: 'tool', name: 'editor.action.moveLinesUpAction' });
  return `:${at + 1}-${end}`;
});

const pause = inEditor(async (_, document) => {
  await document.pause();
  return 'kept';
});

const save = inEditor(async (_, document) => {
  await document.save();
  document.tree.saw(document.path);
  return 'saved';
});

const revert = inEditor((_, document) => {
  if (!document.isDirty || document.tree.read(document.path) === undefined) return undefined;
  document.reload();
  return 'reverted';
});

/** Reload of the window: what was cut is on the clipboard still, but nobody remembers whose it was. */
const reloadWindow: Operation = async (world) => {
  world.window = new EditorWindow('window');
  for (const document of world.documents) await document.reopen(world.window);
  world.clipboard = undefined;
  return `${world.documents.length} documents`;
};

const agentStep: Operation = async (world) => {
  const agent = world.random.pick(world.agents);
  const steps = [await agent.step()];
  // Half of the time nobody comes in between.
  if (world.random.next() < 0.5) while (!agent.isResting) steps.push(await agent.step());
  return `${agent.tool} ${agent.session}: ${steps.join('; ')}`;
};

/** Looks, writes and reports, and nobody comes in between. */
const agentAlone: Operation = async (world) => {
  const agent = world.random.pick(world.agents);
  const steps = [await agent.step()];
  while (!agent.isResting) steps.push(await agent.step());
  return `${agent.tool} ${agent.session}: ${steps.join('; ')}`;
};

const nobody: Operation = (world) => {
  const tree = world.tree();
  return `${tree.name}:${changeOnDisk(world, tree, 'nobody')}`;
};

/** Somebody has just looked at all files. */
const nobodyAfterLook: Operation = async (world) => {
  const tree = world.tree();
  for (const path of tree.files()) await look(world, tree, path);
  return `${tree.name}:${changeOnDisk(world, tree, 'nobody')}`;
};

const lookAtFile: Operation = async (world) => {
  const tree = world.tree();
  const path = world.path(tree);
  await look(world, tree, path);
  return `${tree.name}:${path}`;
};

const lookAtAll: Operation = async (world) => {
  const tree = world.tree();
  await readPending(tree.place, { staged: false });
  return tree.name;
};

/** Another editor, which vouches for what its person typed. */
const otherEditor: Operation = async (world) => {
  const tree = world.tree();
  const path = world.path(tree);
  await look(world, tree, path);
  const text = tree.read(path) as string;
  const lines = splitLines(text);
  const at = world.random.below(lines.length + 1);
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  lines.splice(at, 0, ...world.truth.lines('human', 1 + world.random.below(3)).map((line) => line + lineEnd));
  tree.write(path, lines.join(''));
  await world.report({ event: 'human-edit', files: [tree.file(path)] });
  tree.saw(path);
  return `${tree.name}:${path}:${at + 1}`;
};

const moveFewLines: Operation = (world) => {
  const tree = world.tree();
  const [from, to] = [world.path(tree), world.path(tree)];
  const lines = splitLines(tree.read(from) as string);
  if (from === to || lines.length === 0) return undefined;
  const block = lines.splice(world.random.below(lines.length), 1 + world.random.below(2));
  world.forget(tree, block.join(''), 'few-lines-moved');
  const target = tree.read(to) as string;
  const moved = block.map((line) => line.replace(/\r?\n$/, target.includes('\r\n') ? '\r\n' : '\n'));
  tree.write(from, lines.join(''));
  tree.write(to, moved.join('') + target);
  return `${tree.name}:${from} to ${to}, ${block.length} lines`;
};

const removeFile: Operation = (world) => {
  const tree = world.tree();
  const path = world.path(tree);
  if (tree.files().length < 4) return undefined;
  const text = tree.read(path) as string;
  if (!tree.hasSeen(path)) world.forget(tree, text, 'never-looked-at');
  world.deleted.push({ tree, path, text });
  tree.write(path, undefined);
  return `${tree.name}:${path}`;
};

const recreateFile: Operation = (world) => {
  const at = world.random.below(world.deleted.length);
  const gone = world.deleted[at];
  if (!gone || gone.tree.read(gone.path) !== undefined) return undefined;
  world.deleted.splice(at, 1);
  gone.tree.write(gone.path, gone.text);
  gone.tree.cameBack(gone.path);
  return `${gone.tree.name}:${gone.path}`;
};

const copyToOtherWorktree: Operation = (world) => {
  const [from, to] = world.random.next() < 0.5 ? world.trees : world.trees.toReversed();
  if (!from || !to) return undefined;
  const path = world.path(from);
  const text = from.read(path) as string;
  const target = to.read(path);
  if (target !== undefined) world.forget(to, target, 'other-worktree');
  world.forget(to, text, 'other-worktree');
  to.write(path, text);
  return `${from.name}:${path} to ${to.name}`;
};

const stash: Operation = async (world) => {
  const tree = world.tree();
  await settle(world, tree);
  const before = (await world.git(tree.dir, 'stash', 'list')).split('\n').length;
  await world.git(tree.dir, 'stash', 'push', '--quiet', '--include-untracked');
  if ((await world.git(tree.dir, 'stash', 'list')).split('\n').length > before) world.pushStash(tree);
  tree.broughtByGit();
  return tree.name;
};

const unstash: Operation = async (world) => {
  const tree = world.popStash();
  if (!tree) return undefined;
  await settle(world, tree);
  // The stash comes back onto a clean tree, so that nothing conflicts; what was changed since is thrown away.
  await world.git(tree.dir, 'reset', '--quiet', '--hard');
  await world.git(tree.dir, 'clean', '-qfd');
  const isElsewhere = (await world.git(tree.dir, 'diff', '--name-only', 'HEAD', 'stash@{0}^1')) !== '';
  try {
    await world.git(tree.dir, 'stash', 'pop', '--quiet');
    if (isElsewhere) world.forgetPending(tree, 'merged-stash');
  } catch {
    await world.git(tree.dir, 'reset', '--quiet', '--hard');
    await world.git(tree.dir, 'clean', '-qfd');
    await world.git(tree.dir, 'stash', 'drop', '--quiet');
  }
  tree.broughtByGit();
  return tree.name;
};

const commit: Operation = async (world) => {
  const tree = world.tree();
  await settle(world, tree);
  await world.git(tree.dir, 'add', '--all');
  await world.git(tree.dir, 'commit', '--quiet', '--allow-empty', '--message=Change');
  await gitWasThere(world, tree);
  return tree.name;
};

/** Commits what is there and goes to the other branch. */
const switchBranch: Operation = async (world) => {
  const [tree] = world.trees;
  if (!tree) return undefined;
  await commit(world);
  await settle(world, tree);
  await world.git(tree.dir, 'add', '--all');
  await world.git(tree.dir, 'commit', '--quiet', '--allow-empty', '--message=Before the switch');
  const current = (await world.git(tree.dir, 'branch', '--show-current')).trim();
  const target = current === 'main' ? 'side' : 'main';
  await world.git(tree.dir, 'switch', '--quiet', target);
  await gitWasThere(world, tree);
  return target;
};

const gitMove: Operation = async (world) => {
  const tree = world.tree();
  const path = world.path(tree);
  const to = world.freshPath();
  const text = tree.read(path) as string;
  world.moving(tree, splitLines(text));
  tree.write(path, undefined);
  tree.write(to, text);
  await world.git(tree.dir, 'add', '--all');
  return `${tree.name}:${path} to ${to}`;
};

export const operations = {
  open,
  close,
  typeLines,
  typeWord,
  deleteLines,
  undo,
  redo,
  cut,
  paste,
  pasteForeign,
  complete,
  format,
  wrap,
  renameSymbol,
  moveLinesUp,
  pause,
  save,
  revert,
  reloadWindow,
  nobody,
  lookAtFile,
  lookAtAll,
  otherEditor,
  moveFewLines,
  removeFile,
  recreateFile,
  copyToOtherWorktree,
  stash,
  unstash,
  commit,
  switchBranch,
  gitMove,
  agentStep,
  agentAlone,
  nobodyAfterLook,
} satisfies Record<string, Operation>;
