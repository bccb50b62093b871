import type { Place } from '../risk/content.ts';

/** What kind of validation something is, as trailers and policies name it. */
export const validationKinds = ['tests', 'build', 'lint', 'sast', 'sca', 'dast', 'other'] as const;
export type ValidationKind = (typeof validationKinds)[number];

/**
 * Whether what was validated is still what is there: `current`; `stale`, where files that it covered have changed since;
 * `unknown`, where it was not noted what it ran on.
 */
export type Freshness = 'current' | 'stale' | 'unknown';

/** Who told of a run: `countersign run`, an assistant's hook, the editor's tasks and terminals, a file of results. */
export const runSources = ['run', 'assistant', 'task', 'terminal', 'report'] as const;
export type RunSource = (typeof runSources)[number];

/** How tests of a report ended. */
export interface TestCounts {
  /** Those that were skipped are not among them. */
  readonly run: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Files that have changed since something was validated: how many, and the first of them. */
export interface ChangedSince {
  readonly files: number;
  readonly first: readonly string[];
}

export const runOutcomes = ['passed', 'failed', 'stopped'] as const;
export type RunOutcome = (typeof runOutcomes)[number];

/** A run of tests, a build or another program, as it bears on the pending change. */
export interface ValidationRun {
  readonly kind: ValidationKind;
  /** What was run, for a person, and nothing of its arguments that may be a secret: `npm test`. */
  readonly name: string;
  readonly source?: RunSource;
  readonly outcome: RunOutcome;
  /** Absent where a signal ended it, and for a file of results. */
  readonly exitCode?: number;
  /** Tests by how they ended, where a report said so. */
  readonly tests?: TestCounts;
  /** When it ended: ISO 8601, UTC. */
  readonly at: string;
  readonly freshness: Freshness;
  /** Where it is stale, and which files they are can still be told. */
  readonly changed?: ChangedSince;
  /** Lines of the change that it says something of, where it tells any. */
  readonly where?: readonly Place[];
}

/** One result of a scanner that counts: it is on a line of the change (or of a file or package of it), and is not in the baseline. */
export interface NewFinding {
  /** The scanner's name and its rule. */
  readonly tool: string;
  readonly rule: string;
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** One line, printable. */
  readonly message: string;
  readonly where: readonly Place[];
}

/** The last results of one scanner, as they bear on the pending change. */
export interface ScanResult {
  readonly kind: 'sast' | 'sca' | 'dast' | 'lint' | 'other';
  readonly tool: string;
  readonly at: string;
  readonly freshness: Freshness;
  /** Where it is stale, and which files they are can still be told. */
  readonly changed?: ChangedSince;
  /** Findings in all, and those of them that the change brings. */
  readonly findings: number;
  readonly fresh: readonly NewFinding[];
}

/** All that is known of how the pending change was validated. */
export interface Validations {
  readonly runs: readonly ValidationRun[];
  readonly scans: readonly ScanResult[];
}
