import assert from 'node:assert/strict';
import type { Actions } from '../../../src/core/actions.ts';
import { builtInPolicy, type Policy, type RequiredKind } from '../../../src/core/policy/policy.ts';
import { assessRisk } from '../../../src/core/risk/assess.ts';
import type { ContentRule, Finding } from '../../../src/core/risk/content.ts';
import type { RiskInput } from '../../../src/core/risk/input.ts';
import type { RiskRule } from '../../../src/core/risk/rules.ts';
import type {
  Freshness,
  NewFinding,
  ValidationKind,
  ValidationRun,
  Validations,
} from '../../../src/core/validation/validation.ts';
import { changed } from '../../support/changes.ts';

const human = changed('src/a.ts', { human: 1 });
const tested = { runs: [run('tests', 'passed')], scans: [] };

function run(kind: ValidationKind, outcome: ValidationRun['outcome'], freshness: Freshness = 'current'): ValidationRun {
  return { kind, name: `run ${kind}`, outcome, at: '2026-01-01T00:00:00Z', freshness };
}

function scan(severities: readonly NewFinding['severity'][], freshness: Freshness = 'current'): Validations {
  const fresh = severities.map((severity, i) => ({
    ...{ tool: 'scanner', rule: `${severity}-rule`, severity, message: 'm' },
    where: [{ path: 'src/a.ts', line: i + 1 }],
  }));
  const result = { kind: 'sast', tool: 'scanner', at: '2026-01-01T00:00:00Z', freshness, findings: 9, fresh } as const;
  return { runs: [run('tests', 'passed')], scans: [result] };
}

function found(rule: ContentRule, pattern = 'p'): Finding {
  return { rule, pattern, detail: `the ${pattern}`, where: { path: 'src/a.ts', line: 3 } };
}

function acted(name: Actions['class']): Actions {
  return { class: name, count: 1, tools: ['claude'], what: ['it'] };
}

