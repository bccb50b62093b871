import path from 'node:path';
import { sync } from '../../src/git/sync.ts';
import { runResolving } from './conflicts.ts';
import { commitWhatIsThere } from './history.ts';
import type { Operation } from './operations.ts';
import { gitWasThere, settle } from './settle.ts';
import type { Tree } from './tree.ts';
import type { World } from './world.ts';

// Two clones of one server, which has none of our hooks and merges by itself what is pushed to it.

/** Fetches, and exchanges the records: what a person sees of others' commits. */
async function exchange(world: World, tree: Tree): Promise<void> {
  await world.git(tree.dir, 'fetch', '--quiet', '--prune', 'origin');
  await sync(tree.place.repository.git, 'origin');
  world.hasNewCommits = true;
}

/** A branch of the other's comes in, and the own commits go on top of it, or are merged with it. */
export const pull: Operation = async (world) => {
  const tree = world.random.pick(world.trees);
  const branch = (await world.git(tree.dir, 'branch', '--show-current')).trim();
  await settle(world, tree);
  await exchange(world, tree);
  const theirs = `origin/${branch}`;
  const known = await world.git(tree.dir, 'for-each-ref', '--format=%(refname:short)', 'refs/remotes');
  if (!known.split('\n').includes(theirs)) return undefined;
  await commitWhatIsThere(world, tree);
  const own = await commitsOf(world, tree.dir, `${theirs}..HEAD`);
  if (own.length > 8) return undefined;
  const way = world.random.pick(['rebase', 'merge'] as const);
  const how = way === 'rebase' ? '--rebase' : '--no-rebase';
  const resolved = await runResolving(world, tree, way, ['pull', '--quiet', how, '--no-edit', 'origin', branch]);
  if (way === 'rebase' || resolved.length > 0)
    world.rewrote({ tree, from: way === 'rebase' ? own : [], clean: resolved.length === 0 });
  await gitWasThere(world, tree);
  return `${tree.name}: ${how} ${branch}, ${own.length} own commits, ${resolved.join('; ') || 'clean'}`;
};

/** What is committed goes to the server, with its records; nothing that others pushed is overwritten. */
export const push: Operation = async (world) => {
  const tree = world.random.pick(world.trees);
  const branch = (await world.git(tree.dir, 'branch', '--show-current')).trim();
  try {
    await world.git(tree.dir, 'push', '--quiet', 'origin', branch);
  } catch {
    return undefined;
  }
  await exchange(world, tree);
  return `${tree.name}: ${branch}`;
};

/** The server merges a branch, as one commit with all messages in its body, or as commits of its own on top. */
export const forgeMerge: Operation = async (world) => {
  const forge = path.join(world.root, 'forge');
  const [tree] = world.trees;
  if (!tree) return undefined;
  await world.git(forge, 'fetch', '--quiet', '--prune', 'origin');
  const branches = await world.git(forge, 'for-each-ref', '--format=%(refname:short)', 'refs/remotes');
  const branch = world.random.pick(branches.split('\n').filter((name) => /^origin\/(?!main$|HEAD$)./.test(name)));
  const from = await commitsOf(world, forge, `origin/main..${branch}`);
  if (from.length === 0) return undefined;
  const way = world.random.pick(['squash', 'rebase'] as const);
  await world.git(forge, 'switch', '--quiet', '--force-create', 'work', way === 'squash' ? 'origin/main' : branch);
  try {
    if (way === 'rebase') await world.git(forge, 'rebase', '--quiet', 'origin/main');
    else await world.git(forge, 'merge', '--quiet', '--squash', branch);
  } catch {
    // A forge refuses what conflicts.
    await world.git(forge, 'reset', '--quiet', '--hard');
    if (way === 'rebase') await world.git(forge, 'rebase', '--quit');
    return undefined;
  }
  if (way === 'squash') {
    if ((await world.git(forge, 'status', '--porcelain')) === '') return undefined;
    const messages = await world.git(forge, 'log', '--reverse', '--format=* %B', `origin/main..${branch}`);
    const message = `Commit ${world.nextCommit()} (#${world.random.below(100)})\n\n${messages}`;
    await world.git(forge, 'commit', '--quiet', `--message=${message}`);
  }
  await world.git(forge, 'push', '--quiet', 'origin', 'work:main');
  world.rewrote({ tree, from, clean: true, joined: way === 'squash', withoutNotes: true });
  await exchange(world, tree);
  return `${way} of ${branch}, ${from.length} commits`;
};

/** A branch goes to the server for it to be merged there. */
export const pushBranch: Operation = async (world) => {
  const tree = world.random.pick(world.trees);
  const name = `topic-${world.nextCommit()}`;
  await world.git(tree.dir, 'push', '--quiet', 'origin', `HEAD:refs/heads/${name}`);
  await exchange(world, tree);
  return `${tree.name}: ${name}`;
};

async function commitsOf(world: World, dir: string, range: string): Promise<string[]> {
  const output = await world.git(dir, 'rev-list', '--no-merges', range);
  return output.split('\n').filter((line) => line !== '');
}
