import assert from 'node:assert/strict';
import path from 'node:path';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';
import { withoutHooks } from '../support/verified.ts';

interface Entry {
  readonly commit: string;
  readonly subject: string;
  readonly fit: { readonly state: string };
  readonly totals: Readonly<Record<string, number>>;
  readonly assistants: readonly { readonly tool: string; readonly model?: string }[];
}

async function log(repository: Scenario, ...args: readonly string[]): Promise<readonly Entry[]> {
  const answer = JSON.parse(await repository.countersign('log', '--json', ...args)) as {
    readonly schema: string;
    readonly commits: readonly Entry[];
  };
  assert.equal(answer.schema, 'countersign/log/1');
  return answer.commits;
}

describeEverywhere('log', { 'base.js': 'base();\n' }, (now) => {
  it('has a line for each commit, the newest first', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'one();\ntwo();\n' });
    await repository.personWrites({ 'a.js': 'one();\ntwo();\nthree();\n' });
    await repository.commit('Add a');
    await repository.git('rm', '-q', ':/base.js');
    await repository.commit('Remove base');
    await repository.assistantWrites({ 'b.js': 'b();\n' }, { tool: 'claude', model: 'opus' });
    await repository.commit('Add b');
    await repository.writes({ 'b.js': 'b();\nc();\n' });
    await repository.git('add', '--all', ':/');
    await withoutHooks(repository, 'commit', '-q', '--amend', '--no-edit');

    const entries = await log(repository);
    assert.deepEqual(
      entries.map(({ subject, fit }) => `${subject}: ${fit.state}`),
      ['Add b: partial', 'Remove base: none', 'Add a: exact', 'Start: none'],
    );
    assert.deepEqual(
      entries.map(({ totals }) => [totals['countsAsAi'], totals['human'], totals['added']]),
      [
        [1, 0, 2],
        [0, 0, 0],
        [2, 1, 3],
        [0, 0, 1],
      ],
    );
    assert.deepEqual(
      entries.map(({ assistants }) => assistants),
      [[{ tool: 'claude', model: 'opus' }], [], [{ tool: 'my-agent', model: 'm-1' }], []],
    );
    const [newest, ...others] = entries.map(({ commit }) => commit.slice(0, 12));
    assert.equal(
      await repository.countersign('log'),
      [
        `${newest}  1/2 AI        fits 1/2        Add b  [Claude Code (opus)]`,
        `${others[0]}                                Remove base`,
        `${others[1]}  2/3 AI        exact           Add a  [my-agent (m-1)]`,
        `${others[2]}                                Start`,
        '',
      ].join('\n'),
    );
  });

  it('takes a range, or the history of one revision', async () => {
    const repository = now();
    for (const name of ['a', 'b', 'c']) {
      await repository.assistantWrites({ [`${name}.js`]: `${name}();\n` });
      await repository.commit(`Add ${name}`);
    }
    const subjects = async (...args: string[]): Promise<string[]> =>
      (await log(repository, ...args)).map(({ subject }) => subject);
    assert.deepEqual(await subjects('HEAD~2..HEAD'), ['Add c', 'Add b']);
    assert.deepEqual(await subjects('HEAD~2'), ['Add a', 'Start']);
    assert.deepEqual(await subjects('HEAD..HEAD'), []);
  });

  it('says that a record is not here', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a');
    await repository.git('update-ref', '-d', 'refs/countersign/records');
    assert.match(await repository.countersign('log', 'HEAD~1..HEAD'), / {2}record missing {2}Add a\n$/);
  });

  it('lets neither a subject nor the name of a model command the terminal', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a();\n' }, { model: 'm\x1b[2J\x07 \x9b1m-1' });
    await repository.commit('Add \x1b]0;title\x07 a');
    const text = await repository.countersign('log');
    assert.match(text, /my-agent \(m/);
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u);
  });

  it('says what is wrong with a range', async () => {
    const { project, cwd } = now();
    for (const args of [['nowhere..HEAD'], ['--format=%x'], ['HEAD', 'main']]) {
      const { code, stdout, stderr } = await project.countersign(['log', ...args], { cwd });
      assert.ok(code === 1 || code === 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^countersign: [^\n]+\n$/);
    }
  });

  it('works in a bare clone', async () => {
    const repository = now();
    await repository.assistantWrites({ 'a.js': 'a();\n' });
    await repository.commit('Add a');
    const { project, top } = repository;
    const bare = path.join(project.home, 'bare.git');
    await project.git('clone', '-q', '--mirror', top, bare);
    const { stdout } = await project.countersign(['log'], { cwd: bare });
    assert.match(stdout, / {2}1\/1 AI {8}exact {11}Add a {2}\[my-agent \(m-1\)\]\n/);
  });
});
