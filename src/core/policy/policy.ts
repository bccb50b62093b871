import { defaultFloors } from '../risk/floors.ts';
import type { RiskLevel } from '../risk/risk.ts';
import { type RiskRule, riskRules } from '../risk/rules.ts';
import { type TrailerStyle, trailerStyles } from '../trailers.ts';
import { type ValidationKind, validationKinds } from '../validation/validation.ts';
import { type CommandPolicy, strictest } from './commandPolicy.ts';

/** The levels of risk, the lowest first. */
export const riskLevels = ['low', 'moderate', 'high', 'critical'] as const satisfies readonly RiskLevel[];

/** The score, 0 to 100, from which on a change has a level; `low` is what is below all of them. */
export interface Levels {
  readonly moderate: number;
  readonly high: number;
  readonly critical: number;
}

/** What a commit asks of a person: nothing, a word that stops nothing, or what the policy requires, without which it stops. */
export const promptModes = ['off', 'ask', 'require'] as const;
export type PromptMode = (typeof promptModes)[number];

/** What may be required of a change: a validation of a kind, or that a person has reviewed its AI lines. */
export const requiredKinds = [...validationKinds, 'review'] as const;
export type RequiredKind = ValidationKind | 'review';

/** The areas of sensitive paths that differ from the built-in ones. */
export interface SensitivePaths {
  /** Globs by the name of an area: one more area, or more of a built-in one. */
  readonly added: ReadonlyMap<string, readonly string[]>;
  /** Built-in areas that do not count. */
  readonly without: ReadonlySet<string>;
}

/** How commit messages name assistants. A person may want no trailers at all; a repository whose policy says so would hide it. */
export const policyStyles = trailerStyles.filter((style) => style !== 'none');
export type PolicyStyle = Exclude<TrailerStyle, 'none'>;

/** Who must review a change. */
export interface Reviewers {
  /** How many people at least. */
  readonly count: number;
  /** People or teams that must be among them, as the forge names them; each of them once, in order. */
  readonly named: readonly string[];
}

/** What a repository and a person want of a change, complete. Lists are in order and without doubles. */
export interface Policy {
  readonly commands: CommandPolicy;
  readonly levels: Levels;
  /** By rule the score, 0 to 100, that a change has at least where the rule finds the worst that it looks for; 0 is off. */
  readonly floors: Readonly<Record<RiskRule, number>>;
  readonly sensitive: SensitivePaths;
  /** By kind the globs of the files that need it. */
  readonly evidence: ReadonlyMap<RequiredKind, readonly string[]>;
  /** Lists of patterns (`TOOL` or `TOOL:MODEL`): an assistant has to be in each of them. No list: any assistant may write. */
  readonly assistants: readonly (readonly string[])[];
  /** A level asks for no less than the one below. */
  readonly prompt: Readonly<Record<RiskLevel, PromptMode>>;
  /** `undefined`: nothing is said, so that a person's own setting holds. */
  readonly trailers: PolicyStyle | undefined;
  /** A level asks for no less than the one below. */
  readonly reviewers: Readonly<Record<RiskLevel, Reviewers>>;
}

const nobody: Reviewers = { count: 0, named: [] };

/** What holds where no file says otherwise. */
export const builtInPolicy: Policy = {
  commands: new Map(),
  levels: { moderate: 50, high: 80, critical: 95 },
  floors: defaultFloors,
  sensitive: { added: new Map(), without: new Set() },
  evidence: new Map(),
  assistants: [],
  prompt: { low: 'off', moderate: 'ask', high: 'ask', critical: 'ask' },
  trailers: undefined,
  reviewers: { low: nobody, moderate: nobody, high: nobody, critical: nobody },
};

/**
 * The policy that asks for whatever either of two asks for: of each key the stricter. Idempotent, commutative, associative,
 * and never looser than either.
 */
export function tighten(a: Policy, b: Policy): Policy {
  return {
    commands: strictest([a.commands, b.commands]),
    levels: {
      moderate: Math.min(a.levels.moderate, b.levels.moderate),
      high: Math.min(a.levels.high, b.levels.high),
      critical: Math.min(a.levels.critical, b.levels.critical),
    },
    floors: byName(riskRules, (rule) => Math.max(a.floors[rule], b.floors[rule])),
    sensitive: {
      added: unionByName(a.sensitive.added, b.sensitive.added),
      without: new Set([...a.sensitive.without].filter((area) => b.sensitive.without.has(area))),
    },
    evidence: unionByName(a.evidence, b.evidence),
    assistants: distinctLists([...a.assistants, ...b.assistants]),
    prompt: byName(riskLevels, (level) => stricterMode(a.prompt[level], b.prompt[level])),
    trailers: earlierStyle(a.trailers, b.trailers),
    reviewers: byName(riskLevels, (level) => moreReviewers(a.reviewers[level], b.reviewers[level])),
  };
}

/** The stricter of two modes. */
export function stricterMode(a: PromptMode, b: PromptMode): PromptMode {
  return promptModes.indexOf(a) >= promptModes.indexOf(b) ? a : b;
}

/** What satisfies both. */
export function moreReviewers(a: Reviewers, b: Reviewers): Reviewers {
  return { count: Math.max(a.count, b.count), named: distinct([...a.named, ...b.named]) };
}

/** In order and without doubles. */
export function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].sort();
}

/** Styles differ in form, not in strictness: of two the earlier in the table counts, for one has to. */
function earlierStyle(a: PolicyStyle | undefined, b: PolicyStyle | undefined): PolicyStyle | undefined {
  return policyStyles.find((style) => style === a || style === b);
}

/** Of each name what either says of it. */
export function unionByName<Name extends string>(
  a: ReadonlyMap<Name, readonly string[]>,
  b: ReadonlyMap<Name, readonly string[]>,
): Map<Name, readonly string[]> {
  const names = distinct([...a.keys(), ...b.keys()]) as Name[];
  return new Map(names.map((name) => [name, distinct([...(a.get(name) ?? []), ...(b.get(name) ?? [])])]));
}

function distinctLists(lists: readonly (readonly string[])[]): (readonly string[])[] {
  const found = new Map(lists.map((list) => [JSON.stringify(list), list]));
  return [...found].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, list]) => list);
}

function byName<Name extends string, Value>(names: readonly Name[], value: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;
}
