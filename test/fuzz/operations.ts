import { afterCommit } from '../../src/change/afterCommit.ts';
import { readPending } from '../../src/change/pending.ts';
import type { TextChange } from '../../src/extension/capture/changeCause.ts';
import { EditorWindow } from '../../src/extension/capture/editorWindow.ts';
import { OpenDocument, splitLines } from './editorModel.ts';
import { changeOnDisk } from './mutations.ts';
import type { Tree } from './tree.ts';
import { wordsOf } from './truth.ts';
import type { World } from './world.ts';

/** Does one thing and describes it; `undefined` where it cannot be done now. */
type Operation = (world: World) => Promise<string | undefined> | string | undefined;

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

const nobody: Operation = (world) => {
  const tree = world.tree();
  return `${tree.name}:${changeOnDisk(world, tree, 'nobody')}`;
};

/** Somebody looks at a file, as an editor or a reading tool does. */
async function look(world: World, tree: Tree, path: string): Promise<void> {
  const actor = { tool: 'reader', session: 'reader', kind: 'agent_action', call: 'look' } as const;
  await world.report({ event: 'before-edit', actor, files: [tree.file(path)] });
  await world.report({
    event: 'after-edit',
    actor,
    edits: [{ file: tree.file(path), written: { form: 'replacements', replacements: [] } }],
  });
  tree.saw(path);
}

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

/** What assistants have written is reported before git takes it away; some windows stay open. */
async function settle(world: World, tree: Tree): Promise<void> {
  for (const agent of world.agents) if (agent.hasWritten(tree)) await agent.step();
  for (const document of world.documents) await document.session.adopt();
  for (const path of tree.files()) if (world.random.next() < 0.9) await look(world, tree, path);
  world.takingAway(tree);
}

const stash: Operation = async (world) => {
  const tree = world.tree();
  await settle(world, tree);
  const before = world.git(tree.dir, 'stash', 'list').split('\n').length;
  world.git(tree.dir, 'stash', 'push', '--quiet', '--include-untracked');
  if (world.git(tree.dir, 'stash', 'list').split('\n').length > before) world.pushStash(tree);
  tree.broughtByGit();
  return tree.name;
};

const unstash: Operation = async (world) => {
  const tree = world.popStash();
  if (!tree) return undefined;
  await settle(world, tree);
  // The stash comes back onto a clean tree, so that nothing conflicts; what was changed since is thrown away.
  world.git(tree.dir, 'reset', '--quiet', '--hard');
  world.git(tree.dir, 'clean', '-qfd');
  try {
    world.git(tree.dir, 'stash', 'pop', '--quiet');
  } catch {
    world.git(tree.dir, 'reset', '--quiet', '--hard');
    world.git(tree.dir, 'clean', '-qfd');
    world.git(tree.dir, 'stash', 'drop', '--quiet');
  }
  tree.broughtByGit();
  return tree.name;
};

const commit: Operation = async (world) => {
  const tree = world.tree();
  await settle(world, tree);
  world.git(tree.dir, 'add', '--all');
  world.git(tree.dir, 'commit', '--quiet', '--no-verify', '--allow-empty', '--message=Change');
  await afterCommit(tree.place);
  await world.readHead(tree);
  tree.broughtByGit();
  return tree.name;
};

/** Commits what is there and goes to the other branch. */
const switchBranch: Operation = async (world) => {
  const [tree] = world.trees;
  if (!tree) return undefined;
  await commit(world);
  await settle(world, tree);
  world.git(tree.dir, 'add', '--all');
  world.git(tree.dir, 'commit', '--quiet', '--no-verify', '--allow-empty', '--message=Before the switch');
  await afterCommit(tree.place);
  const current = world.git(tree.dir, 'branch', '--show-current').trim();
  const target = current === 'main' ? 'side' : 'main';
  world.git(tree.dir, 'switch', '--quiet', target);
  await world.readHead(tree);
  tree.broughtByGit();
  return target;
};

const gitMove: Operation = (world) => {
  const tree = world.tree();
  const path = world.path(tree);
  const to = world.freshPath();
  const text = tree.read(path) as string;
  world.moving(tree, splitLines(text));
  tree.write(path, undefined);
  tree.write(to, text);
  world.git(tree.dir, 'add', '--all');
  return `${tree.name}:${path} to ${to}`;
};

/** Name → how often, and what. */
export const operations: Readonly<Record<string, readonly [weight: number, operation: Operation]>> = {
  open: [4, open],
  close: [1, close],
  typeLines: [14, typeLines],
  typeWord: [8, typeWord],
  deleteLines: [4, deleteLines],
  undo: [7, undo],
  redo: [4, redo],
  cut: [4, cut],
  paste: [5, paste],
  pasteForeign: [3, pasteForeign],
  complete: [4, complete],
  format: [4, format],
  wrap: [2, wrap],
  renameSymbol: [2, renameSymbol],
  moveLinesUp: [3, moveLinesUp],
  pause: [4, pause],
  save: [12, save],
  revert: [1, revert],
  reloadWindow: [0.5, reloadWindow],
  agentStep: [34, agentStep],
  nobody: [14, nobody],
  lookAtFile: [5, lookAtFile],
  lookAtAll: [0.3, lookAtAll],
  otherEditor: [1.5, otherEditor],
  moveFewLines: [0.5, moveFewLines],
  removeFile: [0.7, removeFile],
  recreateFile: [1, recreateFile],
  copyToOtherWorktree: [0.4, copyToOtherWorktree],
  stash: [0.4, stash],
  unstash: [0.8, unstash],
  commit: [0.25, commit],
  switchBranch: [0.12, switchBranch],
  gitMove: [0.7, gitMove],
};
