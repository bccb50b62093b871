import type { Verdict } from './assistant.ts';

/**
 * What a model is told when its command is stopped. Where the assistant cannot put our question to the person, a command
 * that a policy wants asked about is stopped, too: the person may run it, or allow it.
 */
export function refusalOf({ decision, reason }: Verdict): string {
  return decision === 'deny' ? reason : `${reason} This assistant cannot be made to ask: let the person run it.`;
}
