import { apartReason, isLfsPointer } from '../core/apart.ts';
import type { Reviewers } from '../core/policy/policy.ts';
import type { Risk } from '../core/risk/risk.ts';
import { subjectOf } from '../core/subject.ts';
import { diffCommits } from '../git/commitDiffs.ts';
import type { DiffFile } from '../git/diff.ts';
import type { Git } from '../git/git.ts';
import { readObjects } from '../git/objects.ts';
import type { Repository } from '../git/repository.ts';
import { ChangedFiles } from './changedFiles.ts';
import { recordedActions } from './json.ts';
import { readPolicy } from './policy.ts';
import { recordedValidations } from './recordedValidations.ts';
import { eachResolved, type Fit, type ResolvedCommit } from './resolve.ts';
import { type Assessment, assessChange, type ReadChange } from './risk.ts';
import { textContent } from './texts.ts';

/** A commit and its risk: of its own change, on its parent, by the policy of today. */
export interface AssessedCommit {
  readonly commit: string;
  readonly subject: string;
  readonly fit: Fit;
  readonly risk: Risk;
  /** Whom the policy wants to review a change of this level; none where nobody must. */
  readonly reviewers: Reviewers | undefined;
}

export interface CommitRiskOptions {
  /** In ms, for the history of each commit. */
  readonly budget: number;
}

/** So many files are read at once. */
const batchSize = 500;

/**
 * Judges commits as they were made, one after the other in the order asked for: who wrote their lines and what validated
 * them is what their records say, and of lines without a record nobody knows the author.
 *
 * @param options `total`: in ms, once judging has taken so long the commits that are left go without what takes time of their history
 */
export async function* assessCommits(
  repository: Repository,
  commits: readonly string[],
  { budget, total = Number.POSITIVE_INFINITY }: CommitRiskOptions & { readonly total?: number },
): AsyncGenerator<AssessedCommit> {
  const policy = readPolicy(repository);
  policy.catch(() => undefined); // told where it is used
  let spent = 0;
  for await (const resolved of eachResolved(repository.git, commits)) {
    const { commit, facts, fit, records } = resolved;
    const known = { actions: recordedActions(records), policy, budget: Math.min(budget, Math.max(1, total - spent)) };
    const began = performance.now();
    const { risk, reviewers } = await assessCommit(repository, resolved, known);
    spent += performance.now() - began;
    yield { commit, subject: subjectOf(facts.message), fit, risk, reviewers };
  }
}

/** Judges one commit as it was made. @param known what assistants did for it, the policy, and the time for its history in ms */
export async function assessCommit(
  repository: Repository,
  resolved: ResolvedCommit,
  known: Pick<ReadChange, 'actions' | 'policy'> & CommitRiskOptions,
): Promise<Assessment> {
  const { facts, parents, files } = resolved;
  return await assessChange(repository, {
    files,
    texts: await textsOf(repository.git, resolved),
    actions: known.actions,
    facts: {
      ...{ base: parents[0] ?? null, message: facts.message, author: facts.author.name },
      ...{ time: Number(facts.author.date.split(' ')[0]), budget: known.budget },
    },
    policy: known.policy,
    validations: () => Promise.resolve(recordedValidations(resolved)),
  });
}

/** The texts of a commit's change, before and after it. */
async function textsOf(git: Git, { commit, parents }: ResolvedCommit): Promise<ChangedFiles> {
  const texts = new ChangedFiles();
  const { value: diff } = await diffCommits(git, [{ commit, parents }]).next();
  for (let start = 0; start < (diff?.length ?? 0); start += batchSize) {
    const batch = (diff as DiffFile[]).slice(start, start + batchSize);
    const ids = batch.filter((file) => texts.wants(file)).flatMap(({ oldId, newId }) => [oldId, newId]);
    const blobs = await readObjects(
      git,
      ids.filter((id) => !/^0*$/.test(id)),
    );
    const textOf = (id: string): string | undefined => {
      const content = blobs.get(id);
      const read = content && textContent(content);
      return read?.kind === 'text' && !isLfsPointer(read.text) ? read.text : undefined;
    };
    for (const file of batch) {
      const apart = apartReason(file.path);
      texts.add(file, () => ({
        ...{ before: textOf(file.oldId), after: textOf(file.newId) },
        ...(apart && { apart }),
      }));
    }
  }
  return texts;
}
