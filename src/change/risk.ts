import type { Actions } from '../core/actions.ts';
import type { FileChange } from '../core/change.ts';
import { neededReviewers } from '../core/policy/judgements.ts';
import { builtInPolicy, type Policy, type Reviewers } from '../core/policy/policy.ts';
import { assessRisk } from '../core/risk/assess.ts';
import type { Finding } from '../core/risk/content.ts';
import { touchedFiles } from '../core/risk/facts.ts';
import type { ModelAnswer, SensitivePath } from '../core/risk/input.ts';
import type { Risk, RiskLevel } from '../core/risk/risk.ts';
import type { Validations } from '../core/validation/validation.ts';
import { authorName } from '../git/author.ts';
import type { ChangeFacts } from '../git/history/changeFeatures.ts';
import type { Repository } from '../git/repository.ts';
import { headCommit } from '../git/workTree.ts';
import { pendingActions } from './actions.ts';
import { Attempts } from './attempts.ts';
import { ChangedFiles } from './changedFiles.ts';
import { readPending } from './pending.ts';
import type { Place } from './place.ts';
import { type PolicyOptions, type ReadPolicy, readPolicy } from './policy.ts';
import { readValidations } from './validation.ts';

/** A change that has been read, and what is known of it besides. */
export interface ReadChange {
  readonly files: readonly FileChange[];
  /** What the rules on content look at. */
  readonly texts: ChangedFiles;
  readonly actions: readonly Actions[];
  /** What it begins from, its message and the time that its history may take. */
  readonly facts: ChangeFacts;
  readonly policy: Promise<ReadPolicy>;
  readonly validations: (files: readonly FileChange[]) => Promise<Validations>;
}

/** The risk of a change, and those of its parts that are told by themselves, too. */
export interface Assessment {
  readonly risk: Risk;
  readonly validations: Validations;
  readonly policy: Policy;
  /** Who must review a change of this level by the policy; none where nobody must. */
  readonly reviewers: Reviewers | undefined;
}

/** The pending change and its risk. */
export interface PendingAssessment extends Assessment {
  readonly files: readonly FileChange[];
  readonly actions: readonly Actions[];
}

export interface PendingOptions extends PolicyOptions {
  /** The index alone. */
  readonly staged: boolean;
  /** In ms, for the history; without it the whole is read where there is no index. */
  readonly budget?: number;
}

/** What a person waits for the history, in ms, who has not asked for it: an index is quicker. */
const readingBudget = 1_500;

/** Reads the pending change, and judges it. */
export async function assessPending(
  place: Place,
  { staged, budget = readingBudget, ...options }: PendingOptions,
): Promise<PendingAssessment> {
  const texts = new ChangedFiles();
  const policy = readPolicy(place.repository, options);
  // The rules on content are loaded while git still compares; what fails is told where it is used.
  policy.then(() => import('./contentRules.ts')).catch(() => undefined);
  const head = headCommit(place.repository);
  const author = authorName(place.repository.git);
  author.catch(() => undefined);
  const [files, base] = await Promise.all([readPending(place, { staged, texts, head }), head]);
  const actions = pendingActions(place, base);
  const validations = (of: readonly FileChange[]) => readValidations(place, { staged, files: of });
  const read = { files, texts, actions, facts: { base, budget, author }, policy, validations };
  return { files, actions, ...(await assessChange(place.repository, read)) };
}