/** What a rule does, in each case: the floors that it sets. */
const cases: [rule: RiskRule, what: string, input: RiskInput, floors: readonly number[]][] = [
  ['unseen-ai', 'one AI line', { files: [changed('a.md', { unseen: 1 })] }, [50]],
  ['unseen-ai', 'some', { files: [changed('a.md', { unseen: 50 })] }, [65]],
  ['unseen-ai', 'a hundred', { files: [changed('a.md', { unseen: 100 })] }, [80]],
  ['unseen-ai', 'any more', { files: [changed('a.md', { unseen: 5000 })] }, [80]],
  ['unseen-ai', 'lines that were seen', { files: [changed('a.md', { seen: 9, reviewed: 9 })] }, []],
  ['unseen-ai', 'a lock file', { files: [changed('a.lock', { unseen: 9 }, { apart: 'lock' }), human] }, []],
  [
    'unseen-ai',
    'counts alone',
    { files: [{ ...changed('a.md', { unseen: 3 }), counts: countsAs({ countsAsAi: 100, seen: 0 }) }] },
    [80],
  ],
  ['unreviewed-ai', 'one AI line that was seen', { files: [changed('a.md', { seen: 1 })] }, [20]],
  ['unreviewed-ai', 'a hundred', { files: [changed('a.md', { seen: 100 })] }, [50]],
  ['unreviewed-ai', 'lines nobody has seen', { files: [changed('a.md', { unseen: 9 })] }, []],
  ['unreviewed-ai', 'reviewed lines', { files: [changed('a.md', { reviewed: 9 })] }, []],
  ['unknown-origin', 'a line of nobody', { files: [changed('a.md', { unknown: 1 })] }, [10]],
  ['unknown-origin', 'a hundred', { files: [changed('a.md', { unknown: 100 })] }, [40]],
  ['unknown-origin', 'a person', { files: [human] }, []],
  ['sensitive-path', 'a path of an area', { files: [human], sensitive: [{ path: 'src/a.ts', area: 'auth' }] }, [60]],
  ['sensitive-path', 'any other', { files: [human] }, []],
  ['destructive-change', 'a finding', { files: [human], findings: [found('destructive-change')] }, [80]],
  ['permission-widened', 'a finding', { files: [human], findings: [found('permission-widened')] }, [80]],
  ['secret-added', 'two findings', { files: [human], findings: [found('secret-added'), found('secret-added')] }, [95]],
  ['secret-added', 'those of another rule', { files: [human], findings: [found('dependency-added')] }, []],
  ['dependency-added', 'a finding', { files: [human], findings: [found('dependency-added')] }, [50]],
  [
    'dependency-added',
    'the worst pattern of several',
    { files: [human], findings: [found('dependency-added'), found('dependency-added', 'look-alike')] },
    [80],
  ],
  ['untested', 'a line of code', { files: [human] }, [30]],
  ['untested', 'a hundred', { files: [changed('src/a.ts', { human: 100 })] }, [60]],
  ['untested', 'a test with it', { files: [human, changed('test/a.test.ts', { human: 1 })] }, []],
  ['untested', 'a Go test with it', { files: [changed('a.go', { human: 1 }), changed('a_test.go', { human: 1 })] }, []],
  [
    'untested',
    'a Java test with it',
    { files: [changed('A.java', { human: 1 }), changed('ATest.java', { human: 1 })] },
    [],
  ],
  ['untested', 'what only ends like a test', { files: [changed('src/Contest.java', { human: 1 })] }, [30]],
  ['untested', 'prose', { files: [changed('README.md', { human: 9 })] }, []],
  ['untested', 'tests that passed', { files: [human], validations: tested }, []],
  [
    'untested',
    'a build that passed',
    { files: [human], validations: { runs: [run('build', 'passed')], scans: [] } },
    [30],
  ],
  ['untested', 'tests before the last change', { files: [human], validations: stale('passed') }, [30]],
  [
    'untested',
    'tests that failed',
    { files: [human], validations: { runs: [run('tests', 'failed')], scans: [] } },
    [30],
  ],
  [
    'failing',
    'tests that failed',
    { files: [human], validations: { runs: [run('tests', 'failed')], scans: [] } },
    [80],
  ],
  [
    'failing',
    'a linter that failed',
    { files: [human], validations: { runs: [run('lint', 'failed')], scans: [] } },
    [60],
  ],
  ['failing', 'tests that failed before the last change', { files: [human], validations: stale('failed') }, []],
  [
    'failing',
    'a run that was stopped',
    { files: [human], validations: { runs: [run('tests', 'stopped')], scans: [] } },
    [],
  ],
  ['failing', 'tests that passed', { files: [human], validations: tested }, []],
  ['scanner-finding', 'a low one', { files: [human], validations: scan(['low']) }, [30]],
  [
    'scanner-finding',
    'the worst of several',
    { files: [human], validations: scan(['medium', 'critical', 'low']) },
    [95],
  ],
  ['scanner-finding', 'a scan before the last change', { files: [human], validations: scan(['high'], 'stale') }, [80]],
  ['scanner-finding', 'old findings', { files: [human], validations: scan([]) }, []],
  ['agent-action', 'two classes', { files: [human], actions: [acted('privilege'), acted('destructive')] }, [80, 60]],
  ['agent-action', 'a history that was rewritten', { files: [human], actions: [acted('history-rewrite')] }, [30]],
  ['agent-action', 'tests that it ran', { files: [human], actions: [acted('test-run')] }, []],
  ['large', '1,000 lines', { files: [changed('a.md', { human: 1000 })] }, []],
  ['large', 'more', { files: [changed('a.md', { human: 1001 })] }, [50]],
  ['large', 'lines that are gone', { files: [changed('a.md', {}, { deleted: 1001 })] }, [50]],
  ['large', 'more than anybody reads', { files: [changed('a.md', { human: 5001 })] }, [60]],
  ['large', 'many files', { files: Array.from({ length: 51 }, (_, i) => changed(`${i}.md`, { human: 1 })) }, [50]],
];

