import path from 'node:path';
import type { Actions } from '../core/actions.ts';
import { canonicalJson } from '../core/canonicalJson.ts';
import { type FileChange, hasUnknown } from '../core/change.ts';
import { isRecordOf, isTelling, type ProvenanceRecord, type SealedRecord } from '../core/record.ts';
import { messageOf } from '../errors.ts';
import { type CommitFacts, readCommits } from '../git/commits.ts';
import type { Git } from '../git/git.ts';
import { noteRecord, noteRecords } from '../git/notes.ts';
import { isRebaseUnderWay } from '../git/operation.ts';
import { signRecord } from '../git/recordSignatures.ts';
import { readRecords, writeRecord } from '../git/records.ts';
import type { Repository } from '../git/repository.ts';
import { isYes, readSettings, type Settings } from '../git/settings.ts';
import { withLock } from '../ledger/lock.ts';
import { noteTold, pendingActions } from './actions.ts';
import { historyBudget, previewOf } from './commit.ts';
import { writeGitAiNotes } from './gitAi.ts';
import { mayUseGitAiNotes } from './gitAiUse.ts';
import { fillFromHistory, sourcesOf } from './history.ts';
import { readTreeChange } from './pending.ts';
import type { Place } from './place.ts';
import { readPolicy } from './policy.ts';
import { takePrepared } from './prepared.ts';
import { type ResolvedCommit, resolveCommits } from './resolve.ts';
import { compactNowAndThen, settle } from './settle.ts';

/**
 * `post-commit`, `post-applypatch`: where the message does not name a record that fits (hooks bypassed, a conflict
 * resolved in a rebase, an amend taken for a new commit), makes it and points to it by a note; then settles the pending
 * state, and signs the record if the person wants that.
 *
 * @returns what a person should hear
 */
export async function afterCommit(place: Place): Promise<string[]> {
  const { repository, ledger } = place;
  const [[facts], settings] = await Promise.all([readCommits(repository.git, ['HEAD']), readSettings(repository.git)]);
  if (!facts) return [];
  // A hook and an editor that sees the new HEAD would both note it.
  const digest = await withLock(path.join(ledger.folder, 'commit'), () => recordOf(place, facts));
  // What a rebase makes of the commit in the end, `post-rewrite` tells.
  if (!(await isRebaseUnderWay(repository.gitDir))) await tellOtherTools(place, [facts.commit], settings);
  await compactNowAndThen(place);
  return digest !== null && isYes(settings.get('signrecords')) ? await sign(repository.git, digest) : [];
}

/**
 * For an editor that sees another HEAD: a commit that was made here and that no hook of ours saw (another git client, hooks
 * that are not called) gets its record by a note. What was fetched, picked or checked out is left alone.
 *
 * @param before the commit that HEAD was at
 */
export async function afterUnhookedCommit(place: Place, before: string): Promise<void> {
  const { git } = place.repository;
  const [[facts], action] = await Promise.all([
    readCommits(git, ['HEAD']),
    git.ask(['log', '--walk-reflogs', '--max-count=1', '--format=%gs', 'HEAD']),
  ]);
  if (!facts || facts.claimed.length + facts.noted.length > 0 || !/^commit( \(\w+\))?:/.test(action ?? '')) return;
  const isOnTop = facts.parents.includes(before);
  if (isOnTop || (await isAmendOf(git, before, facts))) await afterCommit(place);
}

/**
 * For commits that are known to be made here and seen by no hook (by id, the oldest first): each gets its record by a note,
 * if anything is known of its lines. One that somebody has noted meanwhile is left alone.
 */
export async function afterUnhookedCommits(place: Place, commits: readonly string[]): Promise<void> {
  const { git } = place.repository;
  await withLock(path.join(place.ledger.folder, 'commit'), async () => {
    for (const facts of await readCommits(git, commits)) {
      if (facts.claimed.length + facts.noted.length === 0) await recordOf(place, facts);
    }
  });
  await tellOtherTools(place, commits, await readSettings(git));
}

async function isAmendOf(git: Git, before: string, { parents }: CommitFacts): Promise<boolean> {
  const [former] = await readCommits(git, [before]);
  return former?.parents.join() === parents.join();
}

/** @returns the digest of the record that was made for just this commit, by `commit-msg` or now */
async function recordOf(place: Place, facts: CommitFacts): Promise<string | null> {
  const { git } = place.repository;
  const prepared = takePrepared(place);
  const digest = prepared?.digest ?? null;
  const isOnSameParents = prepared?.parents.join() === facts.parents.join();
  const isPrepared = digest === null ? prepared?.tree === facts.tree : facts.claimed.includes(digest);
  if (prepared && isOnSameParents && isPrepared) {
    await settle(place, facts.commit, prepared.paths);
    return digest;
  }
  const [resolved] = await resolveCommits(git, [facts.commit]);
  if (!resolved) return null;
  const paths = resolved.files.map((file) => file.path);
  // The style is to write nothing, or another hook has written the message anew.
  const isSilent = isOnSameParents && digest !== null && (await isOfChange(git, digest, resolved));
  if (isSilent) await noteRecord(git, facts.commit, digest);
  const base = facts.parents[0] ?? null;
  // What it was told of for another parent, it is to be told of again.
  const mistaken = prepared && !isOnSameParents ? (prepared.parents[0] ?? null) : undefined;
  const actions = isSilent ? [] : pendingActions(place, base, mistaken);
  const made = isSilent ? digest : await noteWhatIsKnown(place, resolved, isPrepared, actions);
  if (made !== null && actions.length > 0) await noteTold(place, base, mistaken);
  await settle(place, facts.commit, paths);
  return made;
}

