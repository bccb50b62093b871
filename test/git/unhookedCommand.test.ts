import assert from 'node:assert/strict';
import { AssistantSession } from '../support/assistantSession.ts';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

/** What Gemini CLI sets in its shell: no hooks, and no configuration of the person's. */
const hooksOff = {
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'core.hooksPath',
  GIT_CONFIG_VALUE_0: '',
  GIT_CONFIG_KEY_1: 'commit.gpgsign',
  GIT_CONFIG_VALUE_1: 'false',
};

describeEverywhere('a commit that an assistant makes with hooks switched off', { 'base.js': 'base();\n' }, (now) => {
  const session = (repository: Scenario, tool = 'gemini'): AssistantSession =>
    new AssistantSession(repository.place, { tool, session: 's' });

  async function unhooked(repository: Scenario, ...args: readonly string[]): Promise<void> {
    const { code, stderr } = await repository.tryGit(hooksOff, ...args);
    assert.equal(code, 0, stderr);
  }

  it('of what it wrote before gets its record by a note', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a();\n' }, { tool: 'gemini', session: 's' });
    await repository.writes({ 'theirs.js': 'theirs();\n' });
    await session(repository).beforeCommand('call-1');
    await unhooked(repository, 'add', ':/');
    await unhooked(repository, 'commit', '-qm', 'Add a');
    await session(repository).afterCommand('call-1');
    assert.equal((await repository.message()).trim(), 'Add a');
    assert.deepEqual(
      [await repository.lines(), await repository.fit()],
      [['a.js:1 ai', 'theirs.js:1 unknown'], 'exact'],
    );
  });

  it('of what the same command wrote gets its record', async () => {
    const repository = now();
    await session(repository).beforeCommand('call-1');
    await repository.writes({ 'a.js': 'a();\n' });
    await unhooked(repository, 'add', ':/');
    await unhooked(repository, 'commit', '-qm', 'Add a');
    await session(repository).afterCommand('call-1');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai']);
  });

  it('is noted though the end of the command is never told, where an assistant leaves it so', async () => {
    const repository = now();
    const session = (): AssistantSession =>
      new AssistantSession(repository.place, { tool: 'codex', session: 's' }, { endMayStayUntold: true });
    await session().beforeCommand('call-1');
    await repository.writes({ 'a.js': 'a();\n' });
    await unhooked(repository, 'add', ':/');
    await unhooked(repository, 'commit', '-qm', 'Add a');
    await session().turnEnd();
    assert.deepEqual(await repository.lines(), ['a.js:1 ai']);
  });

  it('that is one of several is noted like the others', async () => {
    const repository = now();
    await session(repository).beforeCommand('call-1');
    for (const name of ['a', 'b', 'c']) {
      await repository.writes({ [`${name}.js`]: `${name}();\n` });
      await unhooked(repository, 'add', ':/');
      await unhooked(repository, 'commit', '-qm', `Add ${name}`);
    }
    await unhooked(repository, 'commit', '-q', '--amend', '-m', 'Add c, amended');
    await session(repository).afterCommand('call-1');
    for (const [back, name] of [
      [2, 'a'],
      [1, 'b'],
      [0, 'c'],
    ] as const) {
      assert.deepEqual(await repository.lines(`HEAD~${back}`), [`${name}.js:1 ai`]);
    }
  });

  it('does not make what it pulled or checked out its own', async () => {
    const repository = now();
    await repository.git('checkout', '-q', '-b', 'side');
    await repository.writes({ 'side.js': 'side();\n' });
    await repository.git('add', ':/');
    await repository.gitWith({ env: hooksOff }, 'commit', '-qm', 'Theirs');
    await repository.git('checkout', '-q', '-b', 'work', 'side~1');
    await session(repository).beforeCommand('call-1');
    await unhooked(repository, 'merge', '-q', '--ff-only', 'side');
    await repository.writes({ 'a.js': 'a();\n' });
    await unhooked(repository, 'add', ':/');
    await unhooked(repository, 'commit', '-qm', 'Add a');
    await session(repository).afterCommand('call-1');
    assert.deepEqual(await repository.lines(), ['a.js:1 ai']);
    assert.equal(await repository.note('HEAD~1'), '');
  });

  it('is told from one that a person makes meanwhile, by the hooks', async () => {
    const repository = now();
    await session(repository).beforeCommand('call-1');
    await repository.writes({ 'theirs.js': 'theirs();\n' });
    await repository.commit('Theirs');
    await session(repository).afterCommand('call-1');
    assert.deepEqual([await repository.lines(), await repository.note()], [['theirs.js:1 unknown'], '']);
  });
});
