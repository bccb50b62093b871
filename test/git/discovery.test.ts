import assert from 'node:assert/strict';
import { chmod, mkdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { discover } from '../../src/git/discovery.ts';
import { GitError } from '../../src/git/git.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Project } from '../support/project.ts';

interface Arrangement {
  readonly title: string;
  /** Makes it in a fresh project, and gives back the folder to start from. */
  readonly make: (project: Project) => Promise<string> | string;
  /** Whether it is plain enough to be found without git; `reason` where git finds none either. */
  readonly found: 'without git' | 'by git' | GitError['reason'];
}

const config =
  (...settings: readonly [string, string][]): Arrangement['make'] =>
  async (project) => {
    for (const [key, value] of settings) await project.git('config', key, value);
    return project.dir;
  };

const arrangements: readonly Arrangement[] = [
  { title: 'the top', found: 'without git', make: ({ dir }) => dir },
  { title: 'a folder below', found: 'without git', make: ({ dir }) => path.join(dir, 'src/deep') },
  {
    title: 'a link to the top',
    found: 'without git',
    make: async ({ root, dir }) => await linked(dir, path.join(root, 'link')),
  },
  {
    title: 'a link to a folder below, from elsewhere',
    found: 'without git',
    make: async ({ root, dir }) => await linked(path.join(dir, 'src/deep'), path.join(root, 'link')),
  },
  {
    title: 'the same where git is asked',
    found: 'by git',
    make: async (project) => {
      await project.git('config', 'core.bare', 'no');
      return await linked(path.join(project.dir, 'src/deep'), path.join(project.root, 'link'));
    },
  },
  {
    title: 'a linked worktree',
    found: 'without git',
    make: async (project) => {
      await project.git('worktree', 'add', '--quiet', '../other');
      return path.join(project.home, 'other/src/deep');
    },
  },
  {
    title: 'a linked worktree of a bare repository',
    found: 'by git',
    make: async (project) => {
      await project.git('clone', '--quiet', '--bare', '.', '../bare.git');
      await project.git('-C', '../bare.git', 'worktree', 'add', '--quiet', '../other');
      return path.join(project.home, 'other');
    },
  },
  {
    title: 'a linked worktree whose repository is gone',
    found: 'no-repository',
    make: async (project) => {
      await project.git('worktree', 'add', '--quiet', '../other');
      await rename(project.dir, path.join(project.home, 'moved'));
      return path.join(project.home, 'other');
    },
  },
  {
    title: 'a submodule',
    found: 'by git',
    make: async (project) => {
      await project.git('clone', '--quiet', '.', '../library');
      await project.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '../library', 'library');
      return path.join(project.dir, 'library/src');
    },
  },
  {
    title: 'a separate git folder',
    found: 'without git',
    make: async (project) => {
      await project.git('init', '--quiet', '--separate-git-dir=../elsewhere');
      return path.join(project.dir, 'src');
    },
  },
  {
    title: 'a .git that is a link',
    found: 'by git',
    make: async ({ root, dir }) => {
      await rename(path.join(dir, '.git'), path.join(root, 'elsewhere'));
      await symlink(path.join(root, 'elsewhere'), path.join(dir, '.git'));
      return path.join(dir, 'src');
    },
  },
  { title: 'another work tree (core.worktree)', found: 'by git', make: config(['core.worktree', '../src']) },
  {
    title: 'settings of this worktree alone',
    found: 'by git',
    make: async (project) => {
      await project.git('config', 'extensions.worktreeConfig', 'true');
      await project.git('config', '--worktree', 'core.worktree', '../src');
      return project.dir;
    },
  },
  { title: 'a work tree that is said to be bare', found: 'bare', make: config(['core.bare', 'true']) },
  {
    title: 'a format of later than all gits',
    found: 'no-repository',
    make: config(['core.repositoryFormatVersion', '99']),
  },
  {
    title: 'an extension that no git knows',
    found: 'no-repository',
    make: config(['core.repositoryFormatVersion', '1'], ['extensions.nonesuch', 'true']),
  },
  {
    title: 'a bare repository',
    found: 'bare',
    make: async (project) => {
      await project.git('clone', '--quiet', '--bare', '.', '../bare.git');
      return path.join(project.home, 'bare.git');
    },
  },
  { title: 'the git folder', found: 'bare', make: ({ dir }) => path.join(dir, '.git/refs') },
  { title: 'no repository', found: 'no-repository', make: ({ root }) => path.join(root, 'tmp') },
  {
    title: 'a repository in a repository',
    found: 'without git',
    make: async (project) => {
      await project.git('init', '--quiet', 'src/inner');
      return path.join(project.dir, 'src/inner');
    },
  },
  {
    title: 'a folder .git that is no repository, within one',
    found: 'by git',
    make: async ({ dir }) => {
      await mkdir(path.join(dir, 'src/.git/refs'), { recursive: true });
      return path.join(dir, 'src');
    },
  },
  {
    title: 'an empty file .git, within one',
    found: 'no-repository',
    make: async ({ dir }) => {
      await writeFile(path.join(dir, 'src/.git'), '');
      return path.join(dir, 'src');
    },
  },
  {
    title: 'a bare repository that is kept in a work tree',
    found: 'bare',
    make: async (project) => {
      await project.git('clone', '--quiet', '--bare', '.', 'src/fixture');
      return path.join(project.dir, 'src/fixture/refs');
    },
  },
  {
    title: 'no HEAD',
    found: 'no-repository',
    make: async ({ dir }) => {
      await rm(path.join(dir, '.git/HEAD'));
      return dir;
    },
  },
  {
    title: 'a detached HEAD',
    found: 'without git',
    make: async (project) => {
      await project.git('checkout', '--quiet', '--detach');
      return project.dir;
    },
  },
  {
    title: 'a folder that was deleted',
    found: 'missing',
    make: async ({ dir }) => {
      await rm(path.join(dir, 'src'), { recursive: true });
      return path.join(dir, 'src');
    },
  },
  { title: 'a file', found: 'missing', make: ({ dir }) => path.join(dir, 'README.md') },
];

