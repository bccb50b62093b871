import * as v from 'valibot';
import type { CommandClass } from '../commands/classes.ts';
import { globProblem, maxGlobLength } from '../glob.ts';
import type { RiskLevel } from '../risk/risk.ts';
import type { RiskRule } from '../risk/rules.ts';
import { sensitiveAreas } from '../risk/sensitive.ts';
import { decisions } from './commandPolicy.ts';
import type { PolicyLayer } from './layer.ts';
import { builtInPolicy, policyStyles, promptModes, type RequiredKind } from './policy.ts';

// What a policy file may say. The JSON schema that editors use is made of this one (scripts/schemas.ts), so every key has a
// description; messages follow the name of the key.

/** Of one list; a file is bounded besides. */
const maxEntries = 1000;
const maxNameLength = 128;
/** Of all areas of a file, in UTF-16 units: with the built-in ones and those of two more files a matcher takes them at once. */
const maxAreaGlobs = 3500;

/** An object of these keys and no other. */
function keyed<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries, 'must be an object');
}

function oneOf<const Words extends readonly string[]>(words: Words, description: string) {
  return v.pipe(v.picklist(words, `must be one of ${words.join(', ')}`), v.description(description));
}

function wholeNumber(max: number, description: string) {
  const message = `must be a whole number from 0 to ${max}`;
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(0, message),
    v.maxValue(max, message),
    v.description(description),
  );
}

const Glob = v.pipe(
  v.string('must be a glob'),
  v.minLength(1, 'is empty'),
  v.maxLength(maxGlobLength, `is longer than ${maxGlobLength} characters`),
  v.check(
    (glob) => globProblem(glob) === undefined,
    ({ input }) => `is no glob: ${globProblem(input) ?? ''}`,
  ),
);

const Name = v.pipe(
  v.string('must be a name'),
  v.minLength(1, 'is empty'),
  v.maxLength(maxNameLength, `is longer than ${maxNameLength} characters`),
);

const notAList = 'must be a list';
const tooMany = `has more than ${maxEntries} entries`;

function globs(description: string) {
  return v.pipe(v.array(Glob, notAList), v.maxLength(maxEntries, tooMany), v.description(description));
}

function names(description: string) {
  return v.pipe(v.array(Name, notAList), v.maxLength(maxEntries, tooMany), v.description(description));
}

function described<const Schema extends v.GenericSchema>(schema: Schema, description: string) {
  return v.pipe(schema, v.description(description));
}

/** Each of these, none of which has to be there. */
function each<const Word extends string, const Schema extends v.GenericSchema>(
  words: Readonly<Record<Word, string>>,
  schema: (description: string) => Schema,
) {
  const entries = Object.entries<string>(words).map(([word, description]) => [
    word,
    v.exactOptional(schema(description)),
  ]);
  return keyed(Object.fromEntries(entries) as Record<Word, v.ExactOptionalSchema<Schema, undefined>>);
}

const commandWords: Readonly<Record<CommandClass, string>> = {
  destructive: 'Commands that lose data or infrastructure which neither git nor a build brings back.',
  privilege: 'Commands that change rights, or use those of others: sudo, chmod 777, cloud roles.',
  credentials: 'Commands that show, copy, send, make or change a secret.',
  'network-install': 'Commands that run code from an address, or install from one that is no package registry.',
  'history-rewrite': 'Commands that replace commits or branches of others: forced pushes, rebase, filter-repo.',
  'production-deploy': 'Commands that change or publish what others use: kubectl apply, npm publish.',
  'test-run': "Runs of the project's tests.",
  other: 'Commands that are none of these.',
};

const ruleWords: Readonly<Record<RiskRule, string>> = {
  'unseen-ai': 'AI lines that nobody has looked at.',
  'unreviewed-ai': 'AI lines that were on screen, and that no person has reviewed.',
  'unknown-origin': 'Lines of which nobody knows who wrote them.',
  'sensitive-path': 'A file of a sensitive area changes.',
  'destructive-change': 'The change drops tables, deletes infrastructure or the like.',
  'permission-widened': 'The change lets in more than before: wildcards, open networks, checks switched off.',
  'secret-added': 'The change adds a secret.',
  'dependency-added': 'A dependency is new or not pinned, runs install scripts, or looks like a popular one.',
  untested: 'Code changed, no test changed with it, and none was run since.',
  failing: 'Tests or the diagnostics of the editor fail.',
  'scanner-finding': 'A scanner found something new on a changed line.',
  'agent-action': 'An assistant ran a destructive or privileged command for the change.',
  large: 'The change is larger than a person can review in one go.',
  'evidence-missing': 'What "evidence" requires is not there.',
  'assistant-not-allowed': 'An assistant wrote that "assistants" does not list.',
};

const { levels, floors, prompt } = builtInPolicy;

