import { createReadStream, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { lineHash, sha256 } from '../core/digest.ts';
import { lineContent, linesOf } from '../core/text.ts';
import { freshnessOf } from '../core/validation/freshness.ts';
import { readReport } from '../core/validation/readReport.ts';
import {
  type FindingPlace,
  maxReadFindings,
  type ReadFinding,
  type ReadScan,
  type Report,
  ReportError,
} from '../core/validation/report.ts';
import { baselineOf, type KeptFinding, type KeptScan, maxKeptFindings } from '../core/validation/scan.ts';
import { type NamedFile, pathInRepository as pathOfNamed } from '../core/validation/uris.ts';
import type { ScanResult, TestCounts } from '../core/validation/validation.ts';
import { isErrorCode } from '../errors.ts';
import { resolveCommit } from '../git/commits.ts';
import { pathInRepository } from '../git/repository.ts';
import { dirtyFiles, headCommit, lastChange } from '../git/workTree.ts';
import { ScanStore } from '../ledger/scanStore.ts';
import type { Place } from './place.ts';
import { noteRun, workTree } from './runs.ts';
import { snapshotsOf } from './snapshot.ts';
import { textContent } from './texts.ts';

/** A larger file of results, in bytes, is not read. */
const maxResults = 1024 * 1024 * 1024;
/** Files whose texts are read at once. */
const textsAtOnce = 200;
/** Lines of a finding that count; of a longer one, a function as a whole, the first stands for it. */
const maxLines = 10;

export interface ResultsOptions {
  /** In the place of what the tool is known for. */
  readonly kind?: ScanResult['kind'];
  /** A revision that they were obtained on. */
  readonly commit?: string;
  /** The build that they were obtained on, in a person's words. */
  readonly build?: string;
  /** What they found is known from now on. */
  readonly asBaseline?: boolean;
}

/** What files of results came to. */
export interface AddedResults {
  readonly scans: readonly Omit<KeptScan, 'findings'>[];
  /** Of all tests together, where any file is of tests. */
  readonly tests: TestCounts | undefined;
}

/** What results were obtained on. */
type Bound = Pick<KeptScan, 'tree' | 'outdated' | 'except' | 'build'>;

interface ReadFile {
  /** As it was named. */
  readonly name: string;
  readonly report: Report;
  /** In ms since 1970. */
  readonly written: number;
}

/**
 * Reads files of results, and keeps what they found. Nothing is kept where one of them cannot be read.
 *
 * @param folder absolute: relative names of files are under it
 * @throws where a file, or the commit, is not what it should be: one line, which names it
 */
export async function addResults(
  place: Place,
  names: readonly string[],
  folder: string,
  options: ResultsOptions = {},
): Promise<AddedResults> {
  const files: ReadFile[] = [];
  for (const name of names) files.push(await readResults(name, path.resolve(folder, name)));
  const except = names.flatMap((name) => pathInRepository(place.repository, path.resolve(folder, name)) ?? []);
  const kept = new Map<string, KeptScan>();
  for (const file of files) {
    for (const scan of file.report.scans) {
      const bound = await boundOf(place, file, scan, except, options);
      const next = await keptScan(place, scan, bound, realpathSync.native(folder), options);
      const key = `${next.tool}\0${next.category ?? ''}`;
      const before = kept.get(key);
      kept.set(key, before ? joined(before, next) : next);
    }
  }
  const store = new ScanStore(place.ledger.folder);
  for (const scan of kept.values()) {
    if (options.asBaseline) store.keepBaseline(scan, baselineOf(scan.findings));
    else store.keep(scan);
  }
  const tests = await noteTests(place, files, except, options);
  return { scans: [...kept.values()].map(({ findings, ...scan }) => scan), tests };
}

async function readResults(name: string, file: string): Promise<ReadFile> {
  const stats = statOf(name, file);
  if (!stats.isFile()) throw new Error(`${name} is no file`);
  if (stats.size > maxResults) throw new Error(`${name} is too large: ${maxResults / 1024 ** 2} MB at most`);
  try {
    const report = await readReport(() => createReadStream(file, { highWaterMark: 256 * 1024 }));
    return { name, report, written: stats.mtimeMs };
  } catch (error) {
    if (error instanceof ReportError) throw new Error(`${name} ${error.message}`);
    throw error;
  }
}

function statOf(name: string, file: string): Stats {
  try {
    return statSync(file);
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR')) throw new Error(`${name} is not there`);
    throw error;
  }
}

/**
 * What a scan was obtained on: the commit that a person names or that the results name, else the work tree as it is. Results
 * that name HEAD may be of HEAD or of the work tree above it: they count as the work tree's. A running application's are of
 * nothing unless a person says so.
 */
async function boundOf(
  place: Place,
  { written }: ReadFile,
  { kind, commit }: Pick<ReadScan, 'kind' | 'commit'>,
  except: readonly string[],
  options: ResultsOptions,
): Promise<Bound> {
  const { repository } = place;
  const { git } = repository;
  const aside = except.length > 0 ? { except: [...except] } : {};
  const build = options.build === undefined ? {} : { build: options.build };
  if (options.commit !== undefined) {
    const id = await resolveCommit(git, options.commit);
    return { ...aside, ...build, tree: await git.text(['rev-parse', `${id}^{tree}`]) };
  }
  if (commit !== undefined && commit !== (await headCommit(repository))) {
    const tree = await git.ask(['rev-parse', '--verify', '--quiet', `${commit}^{tree}`]);
    if (tree !== undefined) return { ...aside, ...build, tree };
  }
  if ((options.kind ?? kind) === 'dast') return { ...aside, ...build };
  const [tree, dirty] = await Promise.all([workTree(place), dirtyFiles(repository)]);
  const later = dirty.filter((file) => !except.includes(file) && (lastChange(repository, file) ?? 0) > written);
  const { changed } = freshnessOf(later);
  return {
    ...aside,
    ...build,
    tree,
    ...(changed && { outdated: { files: changed.files, first: [...changed.first] } }),
  };
}

async function keptScan(
  place: Place,
  scan: ReadScan,
  bound: Bound,
  folder: string,
  options: ResultsOptions,
): Promise<KeptScan> {
  const { findings, outside } = await keptFindings(place, scan, bound.tree, folder);
  const { tool, category, total, known } = scan;
  const pending = new Set(await dirtyFiles(place.repository));
  const isPending = ({ path: file }: KeptFinding): boolean => file !== undefined && pending.has(file);
  const inOrder = [...findings.filter(isPending), ...findings.filter((finding) => !isPending(finding))];
  return {
    ...{ kind: options.kind ?? scan.kind, tool, at: new Date().toISOString(), ...bound },
    ...(category !== undefined && { category }),
    ...{ total: total - outside, known, outside },
    findings: options.asBaseline ? inOrder : inOrder.slice(0, maxKeptFindings),
  };
}

/** The findings with the hashes of their lines; those whose file the tree does not have are counted. */
async function keptFindings(
  place: Place,
  scan: ReadScan,
  tree: string | undefined,
  folder: string,
): Promise<{ readonly findings: KeptFinding[]; readonly outside: number }> {
  const candidates = scan.findings.map(({ at }) => (at.in === 'file' ? pathsOf(place, at.file, folder) : []));
  const wanted = new Map<string, Set<number>>();
  for (const [i, { at }] of scan.findings.entries()) {
    for (const file of candidates[i] ?? []) {
      const lines = wanted.get(file) ?? new Set();
      wanted.set(file, lines);
      for (const line of linesOfFinding(at)) lines.add(line);
    }
  }
  const known = await hashesAt(place, tree, wanted);
  const findings: KeptFinding[] = [];
  let outside = 0;
  for (const [i, finding] of scan.findings.entries()) {
    const file = candidates[i]?.find((candidate) => known.has(candidate));
    if (finding.at.in === 'file' && file === undefined) outside++;
    else findings.push(keptFinding(scan.tool, finding, file, file === undefined ? undefined : known.get(file)));
  }
  return { findings, outside };
}

/** Where a file may be: a relative path is under the top, or else under the folder that the scanner ran in. */
function pathsOf({ repository: { top } }: Place, file: NamedFile, folder: string): string[] {
  const { absolute, relative } = file;
  const inFolder = absolute === undefined && relative !== undefined ? { absolute: `${folder}/${relative}` } : {};
  return [...new Set([pathOfNamed(file, top), pathOfNamed(inFolder, top)].filter((path) => path !== undefined))];
}

/** The lines of a finding that count, 1-based; none where it is of a file as a whole. */
function linesOfFinding(at: FindingPlace): readonly number[] {
  if (at.in !== 'file' || at.line === undefined) return [];
  const { line, endLine = line } = at;
  const count = endLine - line < maxLines ? endLine - line + 1 : 1;
  return Array.from({ length: count }, (_, i) => line + i);
}

function keptFinding(
  tool: string,
  { rule, severity, message, at, fingerprint }: ReadFinding,
  file: string | undefined,
  known: ReadonlyMap<number, LineHashes> | undefined,
): KeptFinding {
  const what = { rule, severity, message };
  const idOf = (...parts: readonly string[]): string => sha256([tool, rule, ...parts].join('\0')).slice(0, 16);
  if (at.in === 'package') return { ...what, id: idOf('package', at.name), package: at.name };
  if (file === undefined) return { ...what, id: idOf(at.in === 'application' ? at.page : '') };
  const [line, ...others] = linesOfFinding(at);
  const first = line === undefined ? undefined : known?.get(line);
  // A line that the file does not have: the results are of another content.
  if (line === undefined || first === undefined) return { ...what, id: idOf(file, fingerprint ?? ''), path: file };
  const all = [first, ...others.flatMap((other) => known?.get(other) ?? [])];
  const id = idOf(file, fingerprint ?? all.map(({ bare }) => bare).join(' '));
  return { ...what, id, path: file, line, hashes: all.map(({ hash }) => hash) };
}

interface LineHashes {
  readonly hash: string;
  /** Of the line without its white space: one that is re-indented is the same finding. */
  readonly bare: string;
}

/** The hashes of lines (1-based) of files in a tree; a file that is not there, or is no text, is left out. */
async function hashesAt(
  place: Place,
  tree: string | undefined,
  wanted: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<ReadonlyMap<string, ReadonlyMap<number, LineHashes>>> {
  const found = new Map<string, ReadonlyMap<number, LineHashes>>();
  if (tree === undefined) return found;
  const snapshots = snapshotsOf(place);
  const all = [...wanted];
  for (let first = 0; first < all.length; first += textsAtOnce) {
    const some = all.slice(first, first + textsAtOnce);
    const blobs = await snapshots.read(some.map(([file]) => `${tree}:${file}`));
    for (const [file, numbers] of some) {
      const bytes = blobs.get(`${tree}:${file}`);
      const content = bytes && textContent(bytes);
      if (content?.kind !== 'text') continue;
      const lines = linesOf(content.text);
      const present = [...numbers].filter((number) => number <= lines.count);
      found.set(file, new Map(present.map((number) => [number, hashesOf(lineContent(lines, number - 1))])));
    }
  }
  return found;
}

function hashesOf(line: string): LineHashes {
  return { hash: lineHash(line), bare: lineHash(line.replace(/\s+/g, '')) };
}

/** Two parts of one scan, from several runs or files. */
function joined(a: KeptScan, b: KeptScan): KeptScan {
  return {
    ...a,
    ...(b.outdated && { outdated: b.outdated }),
    total: a.total + b.total,
    known: a.known + b.known,
    outside: a.outside + b.outside,
    findings: [...a.findings, ...b.findings].slice(0, maxReadFindings),
  };
}

/** Several files of one run of the tests are one run. */
async function noteTests(
  place: Place,
  files: readonly ReadFile[],
  except: readonly string[],
  options: ResultsOptions,
): Promise<TestCounts | undefined> {
  const withTests = files.filter(({ report }) => report.tests);
  const [first] = withTests;
  if (!first) return undefined;
  const sum = (key: keyof TestCounts): number =>
    withTests.reduce((all, { report }) => all + (report.tests?.[key] ?? 0), 0);
  const tests = { run: sum('run'), failed: sum('failed'), skipped: sum('skipped') };
  const written = Math.min(...withTests.map((file) => file.written));
  const { tree, outdated } = await boundOf(place, { ...first, written }, { kind: 'other' }, except, options);
  await noteRun(place, {
    kind: 'tests',
    name: 'JUnit report',
    source: 'report',
    identity: '',
    outcome: tests.failed > 0 ? 'failed' : 'passed',
    tests,
    // Files have changed since they ran: on what they ran is no longer there to be compared with.
    tree: outdated ? undefined : tree,
    except,
  });
  return tests;
}
