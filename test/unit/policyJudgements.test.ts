import assert from 'node:assert/strict';
import type { AddedLine, FileChange } from '../../src/core/change.ts';
import {
  floorOf,
  levelOf,
  matchesName,
  missingEvidence,
  neededReviewers,
  notAllowed,
  promptMode,
} from '../../src/core/policy/judgements.ts';
import { builtInPolicy, type Policy, type RequiredKind } from '../../src/core/policy/policy.ts';
import type { ScanResult, ValidationRun, Validations } from '../../src/core/validation/validation.ts';

const at = '2026-01-01T00:00:00Z';

function line(number: number, review: 'unseen' | 'reviewed'): AddedLine {
  const author = {
    origin: 'ai',
    tool: 'claude',
    session: 's',
    kind: 'chat',
    evidence: 'reported',
    at,
    review,
  } as const;
  return { number, hash: '0'.repeat(12), class: 'ai', countsAsAi: true, author };
}

const file = (path: string, more: Partial<FileChange> = {}): FileChange => ({ path, lines: [], deleted: 0, ...more });
const run = (more: Partial<ValidationRun> = {}): ValidationRun => ({
  ...{ kind: 'tests', name: 'npm test', outcome: 'passed', at, freshness: 'current' },
  ...more,
});
const scan = (more: Partial<ScanResult> = {}): ScanResult => ({
  ...{ kind: 'sast', tool: 'semgrep', at, freshness: 'current', findings: 3, fresh: [] },
  ...more,
});
const nothing: Validations = { runs: [], scans: [] };

function needs(evidence: Partial<Record<RequiredKind, readonly string[]>>): Policy {
  return { ...builtInPolicy, evidence: new Map(Object.entries(evidence) as [RequiredKind, readonly string[]][]) };
}

