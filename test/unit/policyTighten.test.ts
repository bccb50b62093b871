import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandClasses } from '../../src/core/commands/classes.ts';
import { decisions } from '../../src/core/policy/commandPolicy.ts';
import {
  builtInPolicy,
  distinct,
  moreReviewers,
  type Policy,
  policyStyles,
  promptModes,
  type RequiredKind,
  type Reviewers,
  requiredKinds,
  riskLevels,
  stricterMode,
  tighten,
} from '../../src/core/policy/policy.ts';
import { riskRules } from '../../src/core/risk/rules.ts';

const score = fc.integer({ min: 0, max: 100 });
const words = fc.array(fc.constantFrom('a', 'b', 'src/**', '*.ts', 'claude')).map(distinct);
const reviewers = fc.record({ count: fc.integer({ min: 0, max: 3 }), named: words });

function recordOf<Name extends string, Value>(names: readonly Name[], value: fc.Arbitrary<Value>) {
  return fc
    .tuple(...names.map(() => value))
    .map((values) => new Map(names.map((name, i) => [name, values[i] as Value])));
}
const object = <Name extends string, Value>(map: ReadonlyMap<Name, Value>): Record<Name, Value> =>
  Object.fromEntries(map) as Record<Name, Value>;

const policies: fc.Arbitrary<Policy> = fc.record({
  commands: fc
    .array(fc.tuple(fc.constantFrom(...commandClasses), fc.constantFrom(...decisions)))
    .map((all) => new Map(all)),
  levels: fc.record({ moderate: score, high: score, critical: score }),
  floors: recordOf(riskRules, score).map(object),
  sensitive: fc.record({
    added: fc.array(fc.tuple(fc.constantFrom('auth', 'ci', 'own'), words)).map((all) => new Map(all)),
    without: fc.array(fc.constantFrom('auth', 'ci')).map((all) => new Set(all)),
  }),
  evidence: fc.array(fc.tuple(fc.constantFrom(...requiredKinds), words)).map((all) => new Map(all)),
  assistants: fc.array(words, { maxLength: 2 }),
  prompt: recordOf(riskLevels, fc.constantFrom(...promptModes)).map(object),
  trailers: fc.constantFrom(undefined, ...policyStyles),
  reviewers: recordOf(riskLevels, reviewers).map(object),
});

/** Order in maps and sets is not told apart. */
function told(policy: Policy): unknown {
  const sorted = (map: ReadonlyMap<string, unknown>): unknown => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...policy,
    commands: sorted(policy.commands),
    evidence: sorted(policy.evidence),
    sensitive: { added: sorted(policy.sensitive.added), without: [...policy.sensitive.without].sort() },
  };
}

const same = (a: Policy, b: Policy): void => assert.deepEqual(told(a), told(b));
const has = (all: readonly string[] | undefined, some: readonly string[] = []): boolean =>
  some.every((each) => all?.includes(each) === true);
const meets = (given: Reviewers, wanted: Reviewers): boolean =>
  given.count >= wanted.count && has(given.named, wanted.named);

/** What of `wanted` a policy falls short of; said again, not by `tighten`. */
function looserIn(given: Policy, wanted: Policy): string[] {
  const kinds: readonly RequiredKind[] = requiredKinds;
  return [
    ...[...wanted.commands].flatMap(([name, decision]) =>
      decisions.indexOf(given.commands.get(name) ?? 'record') < decisions.indexOf(decision) ? [`commands.${name}`] : [],
    ),
    ...(['moderate', 'high', 'critical'] as const).filter((level) => given.levels[level] > wanted.levels[level]),
    ...riskRules.filter((rule) => given.floors[rule] < wanted.floors[rule]),
    ...[...wanted.sensitive.added].flatMap(([area, globs]) =>
      has(given.sensitive.added.get(area), globs) ? [] : [area],
    ),
    ...[...given.sensitive.without].filter((area) => !wanted.sensitive.without.has(area)),
    ...kinds.filter((kind) => !has(given.evidence.get(kind), wanted.evidence.get(kind))),
    ...(wanted.assistants.every((list) => given.assistants.some((each) => each.join() === list.join()))
      ? []
      : ['assistants']),
    ...riskLevels.filter(
      (level) => promptModes.indexOf(given.prompt[level]) < promptModes.indexOf(wanted.prompt[level]),
    ),
    ...riskLevels.filter((level) => !meets(given.reviewers[level], wanted.reviewers[level])),
    ...(given.trailers === undefined && wanted.trailers !== undefined ? ['trailers'] : []),
  ];
}

describe('the stricter of two policies', () => {
  it('is never looser than either', () => {
    fc.assert(
      fc.property(policies, policies, (a, b) => {
        const both = tighten(a, b);
        assert.deepEqual([looserIn(both, a), looserIn(both, b)], [[], []]);
      }),
    );
  });

  it('is the same in whatever order and however often it is taken', () => {
    fc.assert(
      fc.property(policies, policies, policies, (a, b, c) => {
        same(tighten(a, b), tighten(b, a));
        same(tighten(tighten(a, b), c), tighten(a, tighten(b, c)));
        same(tighten(tighten(a, b), b), tighten(a, b));
        same(tighten(tighten(a, a), a), tighten(a, a));
      }),
    );
  });

  it('of a policy and itself is that policy', () => {
    same(tighten(builtInPolicy, builtInPolicy), builtInPolicy);
  });

  it('takes of each part what is stricter', () => {
    assert.equal(stricterMode('ask', 'require'), 'require');
    assert.deepEqual(moreReviewers({ count: 2, named: ['b'] }, { count: 1, named: ['a', 'b'] }), {
      count: 2,
      named: ['a', 'b'],
    });
    const kernel = { ...builtInPolicy, trailers: 'kernel' } as const;
    const slash = { ...builtInPolicy, trailers: 'slash' } as const;
    assert.equal(tighten(slash, kernel).trailers, 'kernel');
    assert.equal(tighten(builtInPolicy, kernel).trailers, 'kernel');
  });
});
