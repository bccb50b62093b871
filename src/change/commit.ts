import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Actions } from '../core/actions.ts';
import { type FileChange, hasUnknown } from '../core/change.ts';
import type { PolicyOutcome } from '../core/policy/outcome.ts';
import { isTelling, type SealedRecord, sealRecord } from '../core/record.ts';
import { assessRisk } from '../core/risk/assess.ts';
import type { Risk } from '../core/risk/risk.ts';
import {
  defaultStyle,
  formerNamingTrailers,
  isTrailerStyle,
  type Trailer,
  type TrailerStyle,
  trailerStyles,
  trailersOf,
} from '../core/trailers.ts';
import type { Validations } from '../core/validation/validation.ts';
import type { CommitFacts } from '../git/commits.ts';
import type { DiffFile } from '../git/diff.ts';
import { type Git, GitError } from '../git/git.ts';
import { readHead } from '../git/head.ts';
import {
  type MessageBytes,
  type MessageRules,
  messageParts,
  messageRules,
  messageSettings,
  ownWords,
  readMessage,
  trailerLines,
  withoutTrailers,
  withTrailers,
  writeMessage,
} from '../git/message.ts';
import { isRebaseUnderWay } from '../git/operation.ts';
import { readRecords, writeRecord } from '../git/records.ts';
import type { Repository } from '../git/repository.ts';
import { isYes, readConfiguration, type Settings, settingsOf } from '../git/settings.ts';
import { version } from '../version.ts';
import { noteTold, pendingActions } from './actions.ts';
import { ChangedFiles } from './changedFiles.ts';
import { type CommitJudgement, judgeCommit, requireMet, requiresAnything } from './commitPolicy.ts';
import { mayUseGitAiNotes } from './gitAiUse.ts';
import { noteSeenCommit } from './journal.ts';
import { attributeStaged, diffStaged, readTreeChange } from './pending.ts';
import type { Place } from './place.ts';
import { type ReadPolicy, readPolicy } from './policy.ts';
import { prepare } from './prepared.ts';
import { assessChange } from './risk.ts';
import { willBeSettled } from './settle.ts';
import { isUntouchedTemplate, rememberTemplate } from './template.ts';
import { readValidations } from './validation.ts';

/** What a commit carries. */
export interface CommitPreview {
  readonly files: readonly FileChange[];
  readonly risk: Risk;
  /** What the policy requires of the commit, and whether it is there; none where it requires nothing. */
  readonly judgement?: CommitJudgement | undefined;
  /** None where nothing is known of any line. */
  readonly sealed: SealedRecord | undefined;
}

/** What is known of a change besides its lines and what assistants' commands did for it. */
interface Known {
  readonly risk: Risk;
  /** How it stands to the policy, where that requires something of it. */
  readonly policy: PolicyOutcome | undefined;
  readonly validations: Validations;
}

/** The record of a change, for which assistants' commands did this. */
export function previewOf(
  files: readonly FileChange[],
  actions: readonly Actions[] = [],
  known: Known = { risk: assessRisk({ files, actions }), policy: undefined, validations: { runs: [], scans: [] } },
): CommitPreview {
  const facts = { ...known, actions, time: new Date().toISOString(), program: `countersign/${version}` };
  return { files, risk: known.risk, sealed: sealRecord(files, facts) };
}

/** In ms: what the history may take of a commit's time. */
export const historyBudget = 150;

/** What the commit under way will be: its parents, and the commit that it replaces if it is an amend. */
interface Origin {
  readonly parents: readonly string[];
  readonly amended?: CommitFacts;
}

/** What is asked of the repository before a commit, side by side. */
interface Surroundings {
  readonly rules: MessageRules;
  readonly settings: Settings;
  readonly policy: ReadPolicy;
  readonly style: TrailerStyle;
  /** What is set and is no style. */
  readonly wrongStyle: string | undefined;
  readonly head: CommitFacts | null;
  /** What the index of the calling hook has over HEAD, which mostly is the commit's change; none on an unborn branch. */
  readonly staged: readonly DiffFile[] | undefined;
}

async function surroundingsOf({ repository }: Place): Promise<Surroundings> {
  const { git } = repository;
  const reading = readConfiguration(git, `${messageSettings}|^countersign\\.`);
  const [configuration, policy, head, staged] = await Promise.all([
    reading,
    readPolicy(repository, { settings: reading.then(settingsOf) }),
    readHead(repository),
    diffStaged(git, 'HEAD').catch(nothingStaged),
  ]);
  const settings = settingsOf(configuration);
  const wanted = policy.policy.trailers ?? settings.get('trailers') ?? defaultStyle;
  const isKnown = isTrailerStyle(wanted);
  return {
    rules: messageRules(configuration),
    settings,
    policy,
    style: isKnown ? wanted : defaultStyle,
    wrongStyle: isKnown ? undefined : wanted,
    head,
    staged,
  };
}

