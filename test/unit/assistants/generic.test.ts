import assert from 'node:assert/strict';
import { PayloadError } from '../../../src/agents/assistant.ts';
import { generic } from '../../../src/agents/generic.ts';

describe('the generic reporter', () => {
  const event = {
    version: 1,
    event: 'after-edit',
    cwd: '/project',
    tool: 'my-agent',
    model: 'm-1',
    session: 's-1',
    files: ['a.ts'],
  };

  it('takes its events, with paths under cwd', async () => {
    assert.deepEqual(await generic.normalise(event, {}), {
      event: 'after-edit',
      actor: { tool: 'my-agent', model: 'm-1', session: 's-1', kind: 'agent_action' },
      edits: [{ file: '/project/a.ts' }],
    });
    const session = await generic.normalise({ ...event, event: 'session-start' }, {});
    assert.ok(session.event === 'session-start' && session.actor.session === 's-1' && session.cwd === '/project');
    const command = await generic.normalise({ ...event, event: 'after-command', command: 'make', exitCode: 2 }, {});
    assert.ok(command.event === 'after-command' && command.command === 'make' && command.exitCode === 2);
  });

  it('does not take a placeholder for a model', async () => {
    const taken = await generic.normalise({ ...event, model: 'auto' }, {});
    assert.ok(taken.event === 'after-edit' && taken.actor.model === undefined);
  });

  it('says what is wrong with a payload', () => {
    for (const wrong of [
      { ...event, version: 2 },
      { ...event, event: 'edit' },
      { ...event, tool: ' ' },
      { ...event, files: undefined },
      null,
    ]) {
      assert.throws(() => generic.normalise(wrong, {}), PayloadError);
    }
  });
});
