import { contentRules } from '../content.ts';
import { agentAction } from './agentAction.ts';
import { assistantNotAllowed } from './assistantNotAllowed.ts';
import { contentRule } from './content.ts';
import { evidenceMissing } from './evidenceMissing.ts';
import { failing } from './failing.ts';
import { large } from './large.ts';
import type { Rule } from './rule.ts';
import { scannerFinding } from './scannerFinding.ts';
import { sensitivePath } from './sensitivePath.ts';
import { unknownOrigin } from './unknownOrigin.ts';
import { unreviewedAi } from './unreviewedAi.ts';
import { unseenAi } from './unseenAi.ts';
import { untested } from './untested.ts';

/** Every rule there is, in the order in which equal floors are told. */
export const allRules: readonly Rule[] = [
  ...contentRules.map(contentRule),
  assistantNotAllowed,
  agentAction,
  failing,
  scannerFinding,
  evidenceMissing,
  unseenAi,
  unreviewedAi,
  sensitivePath,
  untested,
  large,
  unknownOrigin,
];
