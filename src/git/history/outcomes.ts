import type { Features } from '../../core/risk/features.ts';
import type { Repository } from '../repository.ts';
import { commitsOf } from './advance.ts';
import { FileHistories } from './fileHistories.ts';
import { counts } from './historyCommit.ts';
import { headOf, historySource } from './historyIndex.ts';
import { blamedCommits, type FixCommit, fixCommit } from './risky.ts';

/** A commit of the past, and whether a later fix changed what it brought. */
export interface PastCommit {
  readonly features: Features;
  readonly isRisky: boolean;
}

export interface Outcomes {
  /** Commits that are old enough to tell, the earlier first. */
  readonly commits: readonly PastCommit[];
  /** Fixes that were traced back. */
  readonly fixes: number;
  /** Half of what was mended was mended within so many days; `undefined` where nothing was. */
  readonly medianDays: number | undefined;
  /** Commits that were left out, because their fixes may be still to come. */
  readonly tooYoung: number;
}

export interface OutcomeOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: {
    readonly what: 'commits' | 'fixes';
    readonly done: number;
    readonly total: number;
  }) => void;
}

/** So many fixes, the last ones, are traced back: each takes a blame of every file that it mends. */
export const maxFixes = 1_000;
/** Git works on two cores. */
const lanes = 2;
const secondsOfDay = 86_400;

interface Dated {
  readonly time: number;
  readonly features: Features;
}

/**
 * What became of this repository's commits, by its own fixes. Only those count that are older than the median time to a fix,
 * for the others' fixes are not made yet; and where not all fixes are traced, those since the first one that is.
 *
 * @throws {GitError} where git cannot read the history
 */
export async function readOutcomes(
  repository: Repository,
  { signal, onProgress }: OutcomeOptions = {},
): Promise<Outcomes> {
  const source = {
    ...historySource(repository, signal),
    onCommits: (done: number, total: number) => onProgress?.({ what: 'commits', done, total }),
  };
  const head = await headOf(source.git);
  if (!head) return { commits: [], fixes: 0, medianDays: undefined, tooYoung: 0 };
  const files = new FileHistories();
  const known = new Map<string, Dated>();
  const fixes: (FixCommit & { readonly time: number })[] = [];
  for await (const commit of commitsOf(source, { to: head.id, maxCount: source.limits.commits }, '')) {
    if (counts(commit)) known.set(commit.id, { time: commit.time, features: files.featuresOf(commit) });
    const fix = fixCommit(commit);
    if (fix) fixes.push({ ...fix, time: commit.time });
    files.add(commit);
  }
  const traced = fixes.slice(-maxFixes);
  const times = new Map<string, number[]>();
  let done = 0;
  const trace = async (lane: number): Promise<void> => {
    for (let i = lane; i < traced.length; i += lanes) {
      const fix = traced[i] as (typeof traced)[number];
      for (const id of await blamedCommits(source.git, fix, signal)) {
        const brought = known.get(id)?.time;
        if (brought !== undefined) times.set(id, [...(times.get(id) ?? []), Math.max(0, fix.time - brought)]);
      }
      onProgress?.({ what: 'fixes', done: ++done, total: traced.length });
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => trace(lane)));
  const medianTime = median([...times.values()].flat());
  const first = fixes.length > traced.length ? (traced[0]?.time ?? 0) : 0;
  const last = head.time - (medianTime ?? 0);
  const all = [...known].filter(([, { time }]) => time >= first);
  const old = all.filter(([, { time }]) => time <= last);
  return {
    commits: old.map(([id, { features }]) => ({ features, isRisky: times.has(id) })),
    fixes: traced.length,
    medianDays: medianTime === undefined ? undefined : medianTime / secondsOfDay,
    tooYoung: all.length - old.length,
  };
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
