import assert from 'node:assert/strict';
import { isValidationSummary, recordedValidation, validationSummary } from '../../../src/core/validation/summary.ts';
import type { ScanResult, ValidationRun } from '../../../src/core/validation/validation.ts';

const at = '2026-01-01T00:00:00Z';
const run = (more: Partial<ValidationRun> = {}): ValidationRun => ({
  ...{ kind: 'tests', name: 'npm test', outcome: 'passed', at, freshness: 'current' },
  ...more,
});
const fresh = { tool: 'T', rule: 'r', severity: 'high', message: 'm', where: [{ path: 'a.js', line: 1 }] } as const;
const scan = (more: Partial<ScanResult> = {}): ScanResult => ({
  ...{ kind: 'sast', tool: 'T', at, freshness: 'current', findings: 3, fresh: [] },
  ...more,
});
const told = (runs: readonly ValidationRun[], scans: readonly ScanResult[] = []): string => {
  const recorded = recordedValidation({ runs, scans });
  const summary = recorded ? validationSummary(recorded) : '';
  assert.ok(summary === '' || isValidationSummary(summary), summary);
  return summary;
};

describe('the Validation trailer', () => {
  it('tells of each kind once, in its order', () => {
    const runs = [run({ kind: 'build', name: 'make' }), run(), run({ name: 'pytest' })];
    assert.equal(told(runs, [scan(), scan({ kind: 'dast' })]), 'tests passed, build passed, sast 0 new, dast 0 new');
  });

  it('claims nothing of what is stale, or of what nobody knows', () => {
    assert.equal(told([run({ freshness: 'stale' })], [scan({ freshness: 'stale' })]), 'tests stale, sast stale');
    assert.equal(told([run({ freshness: 'unknown' })], [scan({ freshness: 'unknown' })]), '');
    assert.equal(told([run({ outcome: 'stopped' }), run({ kind: 'other' })]), '');
    assert.equal(told([]), '');
    assert.equal(told([run(), run({ name: 'pytest', freshness: 'stale' })]), 'tests passed');
  });

  it('one that fails on this content outweighs those that pass', () => {
    assert.equal(told([run(), run({ name: 'pytest', outcome: 'failed' })]), 'tests failed');
    assert.equal(told([run({ outcome: 'failed', freshness: 'stale' })]), 'tests stale');
  });

  it('counts what is new by all scanners, though one is stale', () => {
    assert.equal(
      told([], [scan({ fresh: [fresh] }), scan({ tool: 'U', fresh: [fresh, fresh], freshness: 'stale' })]),
      'sast 3 new',
    );
    assert.equal(told([run({ kind: 'sast' })], [scan({ fresh: [fresh] })]), 'sast 1 new');
    assert.equal(told([], [scan(), scan({ tool: 'U', freshness: 'stale' })]), 'sast stale');
  });

  it('never gets longer than a line', () => {
    const kinds = ['tests', 'build', 'lint'] as const;
    const results = ['sast', 'sca', 'dast'] as const;
    const many = Array(99_999).fill(fresh);
    const value = told(
      kinds.map((kind) => run({ kind })),
      results.map((kind) => scan({ kind, fresh: many })),
    );
    assert.ok(`Validation: ${value}`.length <= 100, value);
  });

  it('a record has no path in the place of a name', () => {
    const recorded = recordedValidation({ runs: [run({ name: 'test: /home/dev/project' })], scans: [] });
    assert.equal(recorded?.runs[0]?.name, 'tests');
  });

  it('what other tools write under its name has another form', () => {
    for (const value of ['ok', 'tests', 'tests passed on CI', 'tests passed,', 'sast -1 new', '']) {
      assert.ok(!isValidationSummary(value), value);
    }
  });

  it('a record keeps names and counts, no place, message or time', () => {
    const recorded = recordedValidation({
      runs: [run({ exitCode: 0, source: 'run' })],
      scans: [scan({ fresh: [fresh] })],
    });
    assert.deepEqual(recorded, {
      runs: [{ kind: 'tests', name: 'npm test', outcome: 'passed', freshness: 'current' }],
      scans: [{ kind: 'sast', tool: 'T', findings: 3, fresh: 1, freshness: 'current' }],
    });
  });
});
