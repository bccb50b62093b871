import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { acme } from './exampleAssistant.ts';
import { command } from './hookCommand.ts';

describe('the guide to adding an assistant', () => {
  const common = { conversation: 's-1', folder: '/p', call: 'c-1', model: 'm-1' };
  const actor = { tool: 'acme', model: 'm-1', session: 's-1', kind: 'agent_action', call: 'c-1' };

  it('shows the adapter that is tested here, of fewer than 100 lines', () => {
    const guide = readFileSync(path.join(__dirname, '../../../docs/adding-an-assistant.md'), 'utf8');
    const shown = /```ts\n([\s\S]*?)```/.exec(guide)?.[1];
    const tested = readFileSync(path.join(__dirname, 'exampleAssistant.ts'), 'utf8');
    assert.equal(shown, tested.replaceAll("'../../../src/agents/", "'./"));
    assert.ok(tested.trimEnd().split('\n').length < 100);
  });

  it('has an adapter that works', () => {
    const edits = [{ file: path.resolve('/p/a.ts'), written: { form: 'content', text: 'x\n' } }];
    const write = { ...common, tool: 'write', input: { path: 'a.ts', content: 'x\n' } };
    assert.deepEqual(acme.normalise({ ...write, event: 'toolStarts' }, {}), { event: 'before-edit', actor, edits });
    assert.deepEqual(acme.normalise({ ...write, event: 'toolEnds', error: 'no' }, {}), {
      event: 'after-edit',
      actor,
      edits,
      failed: true,
    });
    const shell = { ...common, event: 'toolEnds', tool: 'shell', input: { command: 'make' }, exitCode: 2 };
    assert.deepEqual(acme.normalise(shell, {}), {
      event: 'after-command',
      actor,
      cwd: '/p',
      command: 'make',
      exitCode: 2,
    });
    assert.throws(
      () => acme.normalise({ event: 'idle' }, {}),
      /^PayloadError: Acme's payload has no usable conversation/,
    );
    assert.throws(() => acme.normalise({ ...write, event: 'toolEnds', input: {} }, {}), /names no file/);
    assert.deepEqual(acme.committer?.({ ACME_CONVERSATION: 's-1' }), { session: 's-1' });
    assert.ok(acme.hooks?.form === 'json');
    assert.deepEqual(acme.hooks.items?.(command)[0], { list: ['toolStarts'], item: { run: 'S' } });
  });
});
