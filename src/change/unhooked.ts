import { type CommitFacts, readCommits } from '../git/commits.ts';
import { headSteps, madeCommit } from '../git/headSteps.ts';
import type { CommandWindow } from '../ledger/windows.ts';
import type { Place } from './place.ts';

/** How HEAD moved while a command was at work. */
export interface Meanwhile {
  /** Commits that were made and that no hook of ours has seen (an assistant may switch them off), the oldest first. */
  readonly unhooked: readonly CommitFacts[];
  /** The last commit that HEAD came to otherwise, whose texts git brought; `null` where there is none. */
  readonly brought: string | null;
}

export async function headMeanwhile(
  { repository: { git }, ledger }: Place,
  { at, snapshot }: CommandWindow,
  head: string | null,
): Promise<Meanwhile> {
  if (head === null || head === snapshot.head) return { unhooked: [], brought: null };
  const steps = await headSteps(git, snapshot.head);
  if (!steps) return { unhooked: [], brought: head };
  const made = steps.filter(madeCommit).map(({ commit }) => commit);
  const seen = new Set(
    ledger.journal.entries().flatMap((entry) => (entry.entry === 'commit' && entry.at >= at ? [entry.tree] : [])),
  );
  const unhooked = (await readCommits(git, [...new Set(made)])).filter(
    ({ claimed, noted, tree }) => claimed.length + noted.length === 0 && !seen.has(tree),
  );
  const own = new Set(unhooked.map(({ commit }) => commit));
  return { unhooked: unhooked.reverse(), brought: steps.find(({ commit }) => !own.has(commit))?.commit ?? null };
}
