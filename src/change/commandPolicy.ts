import {
  type CommandPolicy,
  commandSettings,
  commandsOf,
  readPlainCommands,
  strictest,
} from '../core/policy/commandPolicy.ts';
import type { Repository } from '../git/repository.ts';
import { type PolicySource, type PolicySources, policySources } from './policySources.ts';

/** What is to be done about commands, and a line on each thing that is wrong with where it is said. */
export interface ReadCommandPolicy {
  readonly commands: CommandPolicy;
  readonly problems: readonly string[];
}

/**
 * What this repository and this person say of commands, of each class the strictest: the policy file as it is in the work
 * tree and as it is in HEAD, so that an assistant that edits it cannot make it weaker for itself, the person's file, and the
 * settings `countersign.commands.<class>`. An assistant waits for it: no more is read or loaded than that takes.
 */
export async function readCommandPolicy(repository: Repository): Promise<ReadCommandPolicy> {
  const sources = await policySources(repository);
  const files = [sources.workTree, sources.head, sources.person].filter((source) => source !== undefined);
  const found = [...(await Promise.all(files.map(commandsIn))), commandsInSettings(sources)];
  return {
    commands: strictest(found.map(({ commands }) => commands)),
    problems: [...new Set(found.flatMap(({ problems }) => problems))],
  };
}

async function commandsIn({ name, content }: PolicySource): Promise<ReadCommandPolicy> {
  if ('problem' in content) return { commands: new Map(), problems: [doesNotCount(name, content.problem)] };
  const commands = readPlainCommands(content.text);
  if (commands) return { commands, problems: [] };
  const { readLayer } = await import('./policyText.ts');
  const { layer, problems } = readLayer(content.text, name);
  return { commands: commandsOf(layer.commands ?? {}), problems };
}

export function doesNotCount(name: string, problem: string): string {
  return `${name} does not count: ${problem}`;
}

/** The person's settings `countersign.commands.<class>`. */
export function commandsInSettings({ settings }: PolicySources): ReadCommandPolicy {
  const prefix = 'commands.';
  const set = [...settings].flatMap(([key, value]): [string, string][] =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
  );
  return commandSettings(set, `countersign.${prefix}`);
}
