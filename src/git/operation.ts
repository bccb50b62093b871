import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Git } from './git.ts';
import { checkObjects } from './objects.ts';
import type { Repository } from './repository.ts';

/** Git may keep these anywhere (a reftable has no files): git is asked. */
const replayedHeads = ['CHERRY_PICK_HEAD', 'REVERT_HEAD'];

/** Whether git is replaying commits that were made before: nothing new is written then. */
export async function isHistoryBeingReplayed({ gitDir, git }: Repository): Promise<boolean> {
  if (await isRebaseUnderWay(gitDir)) return true;
  return (await idsOf(git, replayedHeads)).length > 0;
}

export async function isRebaseUnderWay(gitDir: string): Promise<boolean> {
  const found = await Promise.all(['rebase-merge', 'rebase-apply'].map((name) => isThere(path.join(gitDir, name))));
  return found.includes(true);
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function idsOf(git: Git, names: readonly string[]): Promise<string[]> {
  return [...(await checkObjects(git, names)).values()];
}

/** So many commits of one squash are looked into. */
const maxSquashed = 200;

/** Messages that git has made of those of the commits whose changes it put into the work tree. */
const messages = ['MERGE_MSG', 'SQUASH_MSG', 'rebase-merge/message'];
/** The commit that is being picked or replayed, and stopped at a conflict. */
const picked = ['CHERRY_PICK_HEAD', 'REBASE_HEAD'];

export interface CommitUnderWay {
  /** Texts that may name records, and commits that are reverted. */
  readonly texts: readonly string[];
  /** Commits whose lines may be in this one. */
  readonly commits: readonly string[];
}

/** What git itself knows of the commit that is being made, besides its message. */
export async function readCommitUnderWay({ gitDir, git }: Repository): Promise<CommitUnderWay> {
  const read = (name: string): Promise<string> => readFile(path.join(gitDir, name), 'utf8').catch(() => '');
  const [texts, heads] = await Promise.all([Promise.all(messages.map(read)), idsOf(git, picked)]);
  // The message of a squash has the ids, too: what only a note says of a commit is not in its own message.
  const squashed = [...(texts[messages.indexOf('SQUASH_MSG')] ?? '').matchAll(/^commit ([0-9a-f]{40,64})$/gm)];
  const commits = [...heads, ...squashed.slice(0, maxSquashed).map(([, id]) => id as string)];
  return { texts: texts.filter((text) => text !== ''), commits: [...new Set(commits)] };
}
