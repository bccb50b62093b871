import type { Actions } from '../core/actions.ts';
import type { FileChange } from '../core/change.ts';
import { assessRisk } from '../core/risk/assess.ts';
import type { Risk } from '../core/risk/risk.ts';
import type { Validations } from '../core/validation/validation.ts';
import { actionsOnHead } from './actions.ts';
import { Attempts } from './attempts.ts';
import { ChangedFiles } from './changedFiles.ts';
import { readPending } from './pending.ts';
import type { Place } from './place.ts';
import { readValidations } from './validation.ts';

/** A change, read, and what is known of it besides. */
export interface AssessedChange {
  readonly files: readonly FileChange[];
  readonly texts: ChangedFiles;
  readonly actions: readonly Actions[];
  /** Whether it is the index alone. */
  readonly staged: boolean;
}

/** The risk of a change, and of what it is made that which is told by itself, too. */
export interface Assessment {
  readonly risk: Risk;
  readonly validations: Validations;
}

/** The pending change and its risk. */
export interface PendingAssessment extends Assessment {
  readonly files: readonly FileChange[];
  readonly actions: readonly Actions[];
}

/** Reads the pending change, and judges it. @param options `staged`: the index alone */
export async function assessPending(
  place: Place,
  { staged }: { readonly staged: boolean },
): Promise<PendingAssessment> {
  const texts = new ChangedFiles();
  const [files, actions] = await Promise.all([readPending(place, { staged, texts }), actionsOnHead(place)]);
  return { files, actions, ...(await assessChange(place, { files, texts, actions, staged })) };
}

/** Judges a change that has been read: gathers what else the score is made of side by side, and does without what fails. */
export async function assessChange(place: Place, { files, actions, staged }: AssessedChange): Promise<Assessment> {
  const attempts = new Attempts();
  const validations = (await attempts.ask('validation', () => readValidations(place, { staged, files }))) ?? none;
  return { risk: assessRisk({ files, actions, validations, without: attempts.without }), validations };
}

const none: Validations = { runs: [], scans: [] };
