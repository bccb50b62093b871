import { splitLines } from './editorModel.ts';
import { look } from './settle.ts';
import type { Tree } from './tree.ts';
import type { World } from './world.ts';

/** How a conflict is resolved: with one side's text, or with a text that an assistant or a person writes from both. */
const ways = ['ours', 'theirs', 'assistant', 'person'] as const;
type Way = (typeof ways)[number];

/** No rebase of a few commits stops more often. */
const mostStops = 20;

/** What git was at when it stopped, and how it goes on. */
type Stopped = 'rebase' | 'cherry-pick' | 'revert' | 'merge' | 'am';

/**
 * Runs git where it may stop at conflicts; resolves each and goes on. Gives how that was done, nothing where there was
 * none.
 *
 * @throws where git fails for another reason
 */
export async function runResolving(
  world: World,
  tree: Tree,
  operation: Stopped,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string[]> {
  const resolved: string[] = [];
  let next = args;
  for (let stops = 0; stops < mostStops; stops++) {
    try {
      await world.gitWith(env, tree.dir, ...next);
      // A commit that is to be edited is amended with a line of an assistant's.
      if (!isAt(tree, operation)) return resolved;
      await editCommit(world, tree);
      next = [operation, '--continue'];
    } catch (error) {
      const conflicts = await conflictsOf(world, tree);
      if (conflicts.length > 0) {
        for (const path of conflicts) resolved.push(`${path} ${await resolve(world, tree, path)}`);
        await world.git(tree.dir, 'add', '--all');
      } else if (!isAt(tree, operation)) {
        // What is taken back already leaves nothing to commit.
        if (operation === 'revert' && (await world.git(tree.dir, 'status', '--porcelain')) === '') return resolved;
        throw error;
      }
      // Where nothing is left of a commit, git asks to skip it.
      const isEmpty = (await world.git(tree.dir, 'diff', '--cached', '--name-only', 'HEAD')) === '';
      if (operation === 'merge') next = ['commit', '--quiet', '--allow-empty', '--no-edit'];
      else next = [operation, isEmpty ? '--skip' : '--continue'];
    }
  }
  throw new Error(`${operation} stopped ${mostStops} times`);
}

async function editCommit(world: World, tree: Tree): Promise<void> {
  const path = world.path(tree);
  const actor = { tool: 'codex', session: 'editor', kind: 'agent_action' } as const;
  await world.report({ event: 'before-edit', actor, edits: [{ file: tree.file(path) }] });
  const text = tree.read(path) as string;
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  tree.write(path, `${world.truth.line('codex')}${lineEnd}${text}`);
  await world.report({ event: 'after-edit', actor, edits: [{ file: tree.file(path) }] });
  tree.saw(path);
  await world.git(tree.dir, 'commit', '--quiet', '--all', '--amend', '--no-edit');
}

async function conflictsOf(world: World, tree: Tree): Promise<string[]> {
  const output = await world.git(tree.dir, 'diff', '--name-only', '--diff-filter=U');
  return output.split('\n').filter((line) => line !== '');
}

function isAt(tree: Tree, operation: Stopped): boolean {
  const names = {
    rebase: ['rebase-merge', 'rebase-apply'],
    am: ['rebase-apply'],
    'cherry-pick': ['CHERRY_PICK_HEAD', 'sequencer'],
    revert: ['REVERT_HEAD', 'sequencer'],
    merge: ['MERGE_HEAD'],
  }[operation];
  return names.some((name) => tree.hasGitFile(name));
}

/** Resolves a file; gives the way. */
async function resolve(world: World, tree: Tree, path: string): Promise<string> {
  const text = tree.read(path);
  const way = world.random.pick(ways);
  // Where one side removed the file, the other's text stays.
  if (text === undefined || !text.includes('<<<<<<< ')) return text === undefined ? 'removed' : 'kept';
  if (way === 'ours' || way === 'theirs') {
    tree.write(
      path,
      resolvedText(text, () => way),
    );
    return way;
  }
  await look(world, tree, path);
  const sides: readonly (Way | 'both')[] = ['ours', 'theirs', 'both'];
  const done: string[] = [];
  const writer = way === 'assistant' ? 'codex' : 'human';
  const fresh = resolvedText(
    text,
    () => {
      const side = world.random.pick(sides);
      done.push(side);
      return side;
    },
    () => world.truth.lines(writer, world.random.below(3)),
  );
  if (way === 'person') {
    tree.write(path, fresh);
    await world.report({ event: 'human-edit', files: [tree.file(path)] });
  } else {
    const actor = { tool: 'codex', session: 'resolver', kind: 'agent_action' } as const;
    const file = tree.file(path);
    await world.report({ event: 'before-edit', actor, edits: [{ file }] });
    tree.write(path, fresh);
    const tells = world.random.next() < 0.5;
    const written = { form: 'replacements', replacements: replacementsOf(text, fresh) } as const;
    await world.report({ event: 'after-edit', actor, edits: [{ file, ...(tells && { written }) }] });
  }
  tree.saw(path);
  return `${way} (${done.join(', ')})`;
}

/** The whole of what lies between the lines that stay at the beginning and at the end. */
function replacementsOf(text: string, fresh: string): { oldText: string; newText: string; all: boolean }[] {
  const [old, now] = [splitLines(text), splitLines(fresh)];
  let prefix = 0;
  while (prefix < Math.min(old.length, now.length) && old[prefix] === now[prefix]) prefix++;
  let suffix = 0;
  while (suffix < Math.min(old.length, now.length) - prefix && old.at(-1 - suffix) === now.at(-1 - suffix)) suffix++;
  const oldText = old.slice(prefix, old.length - suffix).join('');
  return [{ oldText, newText: now.slice(prefix, now.length - suffix).join(''), all: false }];
}

/** The text with each conflict replaced by what is chosen for it, and by lines of the writer's own. */
function resolvedText(text: string, choose: () => Way | 'both', fresh: () => readonly string[] = () => []): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const result: string[] = [];
  let conflict: { ours: string[]; theirs: string[]; at: 'ours' | 'base' | 'theirs' } | undefined;
  for (const line of splitLines(text)) {
    if (line.startsWith('<<<<<<< ')) conflict = { ours: [], theirs: [], at: 'ours' };
    else if (!conflict) result.push(line);
    else if (line.startsWith('||||||| ')) conflict.at = 'base';
    else if (/^=======\r?\n?$/.test(line)) conflict.at = 'theirs';
    else if (line.startsWith('>>>>>>> ')) {
      const side = choose();
      if (side !== 'theirs') result.push(...conflict.ours);
      result.push(...fresh().map((written) => written + lineEnd));
      if (side !== 'ours') result.push(...conflict.theirs);
      conflict = undefined;
    } else if (conflict.at !== 'base') conflict[conflict.at].push(line);
  }
  return result.join('');
}
