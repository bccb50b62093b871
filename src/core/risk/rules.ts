/**
 * The named rules that put a floor under the score. Each says what it found, where, and how to bring it down; a policy may
 * set the floor of each, and turn one off by 0.
 */
export const riskRules = [
  'unseen-ai',
  'unreviewed-ai',
  'unknown-origin',
  'sensitive-path',
  'destructive-change',
  'permission-widened',
  'secret-added',
  'dependency-added',
  'untested',
  'failing',
  'scanner-finding',
  'agent-action',
  'large',
  'evidence-missing',
  'assistant-not-allowed',
] as const;
export type RiskRule = (typeof riskRules)[number];

const quoting: readonly RiskRule[] = [
  'destructive-change',
  'permission-widened',
  'secret-added',
  'dependency-added',
  'scanner-finding',
];

/** Whether what a rule says of a change may hold words of the files or of another program: that stays on the machine. */
export function isQuoting(id: string): boolean {
  return (quoting as readonly string[]).includes(id);
}
