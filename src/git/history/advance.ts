import type { Features } from '../../core/risk/features.ts';
import type { Git } from '../git.ts';
import { readObjects } from '../objects.ts';
import { FileHistories } from './fileHistories.ts';
import { FileTable } from './fileRecords.ts';
import { counts, developerId, type FileEvent, type HistoryCommit, historyCommit } from './historyCommit.ts';
import type { StoredHistory } from './historyFile.ts';
import { commitsInOrder, type LogRange, readLog } from './log.ts';

/** How much of a history is read and kept. */
export interface HistoryLimits {
  /** So many commits, the youngest, are what a change is compared with. */
  readonly reference: number;
  /** So many that count are kept one by one, at least and at most: the tip can go back, or to another branch, among them. */
  readonly recentLeast: number;
  readonly recentMost: number;
  /** The last so many commits are read, merges among them, of so many years before the last. */
  readonly commits: number;
  readonly years: number;
}

export const historyLimits: HistoryLimits = {
  ...{ reference: 500, recentLeast: 1_500, recentMost: 3_000, commits: 100_000, years: 10 },
};

const secondsOfYear = 365.25 * 86_400;

/** What reading history needs to know of a repository. */
export interface HistorySource {
  readonly git: Git;
  /** Commits whose parents a shallow clone does not have: what they changed is not known. */
  readonly shallow: { readonly commits: ReadonlySet<string>; readonly digest: string };
  readonly limits: HistoryLimits;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of commits read so far, and of all that are to be read. */
  readonly onCommits?: ((read: number, total: number) => void) | undefined;
}

/** The whole history of a commit, within the bounds. @param time of that commit, in seconds since 1970 */
export async function buildHistory(
  source: HistorySource,
  tip: string,
  time: number,
  salt: string,
): Promise<StoredHistory> {
  const { limits, shallow } = source;
  const since = Math.max(0, Math.floor(time - limits.years * secondsOfYear));
  const recent = new RecentCommits(FileTable.empty, limits);
  let read = 0;
  for await (const commit of commitsOf(source, { to: tip, maxCount: limits.commits, since }, salt)) {
    read++;
    recent.add(commit);
  }
  return complete(source, { tip, salt, since, shallow: shallow.digest, commits: read }, recent);
}

/**
 * The history of another commit, from what is known of one: only what lies between is read. The same as if all had been
 * read anew, but that the reference may be short (`hasShortReference`).
 *
 * @returns `undefined` where the two part further back than the recent commits reach, or too many are held already
 */
export async function advanceHistory(
  source: HistorySource,
  stored: StoredHistory,
  tip: string,
): Promise<StoredHistory | undefined> {
  if (stored.shallow !== source.shallow.digest || stored.commits > 2 * source.limits.commits) return undefined;
  if (stored.tip === tip) return stored;
  const former = stored.recent();
  const kept = await keptCommits(source, former, stored.tip, tip);
  if (kept === 0) return undefined;
  const recent = new RecentCommits(stored.settled, source.limits);
  for (const commit of former.slice(0, kept)) recent.add(commit);
  const { salt, since, shallow } = stored;
  let commits = stored.commits - former.length + kept;
  const after = (former[kept - 1] as HistoryCommit).id;
  if (after !== tip) {
    for await (const commit of commitsOf(source, { after, to: tip }, salt)) {
      commits++;
      recent.add(commit);
    }
  }
  return complete(source, { tip, salt, since, shallow, commits }, recent);
}

/** Whether the tip went back so far that some of the last commits are only in the table of files, none by itself. */
export function hasShortReference({ reference, commits, recent }: StoredHistory, limits = historyLimits): boolean {
  return reference.length < limits.reference && commits > recent().length;
}

/** The commits of a range, as the index keeps them. */
export async function* commitsOf(
  { git, shallow, signal, onCommits }: HistorySource,
  range: LogRange,
  salt: string,
): AsyncGenerator<HistoryCommit> {
  const developers = new Map<string, number>();
  const developer = (name: string): number => {
    const id = developers.get(name) ?? developerId(salt, name);
    developers.set(name, id);
    return id;
  };
  let read = 0;
  const ids = await commitsInOrder(git, range, signal);
  for await (const commits of readLog(git, ids, signal)) {
    for (const logged of commits) {
      const isCutOff = shallow.commits.has(logged.id);
      yield historyCommit(isCutOff ? { ...logged, files: [] } : logged, developer);
    }
    read += commits.length;
    onCommits?.(read, ids.length);
  }
}

/** Takes commits in, and moves the older ones into the table of files. */
class RecentCommits {
  readonly settled: FileTable;
  readonly commits: HistoryCommit[] = [];
  /** Those that can be compared with a change. */
  counted = 0;
  readonly #files: FileHistories;
  readonly #limits: HistoryLimits;

  constructor(settled: FileTable, limits: HistoryLimits) {
    this.settled = settled;
    this.#limits = limits;
    this.#files = new FileHistories((path) => settled.get(path));
  }

