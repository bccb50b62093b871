import assert from 'node:assert/strict';
import { judgeByPolicy } from '../../src/change/policyJudgement.ts';
import type { FileChange } from '../../src/core/change.ts';
import { builtInPolicy } from '../../src/core/policy/policy.ts';
import { openRecord, sealRecord } from '../../src/core/record.ts';
import { assessRisk } from '../../src/core/risk/assess.ts';
import type { Validations } from '../../src/core/validation/validation.ts';
import { changed } from '../support/changes.ts';

describe('a commit by a policy that wants tests', () => {
  const at = '2026-01-01T00:00:00Z';
  const files = [changed('src/a.ts', { reviewed: 1 })];
  const policy = { ...builtInPolicy, evidence: new Map([['tests', ['src/**']]] as const) };

  /** What is found of a commit whose record says this of its validation; a squash has a record of each of its changes. */
  function found(
    validations: Validations,
    couldNotBeRead: readonly string[] = [],
    squashed: readonly FileChange[][] = [files],
  ): string[] {
    const risk = assessRisk({ files, without: couldNotBeRead.map((what) => ({ what, why: 'it is damaged' })) });
    const records = squashed.map((part, i) => {
      const told = i === 0 ? { validations } : {};
      const sealed = sealRecord(part, { risk, ...told, time: at, program: 'countersign/0.0.0' });
      assert.ok(sealed);
      const { digest } = sealed;
      return { digest, source: 'trailer', found: openRecord(Buffer.from(sealed.bytes), digest) } as const;
    });
    const author = { name: 'A', email: 'a@example.com', date: '1767225600 +0000' };
    const facts = {
      ...{ commit: 'c', tree: 't', parents: [], author, time: at, message: '', trailers: [] },
      ...{ claimed: records.map(({ digest }) => digest), noted: [], mentioned: [], reverted: [] },
    };
    const resolved = { commit: 'c', facts, parents: [], files, records, foreign: [], fit: { state: 'exact' } as const };
    return judgeByPolicy(policy, resolved).map(({ weight, detail }) => `${weight} ${detail}`);
  }

  const run = { kind: 'tests', name: 'npm test', outcome: 'passed', freshness: 'current', at } as const;

  it('meets it by a run that passed on just that content', () => {
    assert.deepEqual(found({ runs: [run], scans: [] }), []);
  });

  it('falls short where the run failed, is stale or is not there', () => {
    assert.deepEqual(found({ runs: [{ ...run, outcome: 'failed' }], scans: [] }), [
      'fault policy: tests: it failed (src/a.ts)',
    ]);
    assert.deepEqual(found({ runs: [{ ...run, freshness: 'stale' }], scans: [] }), [
      'fault policy: tests: files changed since (src/a.ts)',
    ]);
    assert.deepEqual(found({ runs: [], scans: [] }), ['fault policy: tests: there is none (src/a.ts)']);
  });

  it('cannot be told of a squash, of which only a part was tested', () => {
    assert.deepEqual(found({ runs: [run], scans: [] }, [], [files, [changed('src/b.ts', { reviewed: 2 })]]), [
      'doubt policy: tests: it is not known what it ran on (src/a.ts)',
    ]);
  });

  it('cannot be told where it is not known what the run was of, or validations could not be read', () => {
    assert.deepEqual(found({ runs: [{ ...run, freshness: 'unknown' }], scans: [] }), [
      'doubt policy: tests: it is not known what it ran on (src/a.ts)',
    ]);
    assert.deepEqual(found({ runs: [], scans: [] }, ['validation']), [
      'doubt policy: tests: there is none (src/a.ts), but what there was could not be read when the commit was made',
    ]);
  });
});