async function linked(target: string, link: string): Promise<string> {
  await symlink(target, link);
  return link;
}

/** What git itself says of a folder: git folder, common folder, top. */
async function gitSays(project: Project, folder: string): Promise<string[]> {
  const ask = async (what: string): Promise<string> => {
    const answer = await project.git('-C', folder, 'rev-parse', '--path-format=absolute', what);
    return await realpath(answer.trimEnd());
  };
  return await Promise.all(['--absolute-git-dir', '--git-common-dir', '--show-toplevel'].map(ask));
}

describe('the repository of a folder', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'README.md': '# Sample\n', 'src/deep/a.ts': 'a\n' });
  });

  afterEach(() => project.dispose());

  for (const { title, make, found } of arrangements) {
    it(`${title}: ${found}`, async () => {
      const folder = await make(project);
      const plain = discover(folder, project.env);
      assert.equal(plain !== undefined, found === 'without git');
      if (found === 'without git' || found === 'by git') {
        const { gitDir, commonDir, top } = await openRepository(folder);
        assert.deepEqual([gitDir, commonDir, top], await gitSays(project, folder));
      } else {
        await assert.rejects(openRepository(folder), (error) => error instanceof GitError && error.reason === found);
      }
    });
  }

  for (const name of [
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_COMMON_DIR',
    'GIT_OBJECT_DIRECTORY',
    'GIT_CEILING_DIRECTORIES',
  ]) {
    it(`${name} in the environment: by git`, () => {
      assert.ok(discover(project.dir, project.env));
      assert.equal(discover(project.dir, { ...project.env, [name]: project.dir }), undefined);
    });
  }

  it("somebody else's: by git, which looks at safe.directory", function () {
    const { geteuid } = process;
    if (!geteuid) this.skip();
    process.geteuid = () => geteuid() + 1;
    try {
      assert.equal(discover(project.dir, project.env), undefined);
    } finally {
      process.geteuid = geteuid;
    }
    assert.ok(discover(project.dir, project.env));
  });

  it('a hook that finds it so starts no git', async () => {
    // The only git that it can find leaves a trace.
    const programs = path.join(project.root, 'programs');
    await mkdir(programs);
    await writeFile(path.join(programs, 'git'), '#!/bin/sh\necho started >> "$HOME/git.log"\nexit 1\n');
    await chmod(path.join(programs, 'git'), 0o755);
    const file = path.join(project.dir, 'src/deep/a.ts');
    const payload = (event: string): string =>
      JSON.stringify({
        hook_event_name: event,
        session_id: 's-1',
        cwd: project.dir,
        tool_name: 'Edit',
        tool_use_id: 't-1',
        tool_input: { file_path: file, old_string: 'a', new_string: 'b' },
        tool_response: { originalFile: 'a\n' },
      });
    const env = { PATH: programs };
    const before = await project.countersign(['hook', 'claude'], { input: payload('PreToolUse'), env });
    await project.write({ 'src/deep/a.ts': 'b\n' });
    const after = await project.countersign(['hook', 'claude'], { input: payload('PostToolUse'), env });
    assert.deepEqual([before.code, before.stderr, after.code, after.stderr], [0, '', 0, '']);
    await assert.rejects(realpath(path.join(project.home, 'git.log')), { code: 'ENOENT' });
    const status = JSON.parse(await project.countersignOutput('status', '--json'));
    assert.equal(status.totals.ai, 1);
  });
});
