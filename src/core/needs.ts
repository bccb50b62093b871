import type { FileChange } from './change.ts';
import type { Place } from './risk/content.ts';
import { runAgain, scanAgain } from './risk/remedies.ts';
import type { Remedy, Risk } from './risk/risk.ts';
import type { Validations } from './validation/validation.ts';

/** What a pending change still lacks before it is validated, and who can see to it. */
export interface Need {
  readonly id: Remedy['id'];
  /** The rules that it would answer; none where it only renews evidence. */
  readonly rules: readonly string[];
  readonly by: Remedy['by'];
  readonly detail: string;
  /** What to do. */
  readonly action: string;
  readonly where: readonly Place[];
}

/** What a change lacks: the remedies of what raises its risk, each once, and runs and scans that are older than it. */
export function neededValidation(risk: Risk, validations: Validations): Need[] {
  const needs = new Map<string, Need>();
  for (const { id, detail, where, remedy } of risk.factors) {
    if (!remedy) continue;
    const same = needs.get(remedy.action);
    needs.set(remedy.action, {
      ...remedy,
      rules: [...new Set([...(same?.rules ?? []), id])],
      detail: same ? `${same.detail}; ${detail}` : detail,
      where: [...(same?.where ?? []), ...where],
    });
  }
  if (risk.factors.length === 0) return [];
  return [...needs.values(), ...staleNeeds(validations).filter(({ action }) => !needs.has(action))];
}

function staleNeeds({ runs, scans }: Validations): Need[] {
  const need = (detail: string, remedy: Remedy): Need => ({ ...remedy, rules: [], detail, where: [] });
  return [
    ...runs
      .filter(({ outcome, freshness }) => outcome === 'passed' && freshness === 'stale')
      .map(({ name }) => need(`${name} passed before the last change`, runAgain(name))),
    ...scans
      .filter(({ freshness }) => freshness === 'stale')
      .map(({ tool }) => need(`${tool} has not seen the last change`, scanAgain(tool))),
  ];
}

/** Whether a line counts as AI and no person has said that they reviewed it. */
export function isUnreviewed({ countsAsAi, author }: FileChange['lines'][number]): boolean {
  return countsAsAi && !(author?.origin === 'ai' && author.review === 'reviewed');
}
