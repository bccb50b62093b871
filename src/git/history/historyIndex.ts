import { hash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isErrorCode } from '../../errors.ts';
import type { Repository } from '../repository.ts';
import { advanceHistory, buildHistory, type HistorySource, hasShortReference, historyLimits } from './advance.ts';
import { readHistory, type StoredHistory, writeHistory } from './historyFile.ts';
import { historyGit } from './log.ts';

/** How far the work is. */
export interface HistoryProgress {
  /** Commits read so far. */
  readonly read: number;
  /** Commits that are to be read. */
  readonly total: number;
}

export interface HistoryOptions {
  /** Ends the work; nothing is stored then. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: HistoryProgress) => void;
}

/** What an update did. */
export interface HistoryUpdate {
  /** `empty`: there is no commit yet. `current`: there was nothing to do. `advanced`: only what is new was read. */
  readonly kind: 'empty' | 'current' | 'advanced' | 'built';
  /** The commit that the index goes up to. */
  readonly tip: string | undefined;
  /** Commits that were read now. */
  readonly read: number;
  /** Commits that the index tells of. */
  readonly commits: number;
  /** Nothing older was read: seconds since 1970. */
  readonly since: number | undefined;
  /** Whether a shallow clone lacks the history before. */
  readonly isShallow: boolean;
  readonly milliseconds: number;
}

/**
 * Brings the history index of a worktree up to HEAD: reads what is new, or all where there is no index to begin from. Two at
 * once do the same work twice, and either's result is right.
 *
 * @throws {GitError} where git cannot read the history: in a partial clone the contents of files may be missing
 * @throws what `signal` says, where it was ended
 */
export async function updateHistoryIndex(
  repository: Repository,
  { signal, onProgress }: HistoryOptions = {},
): Promise<HistoryUpdate> {
  const start = performance.now();
  const shallow = shallowCommits(repository);
  const isShallow = shallow.commits.size > 0;
  const ended = (facts: Pick<HistoryUpdate, 'kind' | 'read'>, history?: StoredHistory): HistoryUpdate => ({
    ...facts,
    ...{ tip: history?.tip, commits: history?.commits ?? 0, since: history?.since, isShallow },
    milliseconds: performance.now() - start,
  });
  let read = 0;
  const source: HistorySource = {
    ...{ git: historyGit(repository.top), shallow, limits: historyLimits, signal },
    onCommits: (count, total) => {
      read = count;
      onProgress?.({ read, total });
    },
  };
  const head = await headOf(source.git);
  if (!head) return ended({ kind: 'empty', read: 0 });
  const stored = readIndex(repository);
  const found = stored && (await advanceHistory(source, stored, head.id));
  const advanced = found && !hasShortReference(found) ? found : undefined;
  if (advanced && advanced === stored && readHistory(repository.gitDir)?.tip === head.id) {
    return ended({ kind: 'current', read: 0 }, stored);
  }
  const salt = stored?.salt ?? randomBytes(16).toString('hex');
  const history = advanced ?? (await buildHistory(source, head.id, head.time, salt));
  signal?.throwIfAborted();
  writeHistory(repository.gitDir, history);
  return ended({ kind: advanced ? 'advanced' : 'built', read }, history);
}

/**
 * The index of a worktree; a linked one without its own begins with the main one's. `undefined` where there is none that can
 * be read.
 */
export function readIndex({ gitDir, commonDir }: Repository): StoredHistory | undefined {
  return readHistory(gitDir) ?? (commonDir === gitDir ? undefined : readHistory(commonDir));
}

/** What a history is read with. */
export function historySource(repository: Repository, signal?: AbortSignal): HistorySource {
  return { git: historyGit(repository.top), shallow: shallowCommits(repository), limits: historyLimits, signal };
}

/** The commit of HEAD and its time in seconds since 1970; `undefined` on an unborn branch. */
export async function headOf(
  git: HistorySource['git'],
  revision = 'HEAD',
): Promise<{ id: string; time: number } | undefined> {
  const format = ['--no-walk', '--no-show-signature', '--format=%H %ct'];
  const answer = await git.ask(['log', ...format, '--end-of-options', revision, '--']);
  const [id, time] = (answer ?? '').split(' ');
  return id ? { id, time: Number(time) } : undefined;
}

/** What git keeps of where a shallow clone ends. */
function shallowCommits({ commonDir }: Repository): HistorySource['shallow'] {
  const text = textOf(path.join(commonDir, 'shallow'));
  const commits = new Set(text.split('\n').filter((line) => line !== ''));
  return { commits, digest: commits.size === 0 ? '' : hash('sha256', text) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return '';
    throw error;
  }
}