/** The tree that git is about to write, under the index of the calling hook. */
function treeToCome({ git }: Repository): Promise<string> {
  return git.text(['write-tree']);
}

/** Git could not compare with HEAD: it may be unborn, and if not, the next question fails too. */
function nothingStaged(error: unknown): undefined {
  if (error instanceof GitError && error.reason === 'failed') return undefined;
  throw error;
}

/**
 * The record of the commit under way: of the tree that git is about to write. Lines that the pending state does not know
 * have the origin that history knows of them.
 */
async function previewOrigin(
  place: Place,
  message: string,
  { parents, amended }: Origin,
  { policy, head, staged }: Surroundings,
): Promise<CommitPreview> {
  const isPlain = parents.length === 1 && parents[0] === head?.commit;
  const texts = new ChangedFiles();
  const read =
    isPlain && staged
      ? await attributeStaged(place, staged, texts)
      : await readTreeChange(place, parents, await treeToCome(place.repository), texts);
  const actions = pendingActions(place, parents[0] ?? null);
  const files = amended || hasUnknown(read) ? await withHistory(place, message, read, amended, parents[0]) : read;
  // Where there is no record, and the policy requires nothing, nobody will ask.
  if (!(isTelling(files, actions) || requiresAnything(policy.policy))) return previewOf(files, actions);
  const { risk, validations } = await assessChange(place.repository, {
    ...{ files, texts, actions },
    policy: Promise.resolve(policy),
    facts: { base: parents[0] ?? null, message, budget: historyBudget, ...authorOfCommit() },
    validations: (of) => readValidations(place, { staged: true, files: of }),
  });
  const judgement = await judgeCommit(place, policy.policy, { files, risk, validations });
  return { ...previewOf(files, actions, { risk, policy: judgement?.outcome, validations }), judgement };
}

/** Git tells its hooks whose commit it is. */
function authorOfCommit(): { readonly author?: string } {
  const { GIT_AUTHOR_NAME: author } = process.env;
  return author === undefined ? {} : { author };
}

/** The lines that the pending state does not know, as history knows them. */
async function withHistory(
  place: Place,
  message: string,
  files: readonly FileChange[],
  amended: CommitFacts | undefined,
  parent: string | undefined,
): Promise<readonly FileChange[]> {
  // Loaded where it is needed: most commits do without.
  const { fillFromHistory, sourcesOf } = await import('./history.ts');
  const sources = await sourcesOf(place, message, amended ? [...amended.claimed, ...amended.noted] : [], parent);
  return await fillFromHistory(place.repository.git, files, sources);
}

/** What the commit under way will carry, as far as can be told before its message is written. */
export async function previewCommit(
  place: Place,
  message: string,
): Promise<CommitPreview & { readonly trailers: readonly Trailer[] }> {
  const surroundings = await surroundingsOf(place);
  const { style } = surroundings;
  const origin = await originOf(place.repository, surroundings, message);
  const preview = await previewOrigin(place, message, origin, surroundings);
  const { files, sealed, risk } = preview;
  return { ...preview, trailers: sealed ? trailersOf(files, sealed, risk, { style }) : [] };
}

/** `prepare-commit-msg`: keeps in mind what a template says, or that the message does not begin with one. */
export async function noteTemplate({ repository, ledger }: Place, file: string, source: string | undefined) {
  if (source !== 'template') return rememberTemplate(ledger.folder, undefined);
  const [message, configuration] = await Promise.all([
    readMessage(file),
    readConfiguration(repository.git, messageSettings),
  ]);
  rememberTemplate(ledger.folder, ownWords(message, messageRules(configuration), true));
}

/**
 * Git does not tell a hook that a commit is an amend; HEAD's digest in the message shows it, or HEAD's author and author
 * date in the environment when that date is past. Where this is wrong, `afterCommit` notes the right record.
 */
async function originOf(repository: Repository, { head }: Surroundings, message: string): Promise<Origin> {
  if (head === null) return { parents: [] };
  const merged = await readFile(path.join(repository.gitDir, 'MERGE_HEAD'), 'utf8').catch(() => '');
  if (merged !== '') return { parents: [head.commit, ...merged.split('\n').filter((line) => line !== '')] };
  const amends = head.claimed.some((digest) => message.includes(digest)) || (await isAmend(repository, head));
  return amends ? { parents: head.parents, amended: head } : { parents: [head.commit] };
}

