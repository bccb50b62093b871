import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Repository } from './repository.ts';

const rebaseMarks = ['rebase-merge', 'rebase-apply'];
const marks = [...rebaseMarks, 'CHERRY_PICK_HEAD', 'REVERT_HEAD'];

/** Whether git is replaying commits that were made before: nothing new is written then. */
export function isHistoryBeingReplayed(gitDir: string): Promise<boolean> {
  return hasAny(gitDir, marks);
}

export function isRebaseUnderWay(gitDir: string): Promise<boolean> {
  return hasAny(gitDir, rebaseMarks);
}

async function hasAny(gitDir: string, names: readonly string[]): Promise<boolean> {
  const found = await Promise.all(
    names.map((mark) =>
      access(path.join(gitDir, mark)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** Messages that git has made of those of the commits whose changes it put into the work tree. */
const messages = ['MERGE_MSG', 'SQUASH_MSG', 'rebase-merge/message'];
/** The commit that is being picked or replayed, and stopped at a conflict. */
const picked = ['CHERRY_PICK_HEAD', 'REBASE_HEAD', 'rebase-merge/stopped-sha'];

export interface CommitUnderWay {
  /** Texts that may name records, and commits that are reverted. */
  readonly texts: readonly string[];
  /** Commits whose lines may be in this one. */
  readonly commits: readonly string[];
}

/** What git itself knows of the commit that is being made, besides its message. */
export async function readCommitUnderWay({ gitDir }: Repository): Promise<CommitUnderWay> {
  const read = (name: string): Promise<string> => readFile(path.join(gitDir, name), 'utf8').catch(() => '');
  const [texts, ids] = await Promise.all([Promise.all(messages.map(read)), Promise.all(picked.map(read))]);
  const lines = ids.flatMap((text) => text.split('\n'));
  return {
    texts: texts.filter((text) => text !== ''),
    commits: [...new Set(lines.filter((line) => /^[0-9a-f]{40,64}$/.test(line)))],
  };
}