async function isOfChange(git: Git, digest: string, { files }: ResolvedCommit): Promise<boolean> {
  const record = (await readRecords(git, [digest])).get(digest);
  return record !== undefined && typeof record !== 'string' && isRecordOf(record, files);
}

/** Last of all: a record without a signature is one all the same. */
async function sign(git: Git, digest: string): Promise<string[]> {
  try {
    await signRecord(git, digest);
    return [];
  } catch (error) {
    return [`the record of this commit is not signed: ${messageOf(error)}`];
  }
}

/** Notes in the form of Git AI, where the repository has them. */
async function tellOtherTools({ repository }: Place, commits: readonly string[], settings: Settings): Promise<void> {
  const { git } = repository;
  if (!mayUseGitAiNotes(repository, settings)) return;
  await writeGitAiNotes(git, await resolveCommits(git, commits, { onlyNamed: true }), settings);
}

/** `post-merge`: a merge has its commit by now; what was only fast-forwarded to is others' and has what they gave it. */
export async function afterMerge(place: Place): Promise<string[]> {
  const [facts] = await readCommits(place.repository.git, ['HEAD']);
  return facts && facts.parents.length > 1 ? await afterCommit(place) : [];
}

/**
 * Makes the record of a commit that has none of just this change, and points to it by a note, where the pending state
 * knows lines that the records it names do not.
 *
 * @param isMisjudged `commit-msg` took the commit for another one: the record that it named tells of another change
 * @param actions what assistants' commands did for it
 * @returns the digest of the record, if one was made
 */
async function noteWhatIsKnown(
  place: Place,
  resolved: ResolvedCommit,
  isMisjudged: boolean,
  actions: readonly Actions[] = [],
): Promise<string | null> {
  const { git } = place.repository;
  const { commit, facts, files, records } = resolved;
  const isTold = (record: ProvenanceRecord): boolean =>
    isRecordOf(record, files) && (!isMisjudged || canonicalJson(record.actions ?? []) === canonicalJson([...actions]));
  if (records.some(({ found }) => typeof found !== 'string' && isTold(found))) return null;
  const pending = await readTreeChange(place, facts.parents, commit);
  // A commit that is picked may have no more than a note, which does not come along.
  const amended = await amendedDigests(git);
  const ours =
    amended.length > 0 || hasUnknown(pending)
      ? await fillFromHistory(git, pending, await sourcesOf(place, facts.message, amended, facts.parents[0]))
      : pending;
  const { merged, gained } = merge(files, ours);
  if (gained === 0 && !isMisjudged) return null;
  const sealed = await judged(place.repository, { ...resolved, files: merged }, actions);
  if (!sealed) return null;
  await writeRecord(git, sealed.digest, sealed.bytes);
  await noteRecord(git, commit, sealed.digest);
  return sealed.digest;
}

/** The record of a commit that is there already, with its risk; none where there is nothing to say of it. */
async function judged(
  repository: Repository,
  commit: ResolvedCommit,
  actions: readonly Actions[],
): Promise<SealedRecord | undefined> {
  if (!isTelling(commit.files, actions)) return undefined;
  // Loaded where it is needed: mostly a commit has its record.
  const { assessCommit } = await import('./commitRisk.ts');
  const known = { actions, policy: readPolicy(repository), budget: historyBudget };
  const { risk, validations } = await assessCommit(repository, commit, known);
  return previewOf(commit.files, actions, { risk, policy: undefined, validations }).sealed;
}

/** What the commit that HEAD has just replaced names, by git's own log of HEAD; nothing where it replaced none. */
async function amendedDigests(git: Git): Promise<string[]> {
  const log = await git.ask(['log', '--walk-reflogs', '--max-count=2', '--format=%H %gs', 'HEAD']);
  const [last = '', before = ''] = (log ?? '').split('\n');
  if (!/^\S+ commit \(amend\):/.test(last)) return [];
  const [former] = await readCommits(git, [before.slice(0, before.indexOf(' '))]);
  return former ? [...former.claimed, ...former.noted] : [];
}