/**
 * An amend keeps HEAD's author and date; a new commit within the same second would too, so the date must be past. In a
 * rebase git itself amends HEAD, to give just this commit other words.
 */
async function isAmend(repository: Repository, { author, tree }: CommitFacts): Promise<boolean> {
  const { GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL, GIT_AUTHOR_DATE } = process.env;
  if (GIT_AUTHOR_DATE === undefined) return false;
  const isSameDate = GIT_AUTHOR_DATE.replace(/^@/, '') === author.date;
  const isSame = GIT_AUTHOR_NAME === author.name && GIT_AUTHOR_EMAIL === author.email && isSameDate;
  if (!isSame || Date.now() / 1000 - Number(author.date.split(' ')[0]) > 2) return isSame;
  return (await isRebaseUnderWay(repository.gitDir)) && (await treeToCome(repository)) === tree;
}

/**
 * `commit-msg`: stores the record and writes the trailers into the message file, all of it or nothing. A message without
 * words of a person's gets none, so that git still aborts the commit; without trailers `afterCommit` notes the record.
 *
 * @returns what a person should hear
 * @throws CommitRefused where the policy requires something that is missing
 */
export async function recordCommit(place: Place, messageFile: string): Promise<string[]> {
  const edited = process.env['GIT_EDITOR'] !== ':';
  const [original, surroundings] = await Promise.all([readMessage(messageFile), surroundingsOf(place)]);
  const message = await messageToCommit(place, original, surroundings, edited);
  if (message !== original) await writeMessage(messageFile, message);
  return [...policyProblem(surroundings.policy), ...styleProblem(surroundings.wrongStyle)];
}

/** One line at each commit: a screenful is for `countersign doctor`. */
function policyProblem({ problems: [first, ...more] }: ReadPolicy): string[] {
  if (first === undefined) return [];
  return [more.length > 0 ? `${first} (and ${more.length} more: "countersign doctor" tells them)` : first];
}

function styleProblem(wrongStyle: string | undefined): string[] {
  if (wrongStyle === undefined) return [];
  const known = trailerStyles.join(', ');
  return [`countersign.trailers is ${JSON.stringify(wrongStyle)}, taken as ${defaultStyle}: there are ${known}`];
}

async function messageToCommit(
  place: Place,
  original: MessageBytes,
  surroundings: Surroundings,
  edited: boolean,
): Promise<MessageBytes> {
  const { rules, style, settings } = surroundings;
  const { repository, ledger } = place;
  const { git } = repository;
  const parts = messageParts(original, rules, edited);
  const shown = `${parts.words}${parts.tail}` as MessageBytes;
  const own = ownWords(original, rules, edited);
  if (own.length === 0 || isUntouchedTemplate(ledger.folder, own)) return shown;

  const origin = await originOf(repository, surroundings, parts.words);
  const [former, { files, sealed, risk, judgement }] = await Promise.all([
    origin.amended ? formerTrailers(git, origin.amended) : undefined,
    previewOrigin(place, parts.words, origin, surroundings),
  ]);
  if (judgement) requireMet(judgement, risk.level);
  const paths = files.map((file) => file.path);
  const prepared = {
    ...{ parents: [...origin.parents], digest: sealed?.digest ?? null, paths },
    ...(!sealed && { tree: await treeToCome(repository) }),
  };
  const isMore = style === 'none' || isYes(settings.get('signrecords')) || mayUseGitAiNotes(repository, settings);
  prepare(place, prepared, !isMore && willBeSettled(place, paths));
  if (prepared.tree !== undefined) await noteSeenCommit(place, prepared.tree);
  if (sealed?.record.actions) await noteTold(place, origin.parents[0] ?? null);
  const words = former ? withoutTrailers(parts.words, former) : parts.words;
  if (!sealed) return `${words}${parts.tail}` as MessageBytes;
  const trailers = trailersOf(files, sealed, risk, { style, present: trailerLines(words) });
  const [message] = await Promise.all([
    withTrailers(git, ledger.folder, { ...parts, words }, trailers, rules),
    writeRecord(git, sealed.digest, sealed.bytes),
  ]);
  return message;
}

/** The lines that name assistants which we wrote into a commit, by its records: an amend writes them anew. */
async function formerTrailers(git: Git, { claimed }: CommitFacts): Promise<Trailer[]> {
  const records = [...(await readRecords(git, claimed)).values()];
  return formerNamingTrailers(records.flatMap((found) => (typeof found === 'string' ? [] : found.authors)));
}
