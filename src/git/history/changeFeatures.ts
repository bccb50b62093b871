import { readFileSync } from 'node:fs';
import path from 'node:path';
import { countsOf, type FileChange } from '../../core/change.ts';
import { type FileDelta, featuresOf } from '../../core/risk/extraction.ts';
import type { Features } from '../../core/risk/features.ts';
import { isFix, isFixBranch } from '../../core/risk/fix.ts';
import type { Without } from '../../core/risk/risk.ts';
import { isErrorCode, messageOf } from '../../errors.ts';
import { authorName } from '../author.ts';
import type { Git } from '../git.ts';
import { readObjects } from '../objects.ts';
import type { Repository } from '../repository.ts';
import { advanceHistory, buildHistory, lineCount } from './advance.ts';
import { developerId } from './historyCommit.ts';
import type { StoredHistory } from './historyFile.ts';
import { headOf, historySource, readIndex } from './historyIndex.ts';

/** What is known of a change besides its lines. */
export interface ChangeFacts {
  /** The commit that it begins from; `null` where there is none. */
  readonly base: string | null;
  /** Its message, where there is one already. */
  readonly message?: string | undefined;
  /** The name of who makes it; without it whom git takes for the author of a commit made now. */
  readonly author?: string | Promise<string>;
  /** When it was made, in seconds since 1970; without it now. */
  readonly time?: number;
  /** Lines of the files before the change, by their paths after it, where they are known already. */
  readonly linesBefore?: ReadonlyMap<string, number>;
  /** In ms: what takes longer is left out. Without it the whole history is read where there is no index. */
  readonly budget?: number;
}

export interface ChangeFeatures {
  readonly features: Features;
  /** The repository's own last commits before the change, up to 500, the earlier first: what it is compared with. */
  readonly reference: readonly Features[];
  readonly without: readonly Without[];
}

/** What a hook may take for the history, in ms. */
export const hookBudget = 150;

/** So many files are looked up one by one. */
const maxFiles = 1_000;

/**
 * The features of a change, pending or of a commit. Files listed apart and binary ones do not count. Nothing here fails: what
 * cannot be had is left out, and that is said.
 */
export async function featuresOfChange(
  repository: Repository,
  files: readonly FileChange[],
  facts: ChangeFacts,
): Promise<ChangeFeatures> {
  const signal = facts.budget === undefined ? undefined : AbortSignal.timeout(facts.budget);
  const counted = files
    .filter((file) => file.apart === undefined && file.unattributed !== 'binary')
    .map((file) => ({ ...file, added: countsOf(file).added }))
    .filter(({ added, deleted }) => added + deleted > 0);
  const [history, lines, author] = await Promise.all([
    attempt('history', () => historyAt(repository, facts.base, signal)),
    attempt('size of the files', () => linesBefore(repository.git, facts, counted, signal)),
    attempt('author', async () => await (facts.author ?? authorName(repository.git, signal))),
  ]);
  const { stored, note } = history.value ?? {};
  const fix = facts.message === undefined ? branchFix(repository, facts) : isFix(facts.message);
  const deltas = counted.map(({ path: name, oldPath, added, deleted }): FileDelta => {
    const before = stored && recordOf(stored, oldPath ?? name);
    return { path: name, added, deleted, linesBefore: lines.value?.get(name), history: before ?? undefined };
  });
  const without = [
    ...(history.why === undefined ? [] : [{ what: 'history', why: history.why }]),
    ...(note === undefined ? [] : [{ what: 'the latest history', why: note }]),
    ...(lines.why === undefined ? [] : [{ what: 'size of the files', why: lines.why }]),
    ...(fix === undefined
      ? [{ what: 'purpose', why: 'neither a message nor the branch says whether it is a fix' }]
      : []),
  ];
  const features = featuresOf(deltas, {
    time: facts.time ?? Date.now() / 1000,
    developer: developerId(stored?.salt ?? '', author.value ?? ''),
    fix,
    hasHistory: history.value !== undefined,
  });
  return { features, reference: stored?.reference ?? [], without };
}

interface Attempt<T> {
  readonly value?: T;
  readonly why?: string;
}

/** A reason instead of an error: the score does without. */
async function attempt<T>(what: string, work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    const isLate = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
    return { why: isLate ? `there was not the time to read the ${what}` : messageOf(error) };
  }
}

interface Found {
  /** `undefined` before the first commit: there is none. */
  readonly stored: StoredHistory | undefined;
  /** Where it is not just as of the base. */
  readonly note?: string;
}

/** @throws where there is nothing that can be used */
async function historyAt(repository: Repository, base: string | null, signal: AbortSignal | undefined): Promise<Found> {
  if (base === null) return { stored: undefined };
  const stored = readIndex(repository);
  if (!stored && signal) throw new Error('there is no index of the history yet: "countersign index" makes one');
  if (stored?.tip === base) return { stored };
  const source = historySource(repository, signal);
  const advanced = stored && (await attempt('history', () => advanceHistory(source, stored, base)));
  if (advanced?.value) return { stored: advanced.value };
  if (stored && signal) {
    const why = advanced?.why ?? 'HEAD has left the history that it knows';
    return { stored, note: `the index is of another commit (${why}): "countersign index" brings it up to date` };
  }
  const commit = await headOf(source.git, base);
  if (!commit) throw new Error(`there is no commit ${base}`);
  return { stored: await buildHistory(source, commit.id, commit.time, stored?.salt ?? '') };
}

function recordOf(stored: StoredHistory, name: string): ReturnType<StoredHistory['settled']['get']> {
  const current = stored.current.get(name);
  return current === undefined ? stored.settled.get(name) : current;
}

/** Lines of each file at the base, by its path after the change; 0 for one that was not there. */
async function linesBefore(
  git: Git,
  { base, linesBefore: known }: ChangeFacts,
  files: readonly FileChange[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, number>> {
  if (known && files.every((file) => known.has(file.path))) return known;
  if (base === null) return new Map(files.map(({ path: name }) => [name, 0]));
  if (files.length > maxFiles) throw new Error(`${files.length} files are too many to look up`);
  const nameOf = (file: FileChange): string => `${base}:${file.oldPath ?? file.path}`;
  const contents = await readObjects(git, files.map(nameOf), signal);
  return new Map(files.map((file) => [file.path, lineCount(contents.get(nameOf(file)) ?? Buffer.alloc(0))]));
}

/** Only of a change that is not committed: the branch says what is done on it now. */
function branchFix({ gitDir }: Repository, { time }: ChangeFacts): boolean | undefined {
  const branch = time === undefined ? headBranch(gitDir) : undefined;
  return branch === undefined ? undefined : isFixBranch(branch);
}

/** `undefined` on a detached HEAD. */
function headBranch(gitDir: string): string | undefined {
  try {
    return /^ref: refs\/heads\/(.+)$/m.exec(readFileSync(path.join(gitDir, 'HEAD'), 'utf8'))?.[1];
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'EACCES')) return undefined;
    throw error;
  }
}
