import { type FileChange, totalsOf } from './change.ts';
import type { RiskFactor } from './risk/risk.ts';
import type { ValidationRun } from './validation/validation.ts';

/** What a pending change still lacks before it is validated, and who can see to it. */
export interface Need {
  readonly id: 'review' | 'origin' | 'test-change' | 'run' | 'run-again' | 'run-failed';
  /** `person`: only a person's word counts, an assistant cannot give it. */
  readonly by: 'person' | 'anyone';
  readonly detail: string;
  /** What to do. */
  readonly action: string;
  readonly where: RiskFactor['where'];
}

/** What a change lacks. A run counts as long as the work tree is what it ran on, and only if it ended with 0. */
export function neededValidation(
  files: readonly FileChange[],
  factors: readonly RiskFactor[],
  runs: readonly ValidationRun[],
): Need[] {
  if (files.length === 0) return [];
  return [...reviewNeeds(files), ...testNeeds(factors), ...runNeeds(runs)];
}

function reviewNeeds(files: readonly FileChange[]): Need[] {
  const { countsAsAi, reviewed, unknown } = totalsOf(files);
  const needs: Need[] = [];
  if (reviewed < countsAsAi) {
    const detail = `${countsAsAi - reviewed} of ${countsAsAi} AI lines are not reviewed by a person`;
    const action = 'ask the person to read them ("countersign review" is their word, not yours)';
    needs.push({ id: 'review', by: 'person', detail, action, where: unreviewedPlaces(files) });
  }
  if (unknown > 0) {
    const detail = `of ${unknown} added lines nobody is known to be the author`;
    const action = 'ask the person whose they are ("countersign explain FILE:LINE" tells what is known)';
    needs.push({ id: 'origin', by: 'person', detail, action, where: [] });
  }
  return needs;
}

function testNeeds(factors: readonly RiskFactor[]): Need[] {
  return factors
    .filter(({ id }) => id === 'untested')
    .map(({ detail, where }) => ({
      id: 'test-change',
      by: 'anyone',
      detail,
      action: 'add or change a test that fails without this change',
      where,
    }));
}

function runNeeds(runs: readonly ValidationRun[]): Need[] {
  if (runs.length === 0) {
    const detail = 'no run of tests or a scanner is noted';
    return [{ id: 'run', by: 'anyone', detail, action: 'run the tests by "countersign run -- COMMAND"', where: [] }];
  }
  return runs.flatMap(({ name, outcome, exitCode, freshness }): Need[] => {
    if (outcome !== 'passed') {
      const code = exitCode === undefined ? '' : ` with ${exitCode}`;
      const how = outcome === 'stopped' ? 'was ended by a signal' : `failed${code}`;
      const action = `mend it and run it again by "countersign run -- ${name}"`;
      return [{ id: 'run-failed', by: 'anyone', detail: `${name} ${how}`, action, where: [] }];
    }
    if (freshness !== 'stale') return [];
    const detail = `${name} passed before the last change of the work tree`;
    return [
      { id: 'run-again', by: 'anyone', detail, action: `run it again by "countersign run -- ${name}"`, where: [] },
    ];
  });
}

function unreviewedPlaces(files: readonly FileChange[]): { path: string; line: number }[] {
  return files
    .filter((file) => !file.apart)
    .flatMap(({ path, lines }) => {
      const first = lines.find(isUnreviewed);
      return first ? [{ path, line: first.number }] : [];
    });
}

/** Whether a line counts as AI and no person has said that they reviewed it. */
export function isUnreviewed({ countsAsAi, author }: FileChange['lines'][number]): boolean {
  return countsAsAi && !(author?.origin === 'ai' && author.review === 'reviewed');
}