const kindWords: Readonly<Record<RequiredKind, string>> = {
  tests: 'Files whose change needs tests that passed.',
  build: 'Files whose change needs a build that passed.',
  lint: 'Files whose change needs a linter without new findings.',
  sast: 'Files whose change needs a scan of the code without new findings.',
  sca: 'Files whose change needs a scan of the dependencies without new findings.',
  dast: 'Files whose change needs a scan of the running program without new findings.',
  other: 'Files whose change needs any other validation that passed.',
  review: 'Files whose AI lines must all be reviewed by a person.',
};

const promptWords: Readonly<Record<RiskLevel, string>> = {
  low: `From low on, so for every change. Built in: ${prompt.low}.`,
  moderate: `From moderate on. Built in: ${prompt.moderate}.`,
  high: `From high on. Built in: ${prompt.high}.`,
  critical: `For critical changes. Built in: ${prompt.critical}.`,
};

const reviewerWords: Readonly<Record<RiskLevel, string>> = {
  low: 'Who reviews every change.',
  moderate: 'Who reviews changes from moderate on.',
  high: 'Who reviews changes from high on.',
  critical: 'Who reviews critical changes.',
};

const Reviewers = (description: string) =>
  described(
    keyed({
      count: v.exactOptional(wholeNumber(100, 'How many people at least.')),
      named: v.exactOptional(
        names('People or teams that must be among them, as the forge names them: @security-team.'),
      ),
    }),
    description,
  );

/** What a policy file may say, as it stands there. */
export const PolicySchema = keyed({
  $schema: v.exactOptional(
    v.pipe(v.string('must be an address'), v.description('The schema of this file, for editors.')),
  ),
  version: v.pipe(v.literal(1, 'must be 1'), v.description('The form of this file: 1.')),
  commands: v.exactOptional(
    described(
      each(commandWords, (text) => oneOf(decisions, text)),
      'What is done about a command of an assistant before it runs, by class: record it, ask a person, or deny it.',
    ),
  ),
  levels: v.exactOptional(
    described(
      each(
        {
          moderate: `Score from which on a change is moderate. Built in: ${levels.moderate}.`,
          high: `Score from which on a change is high. Built in: ${levels.high}.`,
          critical: `Score from which on a change is critical. Built in: ${levels.critical}.`,
        },
        (text) => wholeNumber(100, text),
      ),
      'The score, 0 to 100, from which on a change has a level. What is below all of them is low.',
    ),
  ),
  floors: v.exactOptional(
    described(
      each(
        Object.fromEntries(
          Object.entries(ruleWords).map(([rule, text]) => [rule, `${text} Built in: ${floors[rule as RiskRule]}.`]),
        ) as Record<RiskRule, string>,
        (text) => wholeNumber(100, text),
      ),
      'By rule the score, 0 to 100, that a change has at least where the rule finds the worst it looks for. 0 turns the rule off.',
    ),
  ),
  sensitive: v.exactOptional(
    described(
      keyed({
        areas: v.exactOptional(
          v.pipe(
            v.record(
              v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a short name of a-z, 0-9 and -')),
              globs('Globs of the files of the area.'),
              'must be an object',
            ),
            v.check(
              (areas) => Object.values(areas).flat().join('').length <= maxAreaGlobs,
              `has globs of more than ${maxAreaGlobs} characters together`,
            ),
            v.description('Globs by the name of an area: one more area, or more of a built-in one.'),
          ),
        ),
        without: v.exactOptional(
          v.pipe(
            v.array(v.picklist(sensitiveAreas, `must be one of ${sensitiveAreas.join(', ')}`), notAList),
            v.maxLength(sensitiveAreas.length, `has more than ${sensitiveAreas.length} entries`),
            v.description('Built-in areas whose built-in globs do not count.'),
          ),
        ),
      }),
      'Files whose change is sensitive, beside the built-in areas.',
    ),
  ),
  evidence: v.exactOptional(
    described(each(kindWords, globs), 'What the change of a file needs, by kind: the globs of the files that need it.'),
  ),
  assistants: v.exactOptional(
    names(
      'The assistants that may write here, each as TOOL or TOOL:MODEL, where * stands for any characters. Without this key all may.',
    ),
  ),
  prompt: v.exactOptional(
    described(
      each(promptWords, (text) => oneOf(promptModes, text)),
      'What a commit asks of a person from a level on: nothing (off), a look that stops nothing (ask), or what has to be there before it goes on (require).',
    ),
  ),
  trailers: v.exactOptional(oneOf(policyStyles, 'How commit messages name assistants.')),
  reviewers: v.exactOptional(
    described(each(reviewerWords, Reviewers), 'Who must review a change from a level on, beside its author.'),
  ),
});

type Written = v.InferOutput<typeof PolicySchema>;

/** What a file says, without what is about the file. */
export function layerOf({ $schema, version, ...layer }: Written): PolicyLayer {
  return layer;
}
