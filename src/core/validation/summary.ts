import * as v from 'valibot';
import { type Validations, validationKinds } from './validation.ts';

const Count = v.pipe(v.number(), v.integer(), v.minValue(0));
const freshness = v.picklist(['current', 'stale', 'unknown']);
const kind = v.picklist(validationKinds);

/** How a change was validated, as its record keeps it (DESIGN 5.2): names and counts, no place and no message. */
export const RecordedValidationSchema = v.object({
  runs: v.array(
    v.object({
      kind,
      name: v.string(),
      outcome: v.picklist(['passed', 'failed', 'stopped']),
      tests: v.optional(v.object({ run: Count, failed: Count, skipped: Count })),
      freshness,
    }),
  ),
  scans: v.array(v.object({ kind, tool: v.string(), findings: Count, fresh: Count, freshness })),
});
export type RecordedValidation = v.InferOutput<typeof RecordedValidationSchema>;

/** What a record keeps of how its change was validated; `undefined` where nothing is known. */
export function recordedValidation({ runs, scans }: Validations): RecordedValidation | undefined {
  if (runs.length + scans.length === 0) return undefined;
  return {
    runs: runs.map(({ kind, name, outcome, tests, freshness }) => ({
      ...{ kind, outcome, freshness },
      // A task may be called by a path of this machine.
      name: /[\\/]/.test(name) ? kind : name,
      ...(tests && { tests: { ...tests } }),
    })),
    scans: scans.map(({ kind, tool, findings, fresh, freshness }) => ({
      ...{ kind, tool, findings, freshness },
      fresh: fresh.length,
    })),
  };
}

/** Kinds that a trailer tells of, in its order. */
const told = ['tests', 'build', 'lint', 'sast', 'sca', 'dast'] as const;

/**
 * The value of the `Validation` trailer: `tests passed, sast 0 new`. A kind has passed only where a run of it passed on just this
 * content and none failed on it; what was obtained on another content is `stale`, whatever it said then, but for findings that
 * are found again. Empty where there is nothing to tell.
 */
export function validationSummary(validation: RecordedValidation): string {
  return told.flatMap((each) => describe(each, validation) ?? []).join(', ');
}

function describe(kind: (typeof told)[number], { runs, scans }: RecordedValidation): string | undefined {
  const ofKind = runs.filter((run) => run.kind === kind && run.outcome !== 'stopped');
  const current = ofKind.filter((run) => run.freshness === 'current');
  const results = scans.filter((scan) => scan.kind === kind);
  const fresh = results.reduce((sum, scan) => sum + scan.fresh, 0);
  // Findings are told whatever else there is; that there are none, only of what was scanned as it is.
  if (fresh > 0) return `${kind} ${fresh} new`;
  if (current.some((run) => run.outcome === 'failed')) return `${kind} failed`;
  const known = results.filter((scan) => scan.freshness !== 'unknown');
  if (known.length > 0) return known.every((scan) => scan.freshness === 'current') ? `${kind} 0 new` : `${kind} stale`;
  if (current.length > 0) return `${kind} passed`;
  return ofKind.some((run) => run.freshness === 'stale') ? `${kind} stale` : undefined;
}

/** Whether a trailer's value has our form. */
export function isValidationSummary(value: string): boolean {
  return /^(?:tests|build|lint|sast|sca|dast) (?:passed|failed|stale|\d+ new)(?:, (?:tests|build|lint|sast|sca|dast) (?:passed|failed|stale|\d+ new))*$/.test(
    value,
  );
}
