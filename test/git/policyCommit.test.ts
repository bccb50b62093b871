import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import type { Finished } from '../support/program.ts';
import { Project } from '../support/project.ts';
import { assistantWrites, trailers } from '../support/reports.ts';

describe('a commit under a policy', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ 'src/a.js': 'one();\n' });
    await project.countersignOutput('install', '--git');
  });
  afterEach(() => project.dispose());

  async function commits(policy: object): Promise<void> {
    await project.write({ '.countersign.json': JSON.stringify({ version: 1, ...policy }) });
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--no-verify', '--message=Policy');
  }

  async function commit(...args: string[]): Promise<Finished> {
    await project.git('add', '--all');
    return await project.run('env', [...args, 'git', 'commit', '--quiet', '--message=Change']);
  }

  async function recorded(): Promise<unknown> {
    const digest = (await trailers(project)).get('Provenance')?.[0]?.slice('sha256:'.length) ?? '';
    const record = await project.git('show', `refs/countersign/records:${digest.slice(0, 2)}/${digest}.json`);
    return (JSON.parse(record) as { policy?: unknown }).policy;
  }

  it('stops where something is missing, says what, and goes on once it is there', async () => {
    await commits({ prompt: { low: 'require' }, evidence: { tests: ['src/**'] } });
    await assistantWrites(project, { 'src/a.js': 'one();\ntwo();\n', 'src/b.js': 'b();\n' });
    const before = await project.git('rev-parse', 'HEAD');
    const { code, stderr } = await commit();
    assert.equal(code, 1);
    assert.equal(await project.git('rev-parse', 'HEAD'), before);
    const lines = stderr.trimEnd().split('\n');
    assert.match(lines[0] as string, /^countersign: the policy stops this commit \(risk \w+\), for it lacks:$/);
    assert.deepEqual(lines.slice(1, 3), [
      'countersign:   tests: there is none (src/a.js and 1 more)',
      'countersign:   review: no person has reviewed the AI lines (src/a.js and 1 more)',
    ]);
    assert.match(lines[3] as string, /COUNTERSIGN_OVERRIDE="\.\.\." git commit, or git commit --no-verify$/);

    await project.countersignOutput('review', '--all');
    await project.countersignOutput('run', '--', 'node', '--test');
    const after = await commit();
    assert.equal(after.code, 0, after.stderr);
    assert.deepEqual(await recorded(), { result: 'met' });
  });

  it('goes on for a reason, which its record keeps', async () => {
    await commits({ prompt: { low: 'require' }, assistants: ['claude'] });
    await assistantWrites(project, { 'src/a.js': 'one();\ntwo();\n' });
    assert.equal((await commit()).code, 1);
    assert.equal((await commit('COUNTERSIGN_OVERRIDE= \t ')).code, 1, 'a reason that is none');
    const { code, stderr } = await commit(`COUNTERSIGN_OVERRIDE=hotfix,\n tests\u202E follow${'!'.repeat(500)}`);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await recorded(), {
      result: 'overridden',
      missing: ['review unreviewed', 'assistant my-agent (m-1)'],
      override: `hotfix, tests follow${'!'.repeat(180)}`,
    });
    assert.equal((await project.countersign(['verify', 'HEAD'])).code, 0);
    assert.match(
      (await project.countersign(['show', 'HEAD'])).stdout,
      /^policy: overridden; it lacked: review unreviewed, assistant my-agent \(m-1\); the reason given: "hotfix, tests follow!+"$/m,
    );
    const shown = JSON.parse((await project.countersign(['show', 'HEAD', '--json'])).stdout) as { policy: unknown };
    assert.deepEqual(shown.policy, await recorded());
  });

  it('goes on where nothing is required of its level, and its record says nothing', async () => {
    await commits({ prompt: { critical: 'require' }, levels: { critical: 100 }, evidence: { tests: ['**'] } });
    await assistantWrites(project, { 'src/a.js': 'one();\ntwo();\n' });
    assert.equal((await commit()).code, 0);
    assert.equal(await recorded(), undefined);
  });

  it('stops though the policy was taken away in the work tree', async () => {
    await commits({ prompt: { low: 'require' } });
    await assistantWrites(project, { 'src/a.js': 'one();\ntwo();\n' });
    await project.write({ '.countersign.json': null });
    assert.equal((await commit()).code, 1);
  });

  it('is not stopped where git replays it', async () => {
    await assistantWrites(project, { 'src/b.js': 'b();\n' });
    assert.equal((await commit()).code, 0);
    await project.git('branch', 'topic');
    await project.git('reset', '--quiet', '--hard', 'HEAD^');
    await commits({ prompt: { low: 'require' } });
    await project.git('cherry-pick', 'topic');
    assert.equal(await project.git('show', 'HEAD:src/b.js'), 'b();\n');
  });

  it('goes on with a word where the policy cannot be read or understood', async () => {
    for (const [text, problem] of [
      ['{', 'does not count: it is not JSON'],
      [
        '{"version":1,"prompt":{"low":"requir"},"levels":{"high":-1}}',
        ':1:30: prompt.low must be one of off, ask, require (and 2 more',
      ],
    ] as const) {
      await project.write({ '.countersign.json': text });
      await assistantWrites(project, { 'src/a.js': `${text.length}\n` });
      const { code, stderr } = await commit();
      assert.equal(code, 0, stderr);
      assert.ok(stderr.includes(problem), stderr);
      assert.ok((await trailers(project)).has('Provenance'));
    }
    await chmod(path.join(project.dir, '.countersign.json'), 0);
    await assistantWrites(project, { 'src/a.js': 'last();\n' });
    await project.git('add', 'src');
    const { code, stderr } = await project.run('git', ['commit', '--quiet', '--message=Last']);
    assert.equal(code, 0, stderr);
    // Nothing keeps root from reading.
    assert.equal(stderr.includes('it cannot be read'), process.geteuid?.() !== 0, stderr);
  });

  it("has trailers in the repository's style, before a person's", async () => {
    await project.git('config', 'countersign.trailers', 'none');
    await commits({ trailers: 'slash' });
    await assistantWrites(project, { 'src/a.js': 'one();\ntwo();\n' });
    assert.equal((await commit()).code, 0);
    assert.deepEqual((await trailers(project)).get('Assisted-by'), ['my-agent/m-1']);
    const { stdout } = await project.countersign(['doctor']);
    assert.match(
      stdout,
      /^note +countersign\.trailers: the repository's policy says slash: your none does not count$/m,
    );
    assert.match(stdout, /^ok +policy: of \.countersign\.json, \.countersign\.json in HEAD, over what is built in$/m);
  });
});