/** What the records say of each line, and what the pending state knows where they say nothing. */
function merge(
  recorded: readonly FileChange[],
  ours: readonly FileChange[],
): { readonly merged: readonly FileChange[]; readonly gained: number } {
  const byPath = new Map(ours.map((file) => [file.path, new Map(file.lines.map((line) => [line.number, line]))]));
  let gained = 0;
  const merged = recorded.map((file) => ({
    ...file,
    lines: file.lines.map((line) => {
      const own = byPath.get(file.path)?.get(line.number);
      if (line.class !== 'unknown' || !own || own.class === 'unknown') return line;
      gained++;
      return own;
    }),
  }));
  return { merged, gained };
}

/** A commit that git made in place of others. */
export interface Rewrite {
  readonly old: string;
  readonly new: string;
}

/** So many rewritten commits are looked at together. */
const rewriteBatch = 1000;

/**
 * `post-rewrite`: a new commit whose message no longer names all the records that its lines need (a fixup, a message
 * written anew, a record that only a note had named) gets them by a note (DESIGN 3.3).
 */
export async function afterRewrite(place: Place, rewrites: readonly Rewrite[]): Promise<void> {
  const { git } = place.repository;
  const sources = new Map<string, string[]>();
  for (const rewrite of rewrites) {
    if (rewrite.old === rewrite.new) continue;
    sources.set(rewrite.new, [...(sources.get(rewrite.new) ?? []), rewrite.old]);
  }
  const rewritten = [...sources.keys()];
  for (let start = 0; start < rewritten.length; start += rewriteBatch) {
    const batch = rewritten.slice(start, start + rewriteBatch);
    const olds = batch.flatMap((commit) => sources.get(commit) ?? []);
    const read = await readCommits(git, [...new Set([...batch, ...olds])]);
    const facts = new Map(read.map((entry) => [entry.commit, entry]));
    await noteDropped(git, droppedDigests(facts, batch, sources));
    await noteRestored(place, facts, batch, sources);
    await noteJoined(
      place,
      batch.filter((commit) => (sources.get(commit) ?? []).length > 1),
    );
    await tellOtherTools(place, batch, await readSettings(git));
  }
}

/** By new commit, the digests that those it was made from name and it does not. */
function droppedDigests(
  facts: ReadonlyMap<string, CommitFacts>,
  commits: readonly string[],
  sources: ReadonlyMap<string, readonly string[]>,
): Map<string, string[]> {
  const named = new Map(
    [...facts].map(([commit, { claimed, noted, mentioned }]) => [commit, [...claimed, ...noted, ...mentioned]]),
  );
  const dropped = new Map<string, string[]>();
  for (const commit of commits) {
    const own = new Set(named.get(commit));
    const before = (sources.get(commit) ?? []).flatMap((old) => named.get(old) ?? []);
    const missing = [...new Set(before)].filter((digest) => !own.has(digest));
    if (missing.length > 0) dropped.set(commit, missing);
  }
  return dropped;
}

/** Notes those of the dropped records that know lines which the commit's own do not. */
async function noteDropped(git: Git, dropped: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const commits = [...dropped.keys()];
  const own = await resolveCommits(git, commits);
  const needing = own.filter(({ files }) => files.some(({ lines }) => lines.some((line) => line.class === 'unknown')));
  const besides = new Map(needing.map(({ commit }) => [commit, dropped.get(commit) ?? []]));
  const noted = new Map<string, string[]>();
  for (const { commit, records, files } of await resolveCommits(git, [...besides.keys()], { besides })) {
    const before = own.find((entry) => entry.commit === commit);
    if (!before || knownLines(files) === knownLines(before.files)) continue;
    const useful = new Set(dropped.get(commit));
    const helping = records.filter(({ digest, found }) => useful.has(digest) && typeof found !== 'string');
    noted.set(
      commit,
      helping.map(({ digest }) => digest),
    );
  }
  await noteRecords(git, noted);
}

/** Of a line that several of the joined commits had changed, their records know parts: the pending state may know all. */
async function noteJoined(place: Place, commits: readonly string[]): Promise<void> {
  for (const resolved of await resolveCommits(place.repository.git, commits)) {
    if (hasUnknown(resolved.files)) await noteWhatIsKnown(place, resolved, false);
  }
}

/** What a revert brought back is known by its message: where the new one says nothing of it, a record does. */
async function noteRestored(
  { repository }: Place,
  facts: ReadonlyMap<string, CommitFacts>,
  commits: readonly string[],
  sources: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  const { git } = repository;
  for (const commit of commits) {
    const still = new Set(facts.get(commit)?.reverted);
    const isForgotten = (old: string): boolean => facts.get(old)?.reverted.some((id) => !still.has(id)) ?? false;
    for (const before of await resolveCommits(git, (sources.get(commit) ?? []).filter(isForgotten))) {
      const sealed = await judged(repository, before, []);
      if (!sealed) continue;
      await writeRecord(git, sealed.digest, sealed.bytes);
      await noteRecord(git, commit, sealed.digest);
    }
  }
}

function knownLines(files: readonly FileChange[]): number {
  return files.reduce((sum, { lines }) => sum + lines.filter((line) => line.class !== 'unknown').length, 0);
}
