import type { FileChange } from '../core/change.ts';
import { lineContent, linesOf } from '../core/text.ts';
import { freshnessOf } from '../core/validation/freshness.ts';
import { isManifest, namesPackage } from '../core/validation/packages.ts';
import { type KeptScan, scanResult } from '../core/validation/scan.ts';
import type {
  ChangedSince,
  Freshness,
  NewFinding,
  ScanResult,
  ValidationRun,
  Validations,
} from '../core/validation/validation.ts';
import { GitError } from '../git/git.ts';
import { readObjects } from '../git/objects.ts';
import type { Snapshots } from '../git/snapshot.ts';
import { lastCommitTime } from '../git/workTree.ts';
import { type RunEntry, runLog } from '../ledger/runLog.ts';
import { ScanStore } from '../ledger/scanStore.ts';
import { diagnosticRuns } from './diagnostics.ts';
import type { Place } from './place.ts';
import { snapshotsOf, takeSnapshot } from './snapshot.ts';
import { type TextContent, textContent, workTreeText } from './texts.ts';

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
 * How the pending change was validated: the last run of each command and the last results of each scanner, the youngest first.
 * A run that is stale, and older than the last commit, was of another change: it is left out.
 */
export async function readValidations(place: Place, validated: Validated): Promise<Validations> {
  const entries = lastRuns(runLog(place.ledger.folder).entries());
  const scans = new ScanStore(place.ledger.folder).all();
  const snapshots = snapshotsOf(place);
  const errors = await diagnosticRuns(place, validated.files, (path) => textOf(place, path, validated));
  if (entries.length + scans.length === 0) return { runs: errors, scans: [] };
  const tree = await validatedTree(place, snapshots, validated);
  const [runs, results] = await Promise.all([
    runsOn(place, entries, snapshots, tree),
    scansOn(place, scans, snapshots, tree, validated),
  ]);
  return { runs: [...errors, ...runs], scans: results };
}

async function textOf(place: Place, path: string, { staged }: Validated): Promise<string | undefined> {
  const content = staged ? await indexText(place, path) : workTreeText(place.repository, path);
  return content?.kind === 'text' ? content.text : undefined;
}

async function indexText({ repository }: Place, path: string): Promise<TextContent | undefined> {
  const bytes = (await readObjects(repository.git, [`:${path}`])).get(`:${path}`);
  return bytes && textContent(bytes);
}

/** The tree that is asked about; `undefined` where it cannot be told, while the index has conflicts. */
async function validatedTree(place: Place, snapshots: Snapshots, { staged }: Validated): Promise<string | undefined> {
  return staged ? await indexTree(snapshots) : (await takeSnapshot(place)).tree;
}

async function indexTree(snapshots: Snapshots): Promise<string | undefined> {
  return await snapshots.indexTree().catch((error: unknown) => {
    if (error instanceof GitError && error.reason === 'failed') return undefined;
    throw error;
  });
}

async function runsOn(
  place: Place,
  entries: readonly RunEntry[],
  snapshots: Snapshots,
  tree: string | undefined,
): Promise<ValidationRun[]> {
  if (entries.length === 0) return [];
  const [committed, runs] = await Promise.all([
    lastCommitTime(place.repository),
    Promise.all(entries.map((entry) => runOf(entry, snapshots, tree))),
  ]);
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
  const { kind, name, source, outcome, exitCode, tests, at } = entry;
  return {
    ...{ kind, name, source, outcome, at },
    ...(exitCode !== undefined && { exitCode }),
    ...(tests && { tests }),
    ...freshnessOf(await changedSince(entry, snapshots, tree)),
  };
}

/** The paths that differ from what something ran on; see `freshnessOf`. */
async function changedSince(
  { tree: ranOn, except = [] }: { readonly tree?: string; readonly except?: readonly string[] },
  snapshots: Snapshots,
  tree: string | undefined,
): Promise<readonly string[] | 'untold' | undefined> {
  if (ranOn === undefined || tree === undefined) return undefined;
  const changed = await snapshots.changedPaths(ranOn, tree);
  return changed?.filter((path) => !except.includes(path)) ?? 'untold';
}

async function scansOn(
  place: Place,
  scans: readonly KeptScan[],
  snapshots: Snapshots,
  tree: string | undefined,
  { files }: Validated,
): Promise<ScanResult[]> {
  const store = new ScanStore(place.ledger.folder);
  const isOfPackages = scans.some(({ findings }) => findings.some((finding) => finding.package !== undefined));
  const added = isOfPackages ? await addedManifestLines(snapshots, tree, files) : [];
  const placesOfPackage = (name: string): NewFinding['where'] => {
    const line = added.find(({ text }) => namesPackage(text, name));
    return line ? [{ path: line.path, line: line.number }] : [];
  };
  return await Promise.all(
    scans.map(async (scan) => {
      const paths = await changedSince(scan, snapshots, tree);
      const changed = typeof paths === 'object' ? new Set(paths) : undefined;
      const freshness = scan.outdated ? outdatedFreshness(scan.outdated) : freshnessOf(paths);
      return scanResult(scan, { files, changed, freshness, baseline: store.baseline(scan), placesOfPackage });
    }),
  );
}

/** Files had changed between the scan and the time when its results were added. */
function outdatedFreshness(changed: ChangedSince): { readonly freshness: Freshness; readonly changed: ChangedSince } {
  return { freshness: 'stale', changed };
}

/** Lines of manifests that are looked through for names of packages. */
const maxManifestLines = 20_000;

interface ManifestLine {
  readonly path: string;
  readonly number: number;
  readonly text: string;
}

async function addedManifestLines(
  snapshots: Snapshots,
  tree: string | undefined,
  files: readonly FileChange[],
): Promise<ManifestLine[]> {
  const manifests = files.filter(({ path, lines }) => lines.length > 0 && isManifest(path));
  // What a person wrote says more than what was resolved from it.
  const changed = [...manifests.filter(({ apart }) => !apart), ...manifests.filter(({ apart }) => apart)];
  if (tree === undefined || changed.length === 0) return [];
  const blobs = await snapshots.read(changed.map(({ path }) => `${tree}:${path}`));
  const found: ManifestLine[] = [];
  for (const { path, lines: added } of changed) {
    const bytes = blobs.get(`${tree}:${path}`);
    const content = bytes && textContent(bytes);
    if (content?.kind !== 'text') continue;
    const lines = linesOf(content.text);
    for (const { number } of added) {
      if (number <= lines.count && found.length < maxManifestLines) {
        found.push({ path, number, text: lineContent(lines, number - 1) });
      }
    }
  }
  return found;
}
