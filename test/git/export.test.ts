import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { listCommits } from '../../src/git/commits.ts';
import { Git } from '../../src/git/git.ts';
import { Project } from '../support/project.ts';
import { describeEverywhere } from '../support/scenario.ts';
import { assertAgentTrace, assertStatement } from '../support/schemas.ts';

function objects<Value>(output: string): Value[] {
  const lines = output.split('\n');
  assert.equal(lines.pop(), '');
  return lines.map((each) => JSON.parse(each) as Value);
}

interface Trace {
  readonly timestamp: string;
  readonly vcs: { readonly revision: string };
  readonly files: readonly { readonly path: string; readonly conversations: readonly object[] }[];
}

interface Noted {
  readonly commit: string;
  readonly note: string;
}

describeEverywhere('an export', { 'base.js': 'base();\n' }, (now) => {
  beforeEach(async () => {
    await now().assistantWrites({ 'src/a.js': 'one();\ntwo();\n' }, { model: 'claude-opus-4-5' });
    await now().commit('Add a');
    await now().personWrites({ 'b.js': 'b();\n' });
    await now().commit('Add b');
    await now().writes({ 'c.js': 'c();\n' });
    await now().commit('Add c');
  });

  const ids = async (): Promise<string[]> => (await now().git('rev-list', 'HEAD')).trim().split('\n');

  it('as ndjson is what show says of each commit', async () => {
    const exported = objects(await now().countersign('export', '--format', 'ndjson'));
    const shown = await Promise.all((await ids()).map((id) => now().countersign('show', id, '--json')));
    assert.deepEqual(
      exported,
      shown.map((json) => JSON.parse(json) as unknown),
    );
  });

  it('as agent-trace follows the schema, and leaves out commits of which nothing is known', async () => {
    const traces = objects<Trace>(await now().countersign('export', '--format', 'agent-trace'));
    for (const trace of traces) assertAgentTrace(trace);
    const [, second, third] = await ids();
    assert.deepEqual(
      traces.map(({ vcs }) => vcs.revision),
      [second, third],
    );
    assert.deepEqual(
      traces.map(({ files }) => files.map(({ path: file }) => file)),
      [['b.js'], ['src/a.js']],
    );
    assert.deepEqual(Object.keys(traces[0]?.files[0]?.conversations[0] ?? {}), ['contributor', 'ranges']);
    const time = (await now().git('log', '-1', '--format=%ct', 'HEAD~1')).trim();
    assert.equal(Date.parse(traces[0]?.timestamp ?? ''), Number(time) * 1000);
  });

  it('is the same twice', async () => {
    for (const format of ['ndjson', 'agent-trace', 'git-ai', 'in-toto']) {
      const [one, two] = [1, 2].map(() => now().countersign('export', '--format', format));
      assert.equal(await one, await two);
    }
  });

  it('as in-toto has a statement for each commit, its tree in it, and nothing personal', async () => {
    const output = await now().countersign('export', '--format', 'in-toto');
    const statements = objects<{ subject: { digest: object }[]; predicate: { fit: object } }>(output);
    for (const statement of statements) assertStatement(statement);
    const commits = await ids();
    const trees = (await now().git('log', '--format=%T')).trim().split('\n');
    assert.deepEqual(
      statements.map(({ subject }) => subject.map(({ digest }) => digest)),
      commits.map((gitCommit, i) => [{ gitCommit }, { gitTree: trees[i] }]),
    );
    assert.deepEqual(
      statements.map(({ predicate }) => predicate.fit),
      [{ state: 'none' }, { state: 'exact' }, { state: 'exact' }, { state: 'none' }],
    );
    for (const word of ['Dev', 'dev@example.com', 's-1', 'src/a.js']) assert.ok(!output.includes(word), word);
  });

  it('as git-ai gives the notes, and writes them where that is asked for', async () => {
    const notes = objects<Noted>(await now().countersign('export', '--format', 'git-ai'));
    const [, second, third] = await ids();
    assert.deepEqual(
      notes.map(({ commit, note }) => [commit, note.split('\n')[0]]),
      [
        [second, 'b.js'],
        [third, 'src/a.js'],
      ],
    );
    assert.equal(await now().git('for-each-ref', 'refs/notes/ai'), '');
    const said = await now().countersign('export', '--format', 'git-ai', '--write');
    assert.equal(said, '2 notes added to refs/notes/ai, for 4 commits\n');
    for (const { commit, note } of notes) assert.equal(await now().git('notes', '--ref=ai', 'show', commit), note);
    const again = await now().countersign('export', '--format', 'git-ai', '--write');
    assert.equal(again, '0 notes added to refs/notes/ai, for 4 commits\n');
  });

  it('of a range is of that range', async () => {
    const exported = objects<{ commit: string }>(
      await now().countersign('export', 'HEAD~2..HEAD~1', '--format', 'ndjson'),
    );
    assert.deepEqual(
      exported.map(({ commit }) => commit),
      [(await ids())[1]],
    );
  });

  it('goes into a file, named from where the person stands', async () => {
    const said = await now().countersign('export', 'HEAD~1', '--format', 'agent-trace', '--output', 'trace.ndjson');
    const file = path.join(now().cwd, 'trace.ndjson');
    assert.equal(said, `2 lines for 3 commits written to ${file}\n`);
    for (const trace of objects(await readFile(file, 'utf8'))) assertAgentTrace(trace);
  });
});

