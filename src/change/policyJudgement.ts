import { levelOf, missingEvidence, notAllowed } from '../core/policy/judgements.ts';
import type { Policy } from '../core/policy/policy.ts';
import { describeShortfall, evidenceAt, type Shortfall } from '../core/policy/shortfalls.ts';
import type { Finding } from './judgement.ts';
import type { ResolvedCommit } from './resolve.ts';

/**
 * What a policy has to say of a commit, by the records that its trailers or its note name. Nothing where none of them is here:
 * nobody knows then who wrote it.
 */
export function judgeByPolicy(policy: Policy, { files, records }: ResolvedCommit): Finding[] {
  const named = records.flatMap(({ source, found }) =>
    source === 'message' || typeof found === 'string' ? [] : [found],
  );
  if (named.length === 0) return [];
  const level = levelOf(Math.max(...named.map(({ risk }) => risk.score)), policy.levels);
  const evidence = evidenceAt(policy, level);
  const missing = missingEvidence({ ...policy, evidence }, files, { runs: [], scans: [] }).map(
    (each): Shortfall => ({ kind: 'evidence', missing: each }),
  );
  const strangers = notAllowed(
    policy,
    named.flatMap(({ authors }) => authors),
  ).map((assistant): Shortfall => ({ kind: 'assistant', assistant }));
  const overrides = named.flatMap(({ policy: outcome }) => outcome?.override ?? []);
  return [
    ...[...missing, ...strangers].map(findingOf),
    ...overrides.map(
      (reason): Finding => ({
        kind: 'policy-overridden',
        weight: 'remark',
        detail: `a person let it pass for a reason: ${JSON.stringify(reason)}`,
      }),
    ),
  ];
}

/** Records do not say how their change was validated: of that nothing is known. */
function findingOf(shortfall: Shortfall): Finding {
  const isUntold = shortfall.kind === 'evidence' && shortfall.missing.kind !== 'review';
  const detail = describeShortfall(shortfall);
  return { kind: 'policy', weight: isUntold ? 'doubt' : 'fault', detail: `policy: ${detail}` };
}