const wants = (kind: RequiredKind): Policy => ({ ...builtInPolicy, evidence: new Map([[kind, ['src/**']]]) });
const allows = (pattern: string): Policy => ({ ...builtInPolicy, assistants: [[pattern]] });
cases.push(
  ['evidence-missing', 'required tests, none run', { files: [human], policy: wants('tests') }, [80]],
  [
    'evidence-missing',
    'required tests that passed',
    { files: [human], validations: tested, policy: wants('tests') },
    [],
  ],
  [
    'evidence-missing',
    'tests before the last change',
    { files: [human], validations: stale('passed'), policy: wants('tests') },
    [80],
  ],
  ['evidence-missing', 'files that need none', { files: [changed('a.ts', { human: 1 })], policy: wants('tests') }, []],
  [
    'evidence-missing',
    'a required review',
    { files: [changed('src/a.ts', { seen: 1 })], policy: wants('review') },
    [80],
  ],
  [
    'evidence-missing',
    'a review that is done',
    { files: [changed('src/a.ts', { reviewed: 1 })], policy: wants('review') },
    [],
  ],
  [
    'evidence-missing',
    'a scan with findings',
    { files: [human], validations: scan(['low']), policy: wants('sast') },
    [80],
  ],
  ['evidence-missing', 'a scan without', { files: [human], validations: scan([]), policy: wants('sast') }, []],
  [
    'assistant-not-allowed',
    'another tool',
    { files: [changed('a.md', { reviewed: 1 })], policy: allows('codex') },
    [95],
  ],
  [
    'assistant-not-allowed',
    'another model',
    { files: [changed('a.md', { reviewed: 1 })], policy: allows('claude:gpt*') },
    [95],
  ],
  [
    'assistant-not-allowed',
    'one that is allowed',
    { files: [changed('a.md', { reviewed: 1 })], policy: allows('claude') },
    [],
  ],
  ['assistant-not-allowed', 'a person', { files: [human], policy: allows('codex') }, []],
);

function stale(outcome: ValidationRun['outcome']): Validations {
  return { runs: [run('tests', outcome, 'stale')], scans: [] };
}

function countsAs(counts: { readonly countsAsAi: number; readonly seen: number }) {
  const { countsAsAi: ai } = counts;
  return { added: ai, ai, mixed: 0, human: 0, tool: 0, unknown: 0, base: 0, reviewed: 0, ...counts };
}

function floorsBy(rule: RiskRule, input: RiskInput): number[] {
  return assessRisk(input)
    .factors.filter(({ id }) => id === rule)
    .map(({ effect }) => Number(effect.replace('floor ', '')));
}

function withFloors(floors: Partial<Policy['floors']>): Policy {
  return { ...builtInPolicy, floors: { ...builtInPolicy.floors, ...floors } };
}

describe('the rules under the score', () => {
  for (const [rule, what, input, floors] of cases) {
    it(`${rule}: ${what}: ${floors.length > 0 ? `floor ${floors.join(' and ')}` : 'none'}`, () => {
      assert.deepEqual(floorsBy(rule, input), floors);
    });
  }

  it('say where to look, why, and what to do', () => {
    const [factor] = assessRisk({ files: [human, changed('src/b.ts', { human: 2, unseen: 8 })] }).factors;
    assert.deepEqual(factor, {
      id: 'unseen-ai',
      effect: 'floor 52',
      detail: '8 AI lines nobody has looked at',
      where: [{ path: 'src/b.ts', line: 3 }],
      remedy: { id: 'review', by: 'person', action: 'read the AI lines and say so: "countersign review"' },
    });
  });

  it('have no more than five places each', () => {
    const files = Array.from({ length: 20 }, (_, i) => changed(`src/${i}.ts`, { unseen: 1 }));
    for (const { where } of assessRisk({ files }).factors) assert.ok(where.length <= 5);
  });

  it('are scaled by the floor of a policy, and turned off by 0', () => {
    const files = [changed('a.md', { unseen: 1 })];
    const floor = (value: number): number[] =>
      floorsBy('unseen-ai', { files, policy: withFloors({ 'unseen-ai': value }) });
    assert.deepEqual([floor(80), floor(96), floor(40), floor(0)], [[50], [60], [25], []]);
  });
});
