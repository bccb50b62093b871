/** What a command does that a reviewer, or whoever lets an assistant work, should know. `other` is none of the others. */
export const commandClasses = [
  'destructive',
  'privilege',
  'credentials',
  'network-install',
  'history-rewrite',
  'production-deploy',
  'test-run',
  'other',
] as const;

export type CommandClass = (typeof commandClasses)[number];

/** The classes that a rule can give. */
export type TellingClass = Exclude<CommandClass, 'other'>;

/** The classes that do harm where they are not meant. */
export const dangerousClasses = [
  'destructive',
  'privilege',
  'credentials',
  'network-install',
  'history-rewrite',
  'production-deploy',
] as const satisfies readonly CommandClass[];

export type DangerousClass = (typeof dangerousClasses)[number];