describe('a policy judges', () => {
  it('the level of a score by its thresholds', () => {
    const scores = [0, 49, 50, 79, 80, 94, 95, 100];
    const expected = ['low', 'low', 'moderate', 'moderate', 'high', 'high', 'critical', 'critical'];
    assert.deepEqual(
      scores.map((score) => levelOf(score, builtInPolicy.levels)),
      expected,
    );
    // Thresholds in disorder: the highest level that is reached.
    assert.equal(levelOf(45, { moderate: 50, high: 40, critical: 95 }), 'high');
  });

  it('what a level and a rule ask for', () => {
    assert.equal(floorOf({ ...builtInPolicy, floors: { ...builtInPolicy.floors, large: 0 } }, 'large'), 0);
    assert.equal(promptMode(builtInPolicy, 'low'), 'off');
    assert.deepEqual(neededReviewers(builtInPolicy, 'critical'), { count: 0, named: [] });
  });

  describe('evidence', () => {
    it('that is required by path, and not there', () => {
      const policy = needs({ tests: ['src/**'], sast: ['*.go'] });
      assert.deepEqual(missingEvidence(policy, [file('src/a.ts'), file('README.md')], nothing), [
        { kind: 'tests', why: 'none', paths: ['src/a.ts'] },
      ]);
      assert.deepEqual(missingEvidence(policy, [file('README.md')], nothing), []);
      assert.deepEqual(missingEvidence(builtInPolicy, [file('src/a.ts')], nothing), []);
    });

    it('of a renamed file by both its paths, of a deleted and a lock file by its path', () => {
      const policy = needs({ sca: ['package-lock.json', 'src/auth/**'] });
      const files = [
        file('src/b.ts', { oldPath: 'src/auth/b.ts' }),
        file('src/auth/gone.ts', { deleted: 9 }),
        file('package-lock.json', { apart: 'lock' }),
      ];
      assert.deepEqual(missingEvidence(policy, files, nothing)[0]?.paths, [
        'src/b.ts',
        'src/auth/gone.ts',
        'package-lock.json',
      ]);
    });

    it('only while it is current and good', () => {
      const policy = needs({ tests: ['**'], sast: ['**'] });
      const why = (runs: ValidationRun[], scans: ScanResult[]): string[] =>
        missingEvidence(policy, [file('a.ts')], { runs, scans }).map(({ kind, why: reason }) => `${kind} ${reason}`);
      assert.deepEqual(why([run()], [scan()]), []);
      assert.deepEqual(why([run({ freshness: 'stale' })], [scan({ freshness: 'unknown' })]), [
        'tests stale',
        'sast unknown',
      ]);
      assert.deepEqual(why([run({ outcome: 'failed' }), run()], [scan()]), ['tests failed']);
      assert.deepEqual(why([run({ outcome: 'failed', freshness: 'stale' }), run()], [scan()]), []);
      assert.deepEqual(why([run({ outcome: 'stopped' }), run()], [scan()]), []);
      assert.deepEqual(why([run({ outcome: 'stopped' })], [scan()]), ['tests none']);
      const finding = { tool: 'semgrep', rule: 'r', severity: 'high', message: 'm', where: [] } as const;
      assert.deepEqual(why([run({ kind: 'build' })], [scan({ fresh: [finding] })]), ['tests none', 'sast findings']);
    });

    it('of a review: that every AI line of the file was reviewed', () => {
      const policy = needs({ review: ['src/**'] });
      const files = [
        file('src/a.ts', { lines: [line(1, 'reviewed'), line(2, 'unseen')] }),
        file('src/b.ts', { lines: [line(1, 'reviewed')] }),
        file('src/c.lock', { lines: [line(1, 'unseen')], apart: 'lock' }),
        file('docs/d.md', { lines: [line(1, 'unseen')] }),
      ];
      assert.deepEqual(missingEvidence(policy, files, nothing), [
        { kind: 'review', why: 'unreviewed', paths: ['src/a.ts'] },
      ]);
    });

    it('by more globs than a matcher takes at once', () => {
      const globs = Array.from({ length: 300 }, (_, i) => `folder-${i}/${'x'.repeat(100)}/**`);
      const policy = needs({ tests: [...globs, 'last/**'] });
      assert.deepEqual(missingEvidence(policy, [file('last/a.ts'), file('b.ts')], nothing)[0]?.paths, ['last/a.ts']);
    });
  });

  describe('assistants', () => {
    const claude = { tool: 'claude', model: 'claude-opus-4-5' };
    const codex = { tool: 'codex', model: 'gpt-5' };
    const unnamed = { tool: 'codex' };
    const allowed = (...lists: string[][]): Policy => ({ ...builtInPolicy, assistants: lists });

    it('all of them where nothing is said, none by an empty list', () => {
      assert.deepEqual(notAllowed(builtInPolicy, [claude, codex]), []);
      assert.deepEqual(notAllowed(allowed([]), [claude, claude]), [claude]);
    });

    it('by id or name, with any model or some', () => {
      assert.deepEqual(notAllowed(allowed(['Claude Code', 'CODEX:gpt-*']), [claude, codex, unnamed]), [unnamed]);
      assert.deepEqual(notAllowed(allowed(['claude:claude-sonnet-*', 'codex:*']), [claude, codex, unnamed]), [claude]);
    });

    it('that are in each list of several', () => {
      assert.deepEqual(notAllowed(allowed(['*'], ['codex']), [claude, codex]), [claude]);
    });

    it('by names in which * stands for anything', () => {
      for (const [pattern, name, expected] of [
        ['*', '', true],
        ['a*', 'a/b', true],
        ['*b', 'ab', true],
        ['a*a', 'a', false],
        ['a*b*c', 'a-b-b-c', true],
        ['a*b*c', 'a-c', false],
        ['a', 'ab', false],
        ['**', 'x', true],
      ] as const) {
        assert.equal(matchesName(pattern, name), expected, `${pattern} ${name}`);
      }
    });

    it('in a time that no pattern can blow up', () => {
      const pattern = '*a'.repeat(128);
      assert.equal(matchesName(`${pattern}b`, 'a'.repeat(100_000)), false);
    });
  });
});