  add(commit: HistoryCommit): void {
    this.commits.push(commit);
    if (counts(commit)) this.counted++;
    if (this.counted > this.#limits.recentMost) this.#settle();
  }

  /** @returns the table of what was settled */
  finish(): FileTable {
    return this.#files.changed.size === 0 ? this.settled : this.settled.with(this.#files.changed, false);
  }

  #settle(): void {
    let settled = 0;
    for (; this.counted > this.#limits.recentLeast; settled++) {
      const commit = this.commits[settled] as HistoryCommit;
      this.#files.add(commit);
      if (counts(commit)) this.counted--;
    }
    this.commits.splice(0, settled);
  }
}

/**
 * How many of the recent commits the other tip has in its history in the same order: those up to the last one that both have
 * among their first parents: what a first parent has is listed before all that a merge brought.
 */
async function keptCommits(
  { git, signal }: HistorySource,
  recent: readonly HistoryCommit[],
  from: string,
  to: string,
): Promise<number> {
  const byId = new Map(recent.map((commit, i) => [commit.id, i]));
  const firstParent = (id: string): string | undefined => recent[byId.get(id) ?? -1]?.firstParent;
  const line = new Set<string>();
  for (let id: string | undefined = from; id !== undefined && byId.has(id); id = firstParent(id)) line.add(id);
  let id = line.has(to) ? to : await leavesAt(git, from, to, signal);
  while (id !== undefined && !line.has(id)) id = firstParent(id);
  return id === undefined ? 0 : (byId.get(id) as number) + 1;
}

/** The first commit, from `to` along the first parents, that `from` has in its history; `undefined` where there is none. */
async function leavesAt(
  git: Git,
  from: string,
  to: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const known = await git.ask(['cat-file', '-e', `${from}^{commit}`], { signal });
  if (known === undefined) return undefined;
  const range = ['--end-of-options', to, `^${from}`, '--'];
  const output = await git.text(['rev-list', '--first-parent', '--parents', ...range], { signal });
  if (output === '') return to;
  const [, parent] = output.slice(output.lastIndexOf('\n') + 1).split(' ');
  return parent;
}

type Facts = Pick<StoredHistory, 'tip' | 'salt' | 'since' | 'shallow' | 'commits'>;

async function complete(
  { git, signal, limits }: HistorySource,
  facts: Facts,
  recent: RecentCommits,
): Promise<StoredHistory> {
  const settled = recent.finish();
  let commits: readonly HistoryCommit[] = recent.commits;
  let replayed = replay(settled, commits, limits.reference);
  if (replayed.unknown.size > 0) {
    commits = await withLines(git, commits, replayed.unknown, signal);
    replayed = replay(settled, commits, limits.reference);
  }
  const { files, reference } = replayed;
  return { ...facts, settled, current: FileTable.empty.with(files.changed, true), reference, recent: () => commits };
}

interface Replayed {
  readonly files: FileHistories;
  readonly reference: readonly Features[];
  /** Files that the reference needs the lines of, and history did not bring their content: it begins later, or a merge made it. */
  readonly unknown: ReadonlySet<FileEvent>;
}

function replay(settled: FileTable, commits: readonly HistoryCommit[], referenceSize: number): Replayed {
  const files = new FileHistories((path) => settled.get(path));
  const reference: Features[] = [];
  const unknown = new Set<FileEvent>();
  let left = commits.filter(counts).length;
  for (const commit of commits) {
    let known = commit;
    if (counts(commit) && left-- <= referenceSize) {
      const lacking = commit.files.filter((event) => event.isText && files.linesBefore(event) === undefined);
      for (const event of lacking) unknown.add(event);
      // As if it were known, so that what follows is not asked for, too.
      const assumed = (event: FileEvent): FileEvent => (lacking.includes(event) ? { ...event, linesBefore: 0 } : event);
      if (lacking.length > 0) known = { ...commit, files: commit.files.map(assumed) };
      reference.push(files.featuresOf(commit));
    }
    files.add(known);
  }
  return { files, reference, unknown };
}

/** So many contents are held at once. */
const contentsAtOnce = 100;

/** The commits with the lines of these files counted, where their content is here. */
async function withLines(
  git: Git,
  commits: readonly HistoryCommit[],
  unknown: ReadonlySet<FileEvent>,
  signal: AbortSignal | undefined,
): Promise<HistoryCommit[]> {
  const blobs = [...new Set([...unknown].map(({ oldBlob }) => oldBlob))];
  const lines = new Map<string, number>();
  for (let i = 0; i < blobs.length; i += contentsAtOnce) {
    const contents = await readObjects(git, blobs.slice(i, i + contentsAtOnce), signal);
    for (const [blob, content] of contents) lines.set(blob, lineCount(content));
  }
  return commits.map((commit) => ({
    ...commit,
    files: commit.files.map((event) =>
      unknown.has(event) ? { ...event, linesBefore: lines.get(event.oldBlob) } : event,
    ),
  }));
}

/** As git counts: a last line may have no end. */
export function lineCount(content: Buffer): number {
  let count = 0;
  for (let at = content.indexOf(0x0a); at >= 0; at = content.indexOf(0x0a, at + 1)) count++;
  return content.length > 0 && content.at(-1) !== 0x0a ? count + 1 : count;
}
