import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runResolving } from './conflicts.ts';
import type { Operation } from './operations.ts';
import { gitWasThere, settle } from './settle.ts';
import type { Tree } from './tree.ts';
import type { World } from './world.ts';

/** A worktree that git is about to work in: nobody owes a report. */
function inTree(work: (world: World, tree: Tree) => Promise<string | undefined>): Operation {
  return async (world) => {
    const tree = world.random.pick(world.trees);
    await settle(world, tree);
    const done = await work(world, tree);
    await gitWasThere(world, tree);
    return done && `${tree.name}: ${done}`;
  };
}

/** The same, with what is there committed before. */
function inCleanTree(work: (world: World, tree: Tree) => Promise<string | undefined>): Operation {
  return inTree(async (world, tree) => {
    await commitWhatIsThere(world, tree);
    return await work(world, tree);
  });
}

const isChanged = async (world: World, tree: Tree): Promise<boolean> =>
  (await world.git(tree.dir, 'status', '--porcelain')) !== '';

/** A subject that no other commit has; half of the time the commit is older than the clock says. */
function newMessage(world: World): string[] {
  const number = world.nextCommit();
  const date = world.random.next() < 0.5 ? [`--date=@${1_700_000_000 + number * 60} +0000`] : [];
  return [`--message=Commit ${number}`, ...date];
}

export async function commitWhatIsThere(world: World, tree: Tree): Promise<boolean> {
  if (!(await isChanged(world, tree))) return false;
  await world.git(tree.dir, 'add', '--all');
  await world.git(tree.dir, 'commit', '--quiet', ...newMessage(world));
  world.ownCommits.add((await world.git(tree.dir, 'rev-parse', 'HEAD')).trim());
  return true;
}

const commitAll = inTree(async (world, tree) => ((await commitWhatIsThere(world, tree)) ? 'all' : undefined));

/** What is tracked, as it stands in the work tree: `commit -a` has an index of its own. */
const commitTracked = inTree(async (world, tree) => {
  if ((await world.git(tree.dir, 'diff', '--name-only', 'HEAD')) === '') return undefined;
  const bypassed = world.random.next() < 0.3 ? ['--no-verify'] : [];
  await world.git(tree.dir, 'commit', '--quiet', '--all', ...bypassed, ...newMessage(world));
  return `tracked files ${bypassed.join('')}`;
});

/** One file alone: git makes an index for this commit, and another for after it. */
const commitPath = inTree(async (world, tree) => {
  const changed = await linesOf(world, tree, 'diff', '--name-only', 'HEAD');
  if (changed.length === 0) return undefined;
  const file = world.random.pick(changed);
  await world.git(tree.dir, 'commit', '--quiet', ...newMessage(world), '--', file);
  return file;
});

/** Some of the changed places of a file, as `git add -p` stages them: the index has a text that stands in no file. */
const commitHunks = inTree(async (world, tree) => {
  await world.git(tree.dir, 'reset', '--quiet');
  const changed = await linesOf(world, tree, 'diff', '--name-only', '--diff-filter=M');
  if (changed.length === 0) return undefined;
  const file = world.random.pick(changed);
  const [header = '', ...hunks] = (await world.git(tree.dir, 'diff', '--unified=0', file)).split(/^(?=@@ )/m);
  const chosen = hunks.filter(() => world.random.next() < 0.5);
  if (chosen.length === 0) return undefined;
  const patch = path.join(world.root, 'staged.patch');
  writeFileSync(patch, header + chosen.join(''));
  await world.git(tree.dir, 'apply', '--cached', '--unidiff-zero', patch);
  await world.git(tree.dir, 'commit', '--quiet', ...newMessage(world));
  return `${chosen.length} of ${hunks.length} hunks of ${file}`;
});

/** With or without what was changed since, and with or without another message. */
const amend = inTree(async (world, tree) => {
  const [old] = await ownCommits(world, tree, 1);
  if (old === undefined) return undefined;
  const changes = world.random.next() < 0.6;
  if (changes) await world.git(tree.dir, 'add', '--all');
  const message = world.random.next() < 0.5 ? ['--no-edit'] : [`--message=Commit ${world.nextCommit()}`];
  await world.git(tree.dir, 'commit', '--quiet', '--amend', '--allow-empty', ...message);
  world.rewrote({ tree, from: [old], clean: true });
  return `${changes ? 'with changes' : 'alone'} ${message[0]}`;
});

/** Onto another branch. */
const rebase = inCleanTree(async (world, tree) => {
  const branch = await otherBranch(world, tree);
  const old = await linesOf(world, tree, 'rev-list', '--no-merges', `${branch}..HEAD`);
  if (old.length === 0 || old.length > 8) return undefined;
  const resolved = await runResolving(world, tree, 'rebase', ['rebase', '--quiet', branch]);
  world.rewrote({ tree, from: old, clean: resolved.length === 0 });
  return `${old.length} commits onto ${branch} ${described(resolved)}`;
});

