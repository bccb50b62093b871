import * as v from 'valibot';
import type { AddedLine, FileChange } from '../change.ts';
import type { ChangedSince, Freshness, NewFinding, ScanResult } from './validation.ts';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const Line = v.pipe(v.number(), v.integer(), v.minValue(1));

/** A finding as it is kept: by the hashes of its lines it is found again when they move. */
export const KeptFindingSchema = v.object({
  /** The same for the same finding in a later scan; two like ones of a file have the same. */
  id: v.string(),
  rule: v.string(),
  severity: v.picklist(['low', 'medium', 'high', 'critical']),
  message: v.string(),
  /** Relative to the top. */
  path: v.exactOptional(v.string()),
  /** The first line, and the hash of each (`lineHash`), as they were when it was scanned. */
  line: v.exactOptional(Line),
  hashes: v.exactOptional(v.array(v.string())),
  package: v.exactOptional(v.string()),
});
export type KeptFinding = v.InferOutput<typeof KeptFindingSchema>;

/** The last results of one scanner. */
export const KeptScanSchema = v.object({
  kind: v.picklist(['sast', 'sca', 'dast', 'lint', 'other']),
  tool: v.string(),
  category: v.exactOptional(v.string()),
  /** When the results were added: ISO 8601, UTC. */
  at: v.string(),
  /** What it ran on, as the object id of a snapshot or of a commit's tree; absent where that is not known. */
  tree: v.exactOptional(v.string()),
  /** Files of results, which lie in the work tree and say nothing of the code. */
  except: v.exactOptional(v.array(v.string())),
  /** The build that it ran against, in a person's words. */
  build: v.exactOptional(v.string()),
  /** Files that had changed between the scan and the time it was added: how many, and the first of them. */
  outdated: v.exactOptional(v.object({ files: Count, first: v.array(v.string()) })),
  /** Findings in all. */
  total: Count,
  /** Those that were suppressed or accepted. */
  known: Count,
  /** Those of them outside the repository. */
  outside: Count,
  findings: v.array(KeptFindingSchema),
});
export type KeptScan = v.InferOutput<typeof KeptScanSchema>;

/** Findings of a scan that are kept; those of files that have pending changes come first. */
export const maxKeptFindings = 5_000;

/** How often each finding was there, by its id, when a person called what was there known. */
export type Baseline = ReadonlyMap<string, number>;

/** What the findings of a scan are asked against. */
export interface ScanTarget {
  readonly files: readonly FileChange[];
  /** Paths that differ from what was scanned; `undefined` where that cannot be told. */
  readonly changed: ReadonlySet<string> | undefined;
  readonly freshness: { readonly freshness: Freshness; readonly changed?: ChangedSince };
  readonly baseline: Baseline | undefined;
  /** Where added lines of a manifest or a lock file name a package. */
  placesOfPackage(name: string): NewFinding['where'];
}

/**
 * What a scan says of a change. A finding is the change's own where the baseline does not have it, and it is on a line that the
 * change adds or of a package that an added line names; of the running application, where there is a baseline to compare with.
 */
export function scanResult(scan: KeptScan, target: ScanTarget): ScanResult {
  const { kind, tool, at, total } = scan;
  const hits = new Map<string, { readonly finding: KeptFinding; readonly where: NewFinding['where'] }[]>();
  const counts = new Map<string, number>();
  const files = new Map(target.files.map((file) => [file.path, file]));
  for (const finding of scan.findings) {
    const { id } = finding;
    counts.set(id, (counts.get(id) ?? 0) + 1);
    const where = placeInChange(finding, files, target);
    if (where) hits.set(id, [...(hits.get(id) ?? []), { finding, where }]);
  }
  const fresh = [...hits].flatMap(([id, found]) => {
    const isNew = (counts.get(id) ?? 0) - (target.baseline?.get(id) ?? 0);
    return isNew > 0 ? found.slice(-isNew) : [];
  });
  return {
    ...{ kind, tool, at, ...target.freshness, findings: total },
    fresh: fresh.map(({ finding: { rule, severity, message }, where }) => ({ tool, rule, severity, message, where })),
  };
}

/** Where a finding is in the change; `undefined` where it is none of its. */
function placeInChange(
  finding: KeptFinding,
  files: ReadonlyMap<string, FileChange>,
  { changed, baseline, placesOfPackage }: ScanTarget,
): NewFinding['where'] | undefined {
  const { path, line, hashes = [], package: name } = finding;
  if (name !== undefined) {
    const places = placesOfPackage(name);
    return places.length > 0 ? places : undefined;
  }
  // Of the application as a whole nothing tells what is the change's but what was there before.
  if (path === undefined) return baseline ? [] : undefined;
  const added = files.get(path)?.lines.filter((each) => each.class !== 'base') ?? [];
  if (added.length === 0) return undefined;
  if (line === undefined) return baseline ? [{ path }] : undefined;
  const found =
    changed && !changed.has(path)
      ? added.find(({ number }) => number >= line && number < line + Math.max(1, hashes.length))
      : nearest(added, line, hashes);
  return found && [{ path, line: found.number }];
}

/** In a file that has changed since: the line with the same text that is nearest to where it was. */
function nearest(added: readonly AddedLine[], line: number, hashes: readonly string[]): AddedLine | undefined {
  let best: AddedLine | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const each of added) {
    const index = hashes.indexOf(each.hash);
    if (index < 0) continue;
    const away = Math.abs(each.number - line - index);
    if (away < distance) [best, distance] = [each, away];
  }
  return best;
}

/** What is found of each id, to be known from now on. */
export function baselineOf(findings: readonly KeptFinding[]): Baseline {
  const counts = new Map<string, number>();
  for (const { id } of findings) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}