/** Judges a change that has been read: gathers what else the score is made of side by side, and does without what fails. */
export async function assessChange(repository: Repository, change: ReadChange): Promise<Assessment> {
  const { files, actions } = change;
  const attempts = new Attempts();
  const [read, validations, findings, model] = await Promise.all([
    attempts.ask('policy', () => change.policy),
    attempts.ask('validation', () => change.validations(files)),
    attempts.ask('content', () => contentFindings(change.texts, attempts)),
    attempts.ask('model', () => askModel(repository, change, attempts)),
  ]);
  for (const problem of read?.problems ?? []) attempts.note('policy', problem);
  const policy = read?.policy ?? builtInPolicy;
  const sensitive = await attempts.ask('sensitive paths', () => sensitivePaths(files, policy));
  const risk = assessRisk({
    ...{ files, actions, policy, without: attempts.without },
    ...(validations && { validations }),
    ...(findings && { findings }),
    ...(sensitive && { sensitive }),
    ...(model && { model }),
  });
  const reviewers = files.length > 0 ? reviewersAt(policy, risk.level) : undefined;
  return { risk, validations: validations ?? { runs: [], scans: [] }, policy, reviewers };
}

function reviewersAt(policy: Policy, level: RiskLevel): Reviewers | undefined {
  const reviewers = neededReviewers(policy, level);
  return reviewers.count + reviewers.named.length > 0 ? reviewers : undefined;
}

/** What the rules on content find; their parsers are loaded where there is something to look at. */
async function contentFindings(texts: ChangedFiles, attempts: Attempts): Promise<readonly Finding[]> {
  if (texts.skipped > 0) attempts.note('content', `${texts.skipped} files are too many or too large to look into`);
  const written = texts.files.filter(({ apart }) => apart === undefined);
  if (written.length === 0) return [];
  const rules = await import('./contentRules.ts');
  const { findings, skipped } = await rules.contentFindings(written);
  const [first, ...more] = skipped;
  if (first) {
    const others = more.length > 0 ? `, and ${more.length} more files` : '';
    attempts.note('content', `${first.path}: ${first.reason}${others}`);
  }
  return findings;
}

async function askModel(
  repository: Repository,
  { files, texts, facts }: ReadChange,
  attempts: Attempts,
): Promise<ModelAnswer | undefined> {
  if (files.length === 0) return undefined;
  const { featuresOfChange } = await import('../git/history/changeFeatures.ts');
  const { modelAnswer } = await import('../core/risk/modelAnswer.ts');
  const { modelName } = await import('../core/risk/modelName.ts');
  const { readCalibration } = await import('../git/history/calibrationFile.ts');
  const { features, reference, without } = await featuresOfChange(repository, files, {
    ...facts,
    linesBefore: texts.linesBefore,
  });
  for (const { what, why } of without) attempts.note(what, why);
  // Of binary files alone there is nothing to measure.
  if (features.files === 0) return undefined;
  return modelAnswer(features, reference, readCalibration(repository, modelName)?.variants);
}

/** The files in areas where a mistake costs more: the built-in ones, and the policy's. */
async function sensitivePaths(files: readonly FileChange[], policy: Policy): Promise<SensitivePath[]> {
  if (files.length === 0 || policy.floors['sensitive-path'] === 0) return [];
  const [{ sensitiveAreas, sensitiveGlobs, SensitivePaths }, { mayMatch }] = await Promise.all([
    import('../core/risk/sensitive.ts'),
    import('../core/globLiterals.ts'),
  ]);
  const written = touchedFiles(files).filter(({ apart }) => apart !== 'generated' && apart !== 'vendored');
  const paths = written.flatMap(({ path, oldPath = '' }) => [path, oldPath]).join('\n');
  const text = paths.toLowerCase();
  const { added, without } = policy.sensitive;
  const builtIn = sensitiveAreas
    .filter((area) => !without.has(area))
    .map((area) => [area, sensitiveGlobs[area]] as const);
  // An automaton of all the globs takes a hook longer than all else that is asked here, and few of them can match.
  const areas = new SensitivePaths<string>(
    [...builtIn, ...added].map(([area, globs]) => [area, globs.filter((glob) => mayMatch(glob, text))] as const),
  );
  return written.flatMap(({ path, oldPath }) => {
    const area = areas.areaOf(path) ?? (oldPath === undefined ? undefined : areas.areaOf(oldPath));
    return area === undefined ? [] : [{ path, area }];
  });
}