describe('the commits of a range', () => {
  let project: Project;
  let git: Git;

  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'a();\n' });
    git = new Git(project.dir);
    await project.git('commit', '-q', '--allow-empty', '-m', 'Second');
  });
  afterEach(() => project.dispose());

  const revisions = async (...names: readonly string[]): Promise<string[]> =>
    (await project.git('rev-parse', ...names)).trim().split('\n');

  it('are all of HEAD without an upstream, and else what the upstream does not have', async () => {
    assert.deepEqual(await listCommits(git), await revisions('HEAD', 'HEAD~1'));
    await project.git('branch', 'base', 'HEAD~1');
    await project.git('branch', '--set-upstream-to=base');
    assert.deepEqual(await listCommits(git), await revisions('HEAD'));
    await project.git('branch', '-f', 'base', 'HEAD');
    assert.deepEqual(await listCommits(git), []);
  });

  it('are those that git log would show', async () => {
    assert.deepEqual(await listCommits(git, 'HEAD~1'), await revisions('HEAD~1'));
    assert.deepEqual(await listCommits(git, 'HEAD~1..'), await revisions('HEAD'));
  });

  it('are asked for in one line where there are none', async () => {
    const cases = [
      { args: ['nowhere'], error: /nowhere is not a range of commits in .*: name a range such as main\.\.HEAD/ },
      { args: ['--', '--all'], error: /--all is not a range of commits/ },
      { args: [''], error: / is not a range of commits/ },
    ];
    for (const { args, error } of cases) {
      const { code, stdout, stderr } = await project.countersign(['export', '--format', 'ndjson', ...args]);
      assert.deepEqual([code === 0, stdout], [false, '']);
      assert.match(stderr, error);
      assert.equal(stderr.trim().split('\n').length, 1);
    }
    await project.git('init', '-q', 'empty');
    const { code, stderr } = await project.countersign(['export', '--format', 'ndjson'], {
      cwd: `${project.dir}/empty`,
    });
    assert.equal(code === 0, false);
    assert.match(stderr, /there is no commit yet/);
  });

  it('and a form are needed', async () => {
    const wrong = [[], ['--format', 'xml'], ['--format', 'ndjson', '--write'], ['--format', 'ndjson', 'a', 'b']];
    for (const args of wrong) {
      const { code, stderr } = await project.countersign(['export', ...args]);
      assert.equal(code, 2, stderr);
    }
  });

  it('may be more than are held in memory at a time', async () => {
    const input = Array.from(
      { length: 250 },
      (_, i) => `commit refs/heads/many\ncommitter A <a@b.c> ${i} +0000\ndata 0\n`,
    );
    await project.gitWith({ input: input.join('') }, 'fast-import', '--quiet');
    const statements = objects<{ subject: { digest: { gitCommit?: string } }[] }>(
      await project.countersignOutput('export', 'many', '--format', 'in-toto'),
    );
    const commits = (await project.git('rev-list', 'many')).trim().split('\n');
    assert.deepEqual(
      statements.map(({ subject }) => subject[0]?.digest.gitCommit),
      commits,
    );
  });
});
