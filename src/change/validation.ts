import type { FileChange } from '../core/change.ts';
import { freshnessOf } from '../core/validation/freshness.ts';
import type { ValidationRun, Validations } from '../core/validation/validation.ts';
import { GitError } from '../git/git.ts';
import type { Snapshots } from '../git/snapshot.ts';
import { lastCommitTime } from '../git/workTree.ts';
import { type RunEntry, runLog } from '../ledger/runLog.ts';
import type { Place } from './place.ts';
import { snapshotsOf, takeSnapshot } from './snapshot.ts';

/** What validation is asked of. */
export interface Validated {
  /** The index, as a commit would take it, in place of the work tree. */
  readonly staged: boolean;
  /** The change itself, for the findings that are on its lines. */
  readonly files: readonly FileChange[];
}

/** Commands whose last runs are looked at, the youngest. */
const maxRuns = 16;
/** Runs that ended longer ago, in ms, are not looked at. */
const maxAge = 30 * 24 * 60 * 60_000;

/**
 * How the pending change was validated: the last run of each command, the youngest first. A run that is stale, and older than
 * the last commit, was of another change: it is left out.
 */
export async function readValidations(place: Place, validated: Validated): Promise<Validations> {
  return { runs: await readRuns(place, validated), scans: [] };
}

async function readRuns(place: Place, { staged }: Validated): Promise<ValidationRun[]> {
  const entries = lastRuns(runLog(place.ledger.folder).entries());
  if (entries.length === 0) return [];
  const snapshots = snapshotsOf(place);
  const [tree, committed] = await Promise.all([
    staged ? indexTree(snapshots) : takeSnapshot(place).then((snapshot) => snapshot.tree),
    lastCommitTime(place.repository),
  ]);
  const runs = await Promise.all(entries.map((entry) => runOf(entry, snapshots, tree)));
  return runs.filter(({ freshness, at }) => freshness === 'current' || Date.parse(at) >= committed);
}

/** The last run of each command, the youngest first. */
function lastRuns(entries: readonly RunEntry[]): RunEntry[] {
  const last = new Map(entries.map((entry) => [entry.key, entry]));
  return [...last.values()]
    .filter(({ at }) => Date.now() - Date.parse(at) < maxAge)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, maxRuns);
}

async function runOf(entry: RunEntry, snapshots: Snapshots, tree: string | undefined): Promise<ValidationRun> {
  const { kind, name, source, outcome, exitCode, tests, at, tree: ranOn } = entry;
  const isComparable = ranOn !== undefined && tree !== undefined;
  const changed = isComparable ? ((await snapshots.changedPaths(ranOn, tree)) ?? 'untold') : undefined;
  return {
    ...{ kind, name, source, outcome, at },
    ...(exitCode !== undefined && { exitCode }),
    ...(tests && { tests }),
    ...freshnessOf(changed),
  };
}

/** None while the index has conflicts. */
async function indexTree(snapshots: Snapshots): Promise<string | undefined> {
  return await snapshots.indexTree().catch((error: unknown) => {
    if (error instanceof GitError && error.reason === 'failed') return undefined;
    throw error;
  });
}
