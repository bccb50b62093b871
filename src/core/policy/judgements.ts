import { countsOf, type FileChange } from '../change.ts';
import type { RiskLevel } from '../risk/risk.ts';
import type { RiskRule } from '../risk/rules.ts';
import { type Assistant, toolName } from '../trailers.ts';
import type { ValidationKind, Validations } from '../validation/validation.ts';
import { matcherOf } from './matcher.ts';
import { type Levels, type Policy, type PromptMode, type RequiredKind, type Reviewers, riskLevels } from './policy.ts';

/** The level of a score (0 to 100): the highest whose threshold it reaches. */
export function levelOf(score: number, levels: Levels): RiskLevel {
  return riskLevels.findLast((level) => level === 'low' || score >= levels[level]) ?? 'low';
}

/** The score that a change has at least where the rule finds the worst that it looks for; 0: the rule is off. */
export function floorOf(policy: Policy, rule: RiskRule): number {
  return policy.floors[rule];
}

/** What the commit of a change of this level asks of a person. */
export function promptMode(policy: Policy, level: RiskLevel): PromptMode {
  return policy.prompt[level];
}

/** Who must review a change of this level. */
export function neededReviewers(policy: Policy, level: RiskLevel): Reviewers {
  return policy.reviewers[level];
}

/** A kind of evidence that files of a change need and do not have. */
export interface MissingEvidence {
  readonly kind: RequiredKind;
  /**
   * What is wrong with what there is: there is nothing; files changed since (`stale`), or it was not noted what it ran on
   * (`unknown`); it `failed`; a scanner has `findings` on what the change brings; AI lines are not `reviewed`.
   */
  readonly why: 'none' | 'stale' | 'unknown' | 'failed' | 'findings' | 'unreviewed';
  /** The files of the change that need it, in the order of the change. */
  readonly paths: readonly string[];
}

/**
 * What the policy requires of these files, by their paths, and what is not there. A file that is renamed needs what both its
 * paths need, one that is listed apart (a lock file) what its path needs, and no review.
 */
export function missingEvidence(
  policy: Policy,
  files: readonly FileChange[],
  validations: Validations,
): MissingEvidence[] {
  return [...policy.evidence].flatMap(([kind, globs]): MissingEvidence[] => {
    const matches = matcherOf(globs);
    const needing = files.filter(({ path, oldPath }) => matches(path) || (oldPath !== undefined && matches(oldPath)));
    if (kind === 'review') {
      const unreviewed = needing.filter(isUnreviewed);
      return unreviewed.length > 0 ? [{ kind, why: 'unreviewed', paths: unreviewed.map(({ path }) => path) }] : [];
    }
    const why = needing.length > 0 ? lackOf(kind, validations) : undefined;
    return why === undefined ? [] : [{ kind, why, paths: needing.map(({ path }) => path) }];
  });
}

/** Whether AI lines of a file wait for a person to say that they were reviewed. */
export function isUnreviewed(file: FileChange): boolean {
  if (file.apart) return false;
  const { countsAsAi, reviewed } = countsOf(file);
  return reviewed < countsAsAi;
}

/** Why the validations of a kind do not do; `undefined` where one is good and current, and none that is current is bad. */
function lackOf(
  kind: ValidationKind,
  { runs, scans }: Validations,
): Exclude<MissingEvidence['why'], 'unreviewed'> | undefined {
  const results = [
    // One that was stopped shows nothing, neither good nor bad.
    ...runs
      .filter((run) => run.kind === kind && run.outcome !== 'stopped')
      .map(({ freshness, outcome }) => ({
        freshness,
        lack: outcome === 'passed' ? undefined : ('failed' as const),
      })),
    ...scans
      .filter((scan) => scan.kind === kind)
      .map(({ freshness, fresh }) => ({
        freshness,
        lack: fresh.length > 0 ? ('findings' as const) : undefined,
      })),
  ];
  const current = results.filter(({ freshness }) => freshness === 'current');
  const bad = current.find(({ lack }) => lack !== undefined);
  if (bad) return bad.lack;
  if (current.length > 0) return undefined;
  if (results.length === 0) return 'none';
  return results.some(({ freshness }) => freshness === 'stale') ? 'stale' : 'unknown';
}

/** Those of the assistants that the policy does not let write here, each tool and model once. */
export function notAllowed(policy: Policy, assistants: Iterable<Assistant>): Assistant[] {
  const found = new Map<string, Assistant>();
  for (const assistant of assistants) {
    const isAllowed = policy.assistants.every((list) => list.some((pattern) => isMeant(pattern, assistant)));
    if (!isAllowed) found.set(`${assistant.tool}\0${assistant.model ?? ''}`, assistant);
  }
  return [...found.values()].map(({ tool, model }) => ({ tool, ...(model !== undefined && { model }) }));
}

/** Whether `TOOL` or `TOOL:MODEL` means an assistant, by its id or its name; a model that is not known is only `*`. */
function isMeant(pattern: string, { tool, model = '' }: Assistant): boolean {
  const colon = pattern.indexOf(':');
  const [wanted, wantedModel] = colon < 0 ? [pattern, '*'] : [pattern.slice(0, colon), pattern.slice(colon + 1)];
  const isTool = matchesName(wanted, tool) || matchesName(wanted, toolName(tool));
  return isTool && (model === '' ? wantedModel === '*' : matchesName(wantedModel, model));
}

/** `*` stands for any characters, or none; letters match in either case. Each part of the pattern is looked for once. */
export function matchesName(pattern: string, name: string): boolean {
  const [first = '', ...parts] = pattern.toLowerCase().split('*');
  const text = name.toLowerCase();
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
