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

  it('takes what a tool says that it wrote, of which call, and whether it failed', () => {
    const edits = [
      { path: 'a.ts', old_text: 'x', new_text: 'y' },
      { path: '/b.ts', content: 'z\n' },
    ];
    const payload = { ...event, files: undefined, edits, call: 'c-1', toolVersion: '2.0', failed: true };
    const replacements = [{ oldText: 'x', newText: 'y', all: false }];
    assert.deepEqual(generic.normalise(payload, {}), {
      event: 'after-edit',
      actor: { tool: 'my-agent', version: '2.0', model: 'm-1', session: 's-1', kind: 'agent_action', call: 'c-1' },
      edits: [
        { file: '/project/a.ts', written: { form: 'replacements', replacements } },
        { file: '/b.ts', written: { form: 'content', text: 'z\n' } },
      ],
      failed: true,
    });
    assert.throws(() => generic.normalise({ ...payload, edits: [{ content: '' }] }, {}), /edits\.0/);
  });

  it('takes orders and the end of a turn', () => {
    const actor = { tool: 'my-agent', model: 'm-1', session: 's-1', kind: 'agent_action' };
    const order = { ...event, event: 'prompt', prompt: 'Do it.' };
    assert.deepEqual(generic.normalise(order, {}), { event: 'prompt', actor, cwd: '/project', text: 'Do it.' });
    assert.throws(() => generic.normalise({ ...order, prompt: undefined }, {}), PayloadError);
    const end = generic.normalise({ ...event, event: 'turn-end' }, {});
    assert.deepEqual(end, { event: 'turn-end', actor, cwd: '/project' });
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
