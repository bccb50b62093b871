import type { FileChange } from '../core/change.ts';
import type { PolicyOutcome } from '../core/policy/outcome.ts';
import type { Policy } from '../core/policy/policy.ts';
import { describeShortfall, outcomeOf, shortfallsOf } from '../core/policy/shortfalls.ts';
import type { Risk, RiskLevel } from '../core/risk/risk.ts';
import type { Validations } from '../core/validation/validation.ts';
import { isHistoryBeingReplayed } from '../git/operation.ts';
import type { Place } from './place.ts';

/** A commit stops, because a policy requires something that is missing: no failure of ours. */
export class CommitRefused extends Error {
  override readonly name = 'CommitRefused';
  /** What a person should hear, a line each. */
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join(' '));
    this.lines = lines;
  }
}

/** How a commit stands to the policy. */
export interface CommitJudgement {
  readonly outcome: PolicyOutcome;
  /** What is missing, for a person. */
  readonly missing: readonly string[];
}

/** Where a person says why a commit is to go on. */
const reasonVariable = 'COUNTERSIGN_OVERRIDE';
/** In characters. */
const maxReasonLength = 200;
/** Things that are named of what is missing. */
const maxNamed = 3;

/** Whether a commit of any level has to meet the policy: what is required of one level is required of those above. */
export function requiresAnything(policy: Policy): boolean {
  return policy.prompt.critical === 'require';
}

/**
 * What the policy says of the commit under way; `undefined` where it requires nothing of a change of this level, and where
 * git replays commits that were made before.
 */
export async function judgeCommit(
  { repository }: Place,
  policy: Policy,
  { files, risk, validations }: { files: readonly FileChange[]; risk: Risk; validations: Validations },
): Promise<CommitJudgement | undefined> {
  if (policy.prompt[risk.level] !== 'require' || (await isHistoryBeingReplayed(repository))) return undefined;
  // That validations could not be read is no fault of the change.
  const areKnown = !risk.without.some(({ what }) => what === 'validation');
  const shortfalls = shortfallsOf(policy, risk.level, files, areKnown ? validations : undefined);
  if (!shortfalls) return undefined;
  return { outcome: outcomeOf(shortfalls, reasonToGoOn()), missing: shortfalls.map(describeShortfall) };
}

/** @throws CommitRefused where something is missing and no person said to go on without it */
export function requireMet({ outcome, missing }: CommitJudgement, level: RiskLevel): void {
  if (outcome.result !== 'missing') return;
  const named = missing.slice(0, maxNamed).map((each) => `  ${each}`);
  const more = missing.length > maxNamed ? [`  and ${missing.length - maxNamed} more`] : [];
  throw new CommitRefused([
    `the policy stops this commit (risk ${level}), for it lacks:`,
    ...named,
    ...more,
    `to go on: get that, or say why not: ${reasonVariable}="..." git commit, or git commit --no-verify`,
  ]);
}

/** What the person says, in one line that can be kept; none where that is nothing. */
function reasonToGoOn(): string | undefined {
  const reason = process.env[reasonVariable]?.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim();
  return reason ? [...reason].slice(0, maxReasonLength).join('') : undefined;
}
