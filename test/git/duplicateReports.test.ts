import assert from 'node:assert/strict';
import { openPlace, type Place } from '../../src/change/place.ts';
import { AssistantSession, authorsOf, content } from '../support/assistantSession.ts';
import { Project } from '../support/project.ts';

/** Some assistants run Claude Code's hooks beside their own: one call is told twice. */
describe('a call that is told by two hooks', () => {
  let project: Project;
  let place: Place;
  let session: AssistantSession;

  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'a();\n' });
    place = await openPlace(project.dir);
    session = new AssistantSession(place);
  });
  afterEach(() => project.dispose());

  const edits = { 'a.js': content('a();\nmine();\n') };
  const commands = (): number => place.ledger.journal.entries().filter(({ entry }) => entry === 'command').length;

  for (const [how, call] of [
    ['with an id', 'call-1'],
    ['without an id', undefined],
  ] as const) {
    it(`is counted once, ${how}`, async () => {
      await session.beforeEdit(edits, call);
      await session.beforeEdit(edits, call);
      await project.write({ 'a.js': 'a();\nmine();\n' });
      await session.afterEdit(edits, call);
      const steps = [...place.ledger.history('a.js')].length;
      await project.write({ 'a.js': 'a();\nmine();\ntheirs();\n' });
      await session.afterEdit(edits, call);
      assert.equal([...place.ledger.history('a.js')].length, steps);
      assert.deepEqual(authorsOf(place, 'a.js'), ['a(); unknown', 'mine(); s reported', 'theirs(); unknown']);
    });

    it(`is counted once where it is a command, ${how}`, async () => {
      await session.beforeCommand(call);
      await session.beforeCommand(call);
      await project.write({ 'made.js': 'made();\n' });
      await session.afterCommand(call);
      await project.write({ 'later.js': 'later();\n' });
      await session.afterCommand(call);
      assert.equal(commands(), 1);
      assert.deepEqual(authorsOf(place, 'made.js'), ['made(); s reported']);
      assert.deepEqual(authorsOf(place, 'later.js'), ['later(); unknown']);
    });
  }

  it('keeps what its first hook saw before it', async () => {
    await session.beforeCommand('call-1');
    await project.write({ 'made.js': 'made();\n' });
    await session.beforeCommand('call-1');
    await session.afterCommand('call-1');
    assert.deepEqual(authorsOf(place, 'made.js'), ['made(); s reported']);
  });

  it('is another one when it comes again, though it says the same', async () => {
    for (const text of ['a();\nmine();\n', 'a();\nmine();\nmine();\n']) {
      const again = {
        'a.js': { form: 'replacements', replacements: [{ oldText: 'a();\n', newText: 'a();\nmine();\n', all: false }] },
      } as const;
      await session.beforeEdit(again);
      await project.write({ 'a.js': text });
      await session.afterEdit(again);
      await session.beforeCommand();
      await session.afterCommand();
    }
    assert.deepEqual(authorsOf(place, 'a.js'), ['a(); unknown', 'mine(); s reported', 'mine(); s reported']);
    assert.equal(commands(), 2);
  });

  it('commands of one session that run side by side are told apart by their words', async () => {
    await session.beforeCommand(undefined, 'first');
    await session.beforeCommand(undefined, 'second');
    await project.write({ 'made.js': 'made();\n' });
    await session.afterCommand(undefined, 'first');
    await project.write({ 'later.js': 'later();\n' });
    await session.afterCommand(undefined, 'second');
    assert.deepEqual(authorsOf(place, 'made.js'), ['made(); s reported']);
    assert.deepEqual(authorsOf(place, 'later.js'), ['later(); s reported']);
    assert.equal(commands(), 2);
  });

  it('is counted once where two processes tell it at the same time', async () => {
    const payload = (event: string, tool: string, input: object): string =>
      JSON.stringify({
        hook_event_name: event,
        session_id: 's',
        cwd: project.dir,
        tool_name: tool,
        tool_use_id: 'call-1',
        tool_input: input,
      });
    const twice = async (input: string): Promise<void> => {
      const hooks = await Promise.all([1, 2].map(() => project.countersign(['hook', 'claude'], { input })));
      for (const { code, stderr } of hooks) assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    };
    const write = { file_path: `${project.dir}/a.js`, content: 'a();\nmine();\n' };
    await twice(payload('PreToolUse', 'Write', write));
    await project.write({ 'a.js': 'a();\nmine();\n' });
    const steps = [...place.ledger.history('a.js')].length;
    await twice(payload('PostToolUse', 'Write', write));
    assert.equal([...place.ledger.history('a.js')].length, steps + 1);
    await twice(payload('PreToolUse', 'Bash', { command: 'make' }));
    await project.write({ 'made.js': 'made();\n' });
    await twice(payload('PostToolUse', 'Bash', { command: 'make' }));
    assert.equal(commands(), 1);
    assert.deepEqual(authorsOf(place, 'made.js'), ['made(); s reported']);
  });
});
