import type { FileChange } from '../change.ts';
import type { RiskLevel } from '../risk/risk.ts';
import { type Assistant, assistantName } from '../trailers.ts';
import type { Validations } from '../validation/validation.ts';
import { type MissingEvidence, missingEvidence, notAllowed, promptMode } from './judgements.ts';
import type { PolicyOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';

/** Something that a policy requires of a change, and that it has not. */
export type Shortfall =
  | { readonly kind: 'evidence'; readonly missing: MissingEvidence }
  | { readonly kind: 'assistant'; readonly assistant: Assistant };

/**
 * What a change lacks that a commit of its level has to have: the evidence of its files, the review of all its AI lines, and
 * assistants that may write here. `undefined` where the policy requires nothing at this level.
 *
 * @param validations `undefined` where nobody could tell: then none is missed
 */
export function shortfallsOf(
  policy: Policy,
  level: RiskLevel,
  files: readonly FileChange[],
  validations: Validations | undefined,
): Shortfall[] | undefined {
  if (promptMode(policy, level) !== 'require') return undefined;
  const required = evidenceAt(policy, level);
  const evidence = validations ? required : new Map([...required].filter(([kind]) => kind === 'review'));
  const missing = missingEvidence({ ...policy, evidence }, files, validations ?? { runs: [], scans: [] });
  return [
    ...missing.map((each) => ({ kind: 'evidence', missing: each }) as const),
    ...notAllowed(policy, assistantsIn(files)).map((assistant) => ({ kind: 'assistant', assistant }) as const),
  ];
}

/** What files need in a change of this level: where that has to meet the policy, all of them the review of their AI lines. */
export function evidenceAt(policy: Policy, level: RiskLevel): Policy['evidence'] {
  return promptMode(policy, level) === 'require' ? new Map([...policy.evidence, ['review', ['**']]]) : policy.evidence;
}

/** Who wrote AI lines that count. */
function* assistantsIn(files: readonly FileChange[]): Generator<Assistant> {
  for (const { apart, lines } of files) {
    if (apart) continue;
    for (const { author } of lines) if (author?.origin === 'ai') yield author;
  }
}

/** @param reason why a person lets the change pass, whatever is missing */
export function outcomeOf(shortfalls: readonly Shortfall[], reason: string | undefined): PolicyOutcome {
  if (shortfalls.length === 0) return { result: 'met' };
  const missing = shortfalls.map((shortfall) =>
    shortfall.kind === 'assistant'
      ? `assistant ${nameOf(shortfall)}`
      : `${shortfall.missing.kind} ${shortfall.missing.why}`,
  );
  return reason === undefined ? { result: 'missing', missing } : { result: 'overridden', missing, override: reason };
}

/** What is missing, for a person: `tests: files changed since (src/a.ts and 2 more)`. */
export function describeShortfall(shortfall: Shortfall): string {
  if (shortfall.kind === 'assistant') return `${nameOf(shortfall)} may not write here`;
  const { kind, why, paths } = shortfall.missing;
  const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
  return `${kind}: ${whyWords[why]} (${paths[0]}${more})`;
}

const whyWords: Readonly<Record<MissingEvidence['why'], string>> = {
  none: 'there is none',
  stale: 'files changed since',
  unknown: 'it is not known what it ran on',
  failed: 'it failed',
  findings: 'there are new findings',
  unreviewed: 'no person has reviewed the AI lines',
};

function nameOf({ assistant }: Extract<Shortfall, { kind: 'assistant' }>): string {
  return assistantName(assistant.tool, assistant.model);
}