/** The last commits in another order, joined, dropped or renamed. */
const rebaseInteractive = inCleanTree(async (world, tree) => {
  const { random } = world;
  const old = (await ownCommits(world, tree, 2 + random.below(4))).reverse();
  if (old.length < 2) return undefined;
  const plan = old.map((commit) => ({ todo: 'pick', commit }));
  const change = random.pick(['reorder', 'squash', 'fixup', 'drop', 'reword', 'edit'] as const);
  const at = 1 + random.below(plan.length - 1);
  if (change === 'reorder') {
    const [moved] = plan.splice(at, 1);
    plan.splice(random.below(at), 0, moved as (typeof plan)[number]);
  } else {
    (plan[at] as { todo: string }).todo = change;
    if (change === 'fixup' && at + 1 < plan.length)
      (plan[at + 1] as { todo: string }).todo = random.pick(['fixup', 'squash']);
  }
  const todo = path.join(world.root, 'todo');
  writeFileSync(todo, plan.map(({ todo, commit }) => `${todo} ${commit}\n`).join(''));
  const editor = change === 'reword' ? "sed -i -e '1s/$/ again/'" : 'true';
  const env = { GIT_SEQUENCE_EDITOR: `cp '${todo}'`, GIT_EDITOR: editor };
  const args = ['rebase', '--quiet', '--interactive', `${old[0]}^`];
  const resolved = await runResolving(world, tree, 'rebase', args, env);
  // What a dropped commit wrote is gone.
  const joined = change === 'squash' || change === 'fixup';
  world.rewrote({ tree, from: old, clean: resolved.length === 0, joined });
  return `${change} ${at + 1} of ${old.length} commits ${described(resolved)}`;
});

const merge = inCleanTree(async (world, tree) => {
  const branch = await otherBranch(world, tree);
  if ((await linesOf(world, tree, 'rev-list', `HEAD..${branch}`)).length === 0) return undefined;
  const forced = world.random.next() < 0.5 ? ['--no-ff'] : [];
  const resolved = await runResolving(world, tree, 'merge', ['merge', '--quiet', '--no-edit', ...forced, branch]);
  if (resolved.length > 0) world.rewrote({ tree, from: [], clean: false });
  return `${branch} ${described(resolved)}`;
});

/** All commits of a branch as one, the message being git's or another. */
const mergeSquash = inCleanTree(async (world, tree) => {
  const branch = await otherBranch(world, tree);
  const from = await linesOf(world, tree, 'rev-list', '--no-merges', `HEAD..${branch}`);
  if (from.length === 0) return undefined;
  const message = world.random.next() < 0.5 ? ['--no-edit'] : newMessage(world);
  let resolved: string[] = [];
  try {
    await world.git(tree.dir, 'merge', '--quiet', '--squash', branch);
  } catch {
    resolved = await runResolving(world, tree, 'merge', ['commit', '--quiet', '--allow-empty', ...message]);
  }
  if (resolved.length === 0) {
    if (!(await isChanged(world, tree))) return undefined;
    await world.git(tree.dir, 'commit', '--quiet', ...message);
  }
  world.rewrote({ tree, from, clean: resolved.length === 0, joined: true });
  return `${branch} ${message[0]} ${described(resolved)}`;
});

/** The commits of a branch that are not here yet, the youngest first. */
function pickable(world: World, tree: Tree, branch: string): Promise<string[]> {
  return linesOf(world, tree, 'rev-list', '--no-merges', '--cherry-pick', '--right-only', `HEAD...${branch}`);
}

const cherryPick = inCleanTree(async (world, tree) => {
  const branch = await otherBranch(world, tree);
  const commits = await pickable(world, tree, branch);
  if (commits.length === 0) return undefined;
  const at = world.random.below(commits.length);
  const from = commits.slice(at, at + 1 + world.random.below(2));
  const names = world.random.next() < 0.3 ? ['-x'] : [];
  const resolved = await runResolving(world, tree, 'cherry-pick', ['cherry-pick', ...names, ...from.toReversed()]);
  world.rewrote({ tree, from, clean: resolved.length === 0 });
  return `${from.length} of ${branch} ${names} ${described(resolved)}`;
});

/** Into the index alone: the commit that follows has a message of its own, or the picked one's. */
const cherryPickIntoIndex = inCleanTree(async (world, tree) => {
  const branch = await otherBranch(world, tree);
  const commits = await pickable(world, tree, branch);
  if (commits.length === 0) return undefined;
  const from = world.random.pick(commits);
  try {
    await world.git(tree.dir, 'cherry-pick', '--no-commit', from);
  } catch {
    await world.git(tree.dir, 'reset', '--quiet', '--hard');
    return undefined;
  }
  if (!(await isChanged(world, tree))) return undefined;
  const message = world.random.next() < 0.5 ? ['--no-edit'] : newMessage(world);
  await world.git(tree.dir, 'commit', '--quiet', ...message);
  world.rewrote({ tree, from: [from], clean: true });
  return `${from} of ${branch} ${message[0]}`;
});

