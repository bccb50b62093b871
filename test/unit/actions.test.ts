import assert from 'node:assert/strict';
import { type Actions, joinActions, sumActions } from '../../src/core/actions.ts';
import type { FileChange } from '../../src/core/change.ts';
import { openRecord, sealRecord } from '../../src/core/record.ts';
import { assessRisk } from '../../src/core/risk/assess.ts';

const destroyed: Actions = { class: 'destructive', count: 1, tools: ['claude'], what: ['terraform destroy'] };
const tested: Actions = { class: 'test-run', count: 2, tools: ['codex'], what: ['npm test'] };

const files: readonly FileChange[] = [
  {
    path: 'src/a.ts',
    deleted: 0,
    lines: [{ number: 1, hash: '0123456789ab', class: 'unknown', countsAsAi: false }],
  },
];
const seal = (change: readonly FileChange[], actions: readonly Actions[]) =>
  sealRecord(change, {
    risk: assessRisk({ files: change, actions }),
    actions,
    time: '2026-01-01T00:00:00Z',
    program: 'p/1',
  });

describe('what commands of assistants did', () => {
  it('is counted by class: a command once in each of its classes', () => {
    const both = [
      { class: 'destructive', what: ['rm -r', 'terraform destroy'] },
      { class: 'privilege', what: ['sudo'] },
    ] as const;
    assert.deepEqual(
      sumActions([
        { tool: 'claude', actions: both },
        { tool: 'codex', actions: [{ class: 'destructive', what: ['rm -r'] }] },
      ]),
      [
        { class: 'destructive', count: 2, tools: ['claude', 'codex'], what: ['rm -r', 'terraform destroy'] },
        { class: 'privilege', count: 1, tools: ['claude'], what: ['sudo'] },
      ],
    );
  });

  it('of a squashed commit is what all its records tell', () => {
    const joined = joinActions([[destroyed], [{ ...destroyed, count: 2, tools: ['codex'] }, tested], []]);
    assert.deepEqual(joined, [{ ...destroyed, count: 3, tools: ['claude', 'codex'] }, tested]);
  });

  it('is in the record, of a change of which nothing else is known, too', () => {
    const sealed = seal(files, [destroyed, tested]);
    assert.ok(sealed);
    const read = openRecord(Buffer.from(sealed.bytes), sealed.digest);
    assert.deepEqual(typeof read === 'string' ? read : read.actions, [destroyed, tested]);
    assert.equal(seal(files, [tested]), undefined);
    assert.equal(seal([], [destroyed]), undefined);
  });
});
