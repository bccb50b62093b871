import type { CommandClass } from '../commands/classes.ts';
import type { RiskLevel } from '../risk/risk.ts';
import type { RiskRule } from '../risk/rules.ts';
import { commandsOf, type Decision } from './commandPolicy.ts';
import {
  builtInPolicy,
  distinct,
  type Levels,
  moreReviewers,
  type Policy,
  type PolicyStyle,
  type PromptMode,
  type RequiredKind,
  type Reviewers,
  riskLevels,
  stricterMode,
  tighten,
  unionByName,
} from './policy.ts';

/** What one file says: of each key as much as it wants to. */
export interface PolicyLayer {
  readonly commands?: Readonly<Partial<Record<CommandClass, Decision>>>;
  readonly levels?: Partial<Levels>;
  readonly floors?: Readonly<Partial<Record<RiskRule, number>>>;
  readonly sensitive?: {
    readonly areas?: Readonly<Record<string, readonly string[]>>;
    /** Built-in areas whose built-in globs do not count. */
    readonly without?: readonly string[];
  };
  readonly evidence?: Readonly<Partial<Record<RequiredKind, readonly string[]>>>;
  readonly assistants?: readonly string[];
  readonly prompt?: Readonly<Partial<Record<RiskLevel, PromptMode>>>;
  readonly trailers?: PolicyStyle;
  readonly reviewers?: Readonly<Partial<Record<RiskLevel, Partial<Reviewers>>>>;
}

/**
 * The policy of a repository: what it says over the built-in policy, looser or stricter; of the file in the work tree and
 * the one in HEAD the stricter, so that who edits the file does not free themselves before the edit is committed.
 */
export function repositoryPolicy(workTree: PolicyLayer = {}, head: PolicyLayer = {}): Policy {
  return tighten(over(builtInPolicy, workTree), over(builtInPolicy, head));
}

/** A policy with what a person wants besides: they can only tighten it. The style of trailers is the repository's, if it has one. */
export function withPerson(policy: Policy, person: PolicyLayer): Policy {
  return { ...tighten(policy, over(policy, person)), trailers: policy.trailers ?? person.trailers };
}

/**
 * A policy in which a layer's words take the place of those below: `commands`, `levels`, `floors` and `evidence` entry by
 * entry, the other keys as a whole, but for sensitive areas, which add up.
 */
export function over(policy: Policy, layer: PolicyLayer): Policy {
  const { commands = {}, levels, floors, sensitive, evidence = {}, assistants, prompt, trailers, reviewers } = layer;
  return {
    commands: new Map([...policy.commands, ...commandsOf(commands)]),
    levels: { ...policy.levels, ...levels },
    floors: { ...policy.floors, ...floors },
    sensitive: {
      added: unionByName(policy.sensitive.added, new Map(Object.entries(sensitive?.areas ?? {}))),
      without: new Set([...policy.sensitive.without, ...(sensitive?.without ?? [])]),
    },
    evidence: new Map([
      ...policy.evidence,
      ...entriesOf(evidence).map(([kind, globs]) => [kind, distinct(globs)] as const),
    ]),
    assistants: assistants ? [distinct(assistants)] : policy.assistants,
    prompt: prompt ? rising(prompt, 'off', stricterMode) : policy.prompt,
    trailers: trailers ?? policy.trailers,
    reviewers: reviewers
      ? rising<Partial<Reviewers>, Reviewers>(reviewers, { count: 0, named: [] }, (below, { count = 0, named = [] }) =>
          moreReviewers(below, { count, named }),
        )
      : policy.reviewers,
  };
}

/** What holds at a level holds at those above it, too. */
function rising<Said, Value>(
  said: Readonly<Partial<Record<RiskLevel, Said>>>,
  lowest: Value,
  add: (below: Value, said: Said) => Value,
): Record<RiskLevel, Value> {
  let value = lowest;
  const found = riskLevels.map((level) => {
    const here = said[level];
    if (here !== undefined) value = add(value, here);
    return [level, value] as const;
  });
  return Object.fromEntries(found) as Record<RiskLevel, Value>;
}

function entriesOf<Name extends string, Value>(object: Readonly<Partial<Record<Name, Value>>>): [Name, Value][] {
  return Object.entries(object) as [Name, Value][];
}
