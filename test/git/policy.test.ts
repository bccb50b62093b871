import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type PolicyOptions, type ReadPolicy, readPolicy } from '../../src/change/policy.ts';
import { builtInPolicy } from '../../src/core/policy/policy.ts';
import * as reader from '../../src/core/policy/read.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Project } from '../support/project.ts';

describe('the policy of a repository', () => {
  let project: Project;
  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'one();\n' });
  });
  afterEach(() => project.dispose());

  const says = (policy: object): string => JSON.stringify({ version: 1, ...policy });
  const read = async (options?: PolicyOptions): Promise<ReadPolicy> =>
    await readPolicy(await openRepository(project.dir), { ...options, loadReader: () => Promise.resolve(reader) });

  async function commits(policy: object): Promise<void> {
    await project.write({ '.countersign.json': says(policy) });
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=Policy');
  }

  /** The setting of a person, for this repository: tests do not share a home's settings. */
  async function wants(policy: string): Promise<string> {
    const file = path.join(project.home, 'my-policy.json');
    await writeFile(file, policy);
    await project.git('config', 'countersign.policy', file);
    return file;
  }

  it('is what is built in where there is none', async () => {
    assert.deepEqual(await read(), { policy: builtInPolicy, files: [], problems: [] });
  });

  it('loosens what is built in as soon as it is committed, and not before', async () => {
    const loose = { levels: { high: 90 }, floors: { large: 0 } };
    await project.write({ '.countersign.json': says(loose) });
    assert.deepEqual((await read()).policy, builtInPolicy);
    await commits(loose);
    const { policy, files } = await read();
    assert.deepEqual([policy.levels.high, policy.floors.large], [90, 0]);
    assert.deepEqual(files, ['.countersign.json', '.countersign.json in HEAD']);
  });

  it('is the stricter of work tree and HEAD, so that an edit frees nobody', async () => {
    await commits({ assistants: ['claude'], evidence: { tests: ['src/**'] }, commands: { destructive: 'deny' } });
    await project.write({ '.countersign.json': says({ assistants: ['*'], prompt: { high: 'require' } }) });
    const { policy } = await read();
    assert.deepEqual(policy.assistants, [['*'], ['claude']]);
    assert.deepEqual([...policy.evidence], [['tests', ['src/**']]]);
    assert.equal(policy.prompt.high, 'require');
    await project.write({ '.countersign.json': null });
    assert.deepEqual((await read()).policy.assistants, [['claude']]);
    assert.deepEqual([...(await read()).policy.commands], [['destructive', 'deny']]);
  });

  it('is tightened by what a person wants, never loosened', async () => {
    await commits({ levels: { high: 60 }, commands: { privilege: 'ask' } });
    const file = await wants(says({ levels: { high: 99, moderate: 20 }, commands: { privilege: 'deny' } }));
    await project.git('config', 'countersign.commands.credentials', 'deny');
    await project.git('config', 'countersign.commands.privilege', 'record');
    const { policy, files, problems } = await read();
    assert.deepEqual(policy.levels, { moderate: 20, high: 60, critical: 95 });
    assert.deepEqual(Object.fromEntries(policy.commands), { privilege: 'deny', credentials: 'deny' });
    assert.deepEqual(files, ['.countersign.json', '.countersign.json in HEAD', file]);
    assert.deepEqual(problems, []);
  });

  it('tells what is wrong in each of its files, and by which name', async () => {
    await commits({ levels: { high: 101 } });
    await project.write({ '.countersign.json': '{' });
    const file = await wants('{"version":1,\n"trailers":1}');
    await project.git('config', 'countersign.commands.privilege', 'never');
    const { problems } = await read();
    assert.deepEqual(
      problems.map((problem) => problem.slice(0, 80)),
      [
        '.countersign.json does not count: it is not JSON (line 1, column 2)',
        '.countersign.json in HEAD:1:31: levels.high must be a whole number from 0 to 100',
        `${file}:2:12: trailers must be one of assisted-by, kernel`.slice(0, 80),
        'countersign.commands.privilege must be one of record, ask, deny',
      ].map((problem) => problem.slice(0, 80)),
    );
  });

  it("does not count where a person's file is none", async () => {
    const folder = path.join(project.home, 'folder');
    await mkdir(folder);
    for (const [named, problem] of [
      ['relative.json', 'countersign.policy must be an absolute path, or begin with ~/'],
      [path.join(project.home, 'gone.json'), 'it cannot be read'],
      [folder, 'it is no file'],
    ] as const) {
      await project.git('config', 'countersign.policy', named);
      assert.deepEqual(await read(), {
        policy: builtInPolicy,
        files: [],
        problems: [`${named} does not count: ${problem}`],
      });
    }
    const file = await wants(says({ levels: { high: 9 } }).padEnd(10 << 20));
    assert.deepEqual((await read()).problems, [`${file} does not count: it is too large: more than 64 KiB`]);
  });

  it('does not count where it is a link, in work tree or HEAD', async () => {
    const outside = path.join(project.home, 'elsewhere.json');
    await writeFile(outside, says({ levels: { high: 1 } }));
    await symlink(outside, path.join(project.dir, '.countersign.json'));
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=Link');
    assert.deepEqual(await read(), {
      policy: builtInPolicy,
      files: [],
      problems: [
        '.countersign.json does not count: it is a symbolic link',
        '.countersign.json in HEAD does not count: it is a symbolic link',
      ],
    });
  });

  it('of 10 MB does not count, in work tree or HEAD, and takes no time', async () => {
    const globs = Array.from({ length: 400_000 }, (_, i) => `src/folder-${i}/**/*.ts`);
    await commits({ evidence: { tests: globs } });
    const before = process.memoryUsage().arrayBuffers;
    const { policy, problems } = await read();
    assert.ok(process.memoryUsage().arrayBuffers - before < 1 << 20);
    assert.deepEqual(policy, builtInPolicy);
    assert.deepEqual(problems, [
      '.countersign.json does not count: it is too large, or no file',
      '.countersign.json in HEAD does not count: it is too large: more than 64 KiB',
    ]);
  });

  it('of a folder that is not trusted is read, and changes nothing', async () => {
    await commits({ levels: { high: 99, modrate: 3 }, commands: { destructive: 'deny' } });
    await wants(says({ levels: { critical: 90 } }));
    const { policy, problems } = await read({ isTrusted: false });
    assert.deepEqual(policy, { ...builtInPolicy, levels: { ...builtInPolicy.levels, critical: 90 } });
    assert.deepEqual(problems.slice(-1), ['the folder is not trusted: its policy changes nothing']);
    assert.match(problems[0] as string, /did you mean moderate\?/);
  });

  it('is that of the work tree on an unborn branch', async () => {
    await project.git('checkout', '--quiet', '--orphan', 'new');
    await project.write({ '.countersign.json': says({ levels: { high: 10 } }) });
    assert.equal((await read()).policy.levels.high, 10);
  });
});
