import * as v from 'valibot';
import type { NewFinding, Validations } from '../core/validation/validation.ts';
import { recordedValidationOf } from './json.ts';
import type { ResolvedCommit } from './resolve.ts';

/**
 * What a commit's record says of how it was validated. It keeps no findings, only how many the change brought: how grave the
 * worst of them was, is what it did to the recorded score.
 */
export function recordedValidations({ commit, records, facts }: ResolvedCommit): Validations {
  const { runs, scans } = recordedValidationOf(records) ?? { runs: [], scans: [] };
  const severity = recordedSeverity(records);
  const finding = (tool: string): NewFinding => ({
    ...{ tool, rule: `told of in the record of ${commit.slice(0, 12)}`, severity, message: '', where: [] },
  });
  return {
    runs: runs.map(({ tests, ...run }) => ({ ...run, at: facts.time, ...(tests && { tests }) })),
    scans: scans.flatMap(({ kind, fresh, ...scan }) =>
      kind === 'tests' || kind === 'build'
        ? []
        : [{ ...scan, kind, at: facts.time, fresh: Array.from({ length: fresh }, () => finding(scan.tool)) }],
    ),
  };
}

function recordedSeverity(records: ResolvedCommit['records']): NewFinding['severity'] {
  const factors = records.flatMap(({ found }) => (typeof found === 'string' ? [] : recordedFactors(found.risk)));
  const effect = factors.find(({ id }) => id === 'scanner-finding')?.effect ?? '';
  const floor = Number(/^floor (\d+)$/.exec(effect)?.[1] ?? 0);
  if (floor >= 95) return 'critical';
  if (floor >= 80) return 'high';
  return floor >= 50 ? 'medium' : 'low';
}

const RecordedRisk = v.object({ factors: v.array(v.object({ id: v.string(), effect: v.string() })) });

/** The factors of a record, of whatever version: none where they are not of this shape. */
function recordedFactors(risk: unknown): { readonly id: string; readonly effect: string }[] {
  const result = v.safeParse(RecordedRisk, risk);
  return result.success ? result.output.factors : [];
}
