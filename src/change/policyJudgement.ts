import * as v from 'valibot';
import { levelOf, missingEvidence, notAllowed } from '../core/policy/judgements.ts';
import type { Policy } from '../core/policy/policy.ts';
import { describeShortfall, evidenceAt, type Shortfall } from '../core/policy/shortfalls.ts';
import type { Finding } from './judgement.ts';
import { recordedValidations } from './recordedValidations.ts';
import type { ResolvedCommit } from './resolve.ts';

/**
 * What a policy has to say of a commit, by the records that its trailers or its note name. Nothing where none of them is here:
 * nobody knows then who wrote it. A validation counts as it was when the commit was made.
 */
export function judgeByPolicy(policy: Policy, resolved: ResolvedCommit): Finding[] {
  const { files, records } = resolved;
  const named = records.flatMap(({ source, found }) =>
    source === 'message' || typeof found === 'string' ? [] : [found],
  );
  if (named.length === 0) return [];
  const level = levelOf(Math.max(...named.map(({ risk }) => risk.score)), policy.levels);
  const evidence = evidenceAt(policy, level);
  const missing = missingEvidence({ ...policy, evidence }, files, recordedValidations(resolved)).map(
    (each): Shortfall => ({ kind: 'evidence', missing: each }),
  );
  const strangers = notAllowed(
    policy,
    named.flatMap(({ authors }) => authors),
  ).map((assistant): Shortfall => ({ kind: 'assistant', assistant }));
  const couldBeTold = named.every(({ risk }) => !isWithoutValidation(risk));
  const overrides = named.flatMap(({ policy: outcome }) => outcome?.override ?? []);
  return [
    ...[...missing, ...strangers].map((shortfall) => findingOf(shortfall, couldBeTold)),
    ...overrides.map(
      (reason): Finding => ({
        kind: 'policy-overridden',
        weight: 'remark',
        detail: `a person let it pass for a reason: ${JSON.stringify(reason)}`,
      }),
    ),
  ];
}

/** What ran on nobody knows what, or could not be read when the commit was made, may be as good as what is required. */
function findingOf(shortfall: Shortfall, couldBeTold: boolean): Finding {
  const detail = `policy: ${describeShortfall(shortfall)}`;
  if (shortfall.kind === 'assistant' || shortfall.missing.kind === 'review') {
    return { kind: 'policy', weight: 'fault', detail };
  }
  if (!couldBeTold) {
    const besides = 'but what there was could not be read when the commit was made';
    return { kind: 'policy', weight: 'doubt', detail: `${detail}, ${besides}` };
  }
  return { kind: 'policy', weight: shortfall.missing.why === 'unknown' ? 'doubt' : 'fault', detail };
}

const RiskWithout = v.object({ without: v.array(v.string()) });

/** Whether the commit had to do without its validations: they could not be read. */
function isWithoutValidation(risk: unknown): boolean {
  const result = v.safeParse(RiskWithout, risk);
  return result.success && result.output.without.includes('validation');
}
