import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Finished } from '../support/program.ts';
import { Project } from '../support/project.ts';
import { assistantWrites } from '../support/reports.ts';
import { verify } from '../support/verified.ts';

describe('verify by a policy', () => {
  let project: Project;
  let file: string;
  beforeEach(async () => {
    project = await Project.create({ 'src/a.js': 'one();\n' });
    file = path.join(project.home, 'ci.json');
    await project.countersignOutput('install', '--git');
    await assistantWrites(project, { 'src/b.js': 'b();\n' });
  });
  afterEach(() => project.dispose());

  async function commit(): Promise<void> {
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=Change');
  }

  /** The exit code, and what is found of HEAD. */
  async function verdict(policy: object): Promise<string[]> {
    await writeFile(file, JSON.stringify({ version: 1, ...policy }));
    const { code, commits } = await verify(project, project.dir, 'HEAD', '--policy', file);
    return [
      String(code),
      ...commits.flatMap(({ findings }) => findings.map(({ weight, detail }) => `${weight} ${detail}`)),
    ];
  }

  it('holds where nothing is missing', async () => {
    await project.countersignOutput('review', '--all');
    await commit();
    assert.deepEqual(
      await verdict({ assistants: ['my-*'], prompt: { low: 'require' }, evidence: { tests: ['docs/'] } }),
      ['0'],
    );
  });

  it('falls short where an assistant may not write, or nobody has reviewed', async () => {
    await commit();
    assert.deepEqual(await verdict({ assistants: ['claude'], evidence: { review: ['src/**'] } }), [
      '1',
      'fault policy: review: no person has reviewed the AI lines (src/b.js)',
      'fault policy: my-agent (m-1) may not write here',
    ]);
    assert.deepEqual(await verdict({ prompt: { low: 'require' } }), [
      '1',
      'fault policy: review: no person has reviewed the AI lines (src/b.js)',
    ]);
    assert.deepEqual(await verdict({ evidence: { review: ['docs/'] } }), ['0']);
  });

  it('takes validations as the record has them', async () => {
    const run = (code: number): Promise<Finished> =>
      project.countersign(['run', '--', 'node', '-e', `process.exit(${code})`]);
    const needs = { evidence: { tests: ['src/**'], other: ['src/**'] } };
    await run(0);
    await commit();
    assert.deepEqual(await verdict(needs), ['1', 'fault policy: tests: there is none (src/b.js)']);
    assert.deepEqual(await verdict({ evidence: { other: ['src/**'] } }), ['0']);
    await assistantWrites(project, { 'src/c.js': 'c();\n' });
    await run(1);
    await commit();
    assert.deepEqual(await verdict({ evidence: { other: ['src/**'] } }), [
      '1',
      'fault policy: other: it failed (src/c.js)',
    ]);
    await assistantWrites(project, { 'src/d.js': 'd();\n' });
    await run(0);
    await assistantWrites(project, { 'src/e.js': 'e();\n' });
    await commit();
    assert.deepEqual(await verdict({ evidence: { other: ['src/e.js'] } }), [
      '1',
      'fault policy: other: files changed since (src/e.js)',
    ]);
  });

  it('is not weakened by the policy of the repository, nor by an override, which it tells', async () => {
    await project.write({ '.countersign.json': '{"version":1,"prompt":{"low":"require"}}' });
    await project.git('add', '--all');
    await project.run('env', ['COUNTERSIGN_OVERRIDE=hotfix', 'git', 'commit', '--quiet', '--message=Change']);
    assert.deepEqual(await verdict({ assistants: ['claude'] }), [
      '1',
      'fault policy: my-agent (m-1) may not write here',
      'remark a person let it pass for a reason: "hotfix"',
    ]);
  });

  it('counts no commit of which nothing is known', async () => {
    const policy = { assistants: [], prompt: { low: 'require' }, evidence: { review: ['**'] } };
    assert.deepEqual(await verdict(policy), ['0']);
  });

  it('cannot tell by a file that is not there, is no policy, or is wrong in places', async () => {
    const asked = (): Promise<Finished> => project.countersign(['verify', 'HEAD', '--policy', file]);
    assert.equal((await asked()).code, 2);
    for (const [text, words] of [
      ['{', 'does not count: it is not JSON'],
      ['{"version":1,"asistants":[]}', 'did you mean assistants?'],
      [''.padEnd(1 << 20), 'does not count: it is too large'],
    ] as const) {
      await writeFile(file, text);
      const { code, stderr } = await asked();
      assert.equal(code, 2);
      assert.ok(stderr.includes(words), stderr);
    }
  });
});