/** One of the last commits, reverts among them. */
const revertCommit = inCleanTree(async (world, tree) => {
  const commits = await ownCommits(world, tree, 5);
  if (commits.length === 0) return undefined;
  const commit = world.random.pick(commits);
  const resolved = await runResolving(world, tree, 'revert', ['revert', '--no-edit', commit]);
  if (resolved.length > 0) world.rewrote({ tree, from: [], clean: false });
  return `${commit} ${described(resolved)}`;
});

/** Reverted, and that reverted: the lines are there as they were. */
const revertTwice = inCleanTree(async (world, tree) => {
  const [commit] = await ownCommits(world, tree, 1);
  if (commit === undefined || (await linesOf(world, tree, 'diff', '--name-only', 'HEAD^', 'HEAD')).length === 0) return;
  // The last commit can be taken back, and brought back, without a conflict.
  await world.git(tree.dir, 'revert', '--no-edit', commit);
  await world.git(tree.dir, 'revert', '--no-edit', 'HEAD');
  world.rewrote({ tree, from: [commit], clean: true });
  return commit;
});

/** The branch goes back, and what it had stays in the index, in the work tree, or nowhere. */
const reset = inTree(async (world, tree) => {
  const commits = await ownCommits(world, tree, 1 + world.random.below(3));
  const last = commits.at(-1);
  if (last === undefined) return undefined;
  const mode = world.random.pick(['--soft', '--mixed', '--keep', '--hard'] as const);
  if (mode === '--keep') await commitWhatIsThere(world, tree);
  await world.git(tree.dir, 'reset', '--quiet', mode, `${last}^`);
  if (mode === '--hard') await world.git(tree.dir, 'clean', '-qfd');
  return `${mode} ${commits.length} commits`;
});

/** As patches by mail. */
const applyMails = inCleanTree(async (world, tree) => {
  const from = (await ownCommits(world, tree, 1 + world.random.below(3))).reverse();
  if (from.length === 0) return undefined;
  const mails = path.join(world.root, 'mails');
  writeFileSync(mails, await world.git(tree.dir, 'format-patch', '--stdout', '--binary', `${from[0]}^..HEAD`));
  await world.git(tree.dir, 'reset', '--quiet', '--hard', `${from[0]}^`);
  await world.git(tree.dir, 'am', '--quiet', '--keep-cr', mails);
  world.rewrote({ tree, from, clean: true, withoutNotes: true });
  return `${from.length} mails`;
});

const changeBranch: Operation = async (world) => {
  const [tree] = world.trees;
  if (!tree) return undefined;
  await settle(world, tree);
  await commitWhatIsThere(world, tree);
  const target = (await currentBranch(world, tree)) === 'main' ? 'side' : 'main';
  await world.git(tree.dir, 'switch', '--quiet', target);
  await gitWasThere(world, tree);
  return target;
};

function described(resolved: readonly string[]): string {
  return resolved.length === 0 ? 'clean' : `resolved: ${resolved.join('; ')}`;
}

async function linesOf(world: World, tree: Tree, ...args: readonly string[]): Promise<string[]> {
  return (await world.git(tree.dir, ...args)).split('\n').filter((line) => line !== '');
}

/** The last commits, the newest first, as many as there are before a merge or the first one. */
async function ownCommits(world: World, tree: Tree, count: number): Promise<string[]> {
  const lines = await linesOf(world, tree, 'log', '--first-parent', `--max-count=${count}`, '--format=%H %P');
  const commits: string[] = [];
  for (const line of lines) {
    const [commit, ...parents] = line.split(' ').filter((id) => id !== '');
    if (parents.length !== 1) break;
    commits.push(commit as string);
  }
  return commits;
}

async function currentBranch(world: World, tree: Tree): Promise<string> {
  return (await world.git(tree.dir, 'branch', '--show-current')).trim();
}

/** A branch besides the current one. */
async function otherBranch(world: World, tree: Tree): Promise<string> {
  const branches = await linesOf(
    world,
    tree,
    'for-each-ref',
    '--format=%(refname:short)',
    'refs/heads',
    'refs/remotes',
  );
  const current = await currentBranch(world, tree);
  return world.random.pick(branches.filter((name) => name !== current && !/^origin(\/HEAD)?$/.test(name)));
}

export const historyOperations = {
  commitAll,
  commitTracked,
  commitPath,
  commitHunks,
  amend,
  rebase,
  rebaseInteractive,
  merge,
  mergeSquash,
  cherryPick,
  cherryPickIntoIndex,
  revertCommit,
  revertTwice,
  reset,
  applyMails,
  changeBranch,
} satisfies Record<string, Operation>;
