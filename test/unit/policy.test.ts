import assert from 'node:assert/strict';
import {
  commandSettings,
  commandsOf,
  decide,
  readPlainCommands,
  strictest,
} from '../../src/core/policy/commandPolicy.ts';

const policy = commandsOf;

describe('a policy for commands', () => {
  it('says for each class what is to be done, and nothing of other keys', () => {
    const read = (text: string): unknown => Object.fromEntries(readPlainCommands(text) ?? [['not', 'plain']]);
    assert.deepEqual(read('{"version":1,"risk":{"limit":80},"commands":{"destructive":"deny"}}'), {
      destructive: 'deny',
    });
    assert.deepEqual(read('{"version":1}'), {});
  });

  it('that is wrong is for the reader that says why', () => {
    for (const text of [
      '',
      '[]',
      'null',
      '{"version":"1"}',
      '{"version":1,"commands":{"destructive":"no"}}',
      '{"version":1,"commands":{"destructve":"deny","privilege":"ask"}}',
      '{"version":1,"commands":"deny"}',
      '{"version":1} // a comment',
    ]) {
      assert.equal(readPlainCommands(text), undefined, text);
    }
  });

  it('of a person names what is wrong by its setting', () => {
    const { commands, problems } = commandSettings(
      [
        ['privilege', 'deny'],
        ['credentials', 'never'],
      ],
      'countersign.commands.',
    );
    assert.deepEqual([...commands], [['privilege', 'deny']]);
    assert.deepEqual(problems, ['countersign.commands.credentials must be one of record, ask, deny']);
  });

  it('of several is the strictest of each class', () => {
    const joined = strictest([
      policy({ destructive: 'deny', privilege: 'record', credentials: 'ask' }),
      policy({ destructive: 'ask', privilege: 'ask' }),
    ]);
    assert.deepEqual(Object.fromEntries(joined), { destructive: 'deny', privilege: 'ask', credentials: 'ask' });
  });

  it('does with a command the strictest that any of its classes asks for', () => {
    const given = policy({ destructive: 'ask', privilege: 'deny', 'history-rewrite': 'deny' });
    assert.deepEqual(decide(given, ['destructive', 'privilege']), { decision: 'deny', classes: ['privilege'] });
    assert.deepEqual(decide(given, ['destructive', 'test-run']), { decision: 'ask', classes: ['destructive'] });
    assert.equal(decide(given, ['other']).decision, 'record');
    assert.equal(decide(policy({ other: 'ask' }), ['other']).decision, 'ask');
  });
});
