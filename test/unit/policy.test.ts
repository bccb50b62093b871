import assert from 'node:assert/strict';
import { type CommandPolicy, commandPolicy, decide, parsePolicy, strictest } from '../../src/core/policy/commands.ts';

const policy = (commands: object): CommandPolicy => parsePolicy(JSON.stringify({ version: 1, commands })).commands;

describe('a policy for commands', () => {
  it('says for each class what is to be done, and nothing of other keys', () => {
    const { commands, problems } = parsePolicy('{"version":1,"risk":{"limit":80},"commands":{"destructive":"deny"}}');
    assert.deepEqual([...commands], [['destructive', 'deny']]);
    assert.deepEqual(problems, []);
    assert.deepEqual(parsePolicy('{"version":1}'), { commands: new Map(), problems: [] });
  });

  it('that is wrong does not count, and says why', () => {
    for (const [text, problem] of [
      ['', 'it is not JSON'],
      ['[]', '"version" must be 1'],
      ['null', 'it must be an object'],
      ['{"version":"1"}', '"version" must be 1'],
      ['{"version":1,"commands":{"destructive":"no"}}', '"commands.destructive" must be one of record, ask, deny'],
      ['{"version":1,"commands":"deny"}', '"commands" must be one of record, ask, deny'],
    ] as const) {
      assert.deepEqual(parsePolicy(text), {
        commands: new Map(),
        problems: [`.countersign.json does not count: ${problem}`],
      });
    }
  });

  it('that names a class which there is not counts for the others', () => {
    const { commands, problems } = parsePolicy('{"version":1,"commands":{"destructve":"deny","privilege":"ask"}}');
    assert.deepEqual([...commands], [['privilege', 'ask']]);
    assert.match(problems.join(), /^\.countersign\.json: commands\."destructve" is no class: one of destructive, /);
  });

  it('of a person names what is wrong by its setting', () => {
    const { commands, problems } = commandPolicy(
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
