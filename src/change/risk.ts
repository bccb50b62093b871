import type { Actions } from '../core/actions.ts';
import type { FileChange } from '../core/change.ts';
import { assessRisk } from '../core/risk/assess.ts';
import type { Risk } from '../core/risk/risk.ts';
import type { Validations } from '../core/validation/validation.ts';
import { actionsOnHead } from './actions.ts';
import type { Place } from './place.ts';
import { readValidations } from './validation.ts';

/** The risk of a pending change, and what it was made of that is told by itself, too. */
export interface Assessment {
  readonly risk: Risk;
  readonly actions: readonly Actions[];
  readonly validations: Validations;
}

/** Gathers what the risk of the pending change is made of, side by side. */
export async function assessPending(
  place: Place,
  files: readonly FileChange[],
  { staged = false }: { readonly staged?: boolean } = {},
): Promise<Assessment> {
  const [actions, validations] = await Promise.all([actionsOnHead(place), readValidations(place, { staged, files })]);
  return { risk: assessRisk({ files, actions, validations }), actions, validations };
}

/** The risk of the pending change. */
export async function pendingRisk(place: Place, files: readonly FileChange[]): Promise<Risk> {
  return (await assessPending(place, files)).risk;
}
