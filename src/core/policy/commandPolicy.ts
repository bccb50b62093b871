import * as v from 'valibot';
import { type CommandClass, commandClasses } from '../commands/classes.ts';

/** What is done about a command before it runs, the strictest last. */
export const decisions = ['record', 'ask', 'deny'] as const;
export type Decision = (typeof decisions)[number];

/** For each class what is to be done; `record` where nothing is said. */
export type CommandPolicy = ReadonlyMap<CommandClass, Decision>;

/** The policy file, at the top of the work tree. */
export const policyFile = '.countersign.json';
/** In bytes. */
export const maxPolicySize = 64 * 1024;

const PlainPolicySchema = v.object({
  version: v.literal(1),
  commands: v.optional(v.record(v.picklist(commandClasses), v.picklist(decisions))),
});

/**
 * What a policy file says of commands, where it is plain JSON and nothing is wrong with that part; `undefined` is for
 * `readLayer`, which knows more forms and tells what is wrong, and takes longer to load than an assistant should wait.
 */
export function readPlainCommands(text: string): CommandPolicy | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const result = v.safeParse(PlainPolicySchema, value);
  return result.success ? commandsOf(result.output.commands ?? {}) : undefined;
}

export function commandsOf(said: Readonly<Partial<Record<CommandClass, Decision>>>): CommandPolicy {
  return new Map(Object.entries(said) as [CommandClass, Decision][]);
}

/**
 * What settings say of commands, by class, and a line on each that is wrong: that one does not count.
 *
 * @param where stands before the name of a class where something is wrong with it
 */
export function commandSettings(
  entries: readonly (readonly [name: string, decision: string])[],
  where: string,
): { readonly commands: CommandPolicy; readonly problems: readonly string[] } {
  const commands = new Map<CommandClass, Decision>();
  const problems: string[] = [];
  for (const [name, decision] of entries) {
    const known = commandClasses.find((each) => each === name);
    const what = decisions.find((each) => each === decision);
    if (known && what) commands.set(known, what);
    else if (known) problems.push(`${where}${known} must be one of ${decisions.join(', ')}`);
    else problems.push(`${where}${JSON.stringify(name)} is no class: one of ${commandClasses.join(', ')}`);
  }
  return { commands, problems };
}

/** Of each class the strictest that any of them says. */
export function strictest(policies: readonly CommandPolicy[]): CommandPolicy {
  const joined = new Map<CommandClass, Decision>();
  for (const [name, decision] of policies.flatMap((policy) => [...policy])) {
    const former = joined.get(name) ?? 'record';
    if (decisions.indexOf(decision) >= decisions.indexOf(former)) joined.set(name, decision);
  }
  return joined;
}

/** What is to be done about a command of these classes, and for which of them. */
export function decide(
  policy: CommandPolicy,
  classes: readonly CommandClass[],
): { readonly decision: Decision; readonly classes: readonly CommandClass[] } {
  const of = (name: CommandClass): Decision => policy.get(name) ?? 'record';
  const decision = decisions.findLast((each) => classes.some((name) => of(name) === each)) ?? 'record';
  return { decision, classes: classes.filter((name) => of(name) === decision) };
}
