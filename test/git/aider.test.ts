import assert from 'node:assert/strict';
import { Project } from '../support/project.ts';
import { classes } from '../support/reports.ts';

/** Aider itself is not run: the test does what its repository shows that it does, in its order. */
describe('Aider', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ 'a.py': 'one\ntwo\n', '.gitignore': '.aider*\n' });
    await project.countersignOutput('install', '--git');
  });
  afterEach(() => project.dispose());

  async function aiderWrites(): Promise<void> {
    const edit = 'a.py\n```\n<<<<<<< SEARCH\ntwo\n=======\n2\n3\n>>>>>>> REPLACE\n```\n\n> Applied edit to a.py  \n';
    const head = '# aider chat started at 2026-01-02 09:30:00\n\n> Model: gpt-5.5 with diff edit format  \n';
    await project.write({ 'a.py': 'one\n2\n3\n', '.aider.chat.history.md': `${head}\n#### Do it.  \n\n${edit}` });
  }

  const asAider = { GIT_AUTHOR_NAME: 'Dev (aider)', GIT_COMMITTER_NAME: 'Dev (aider)' };

  async function shown(): Promise<string> {
    return await project.countersignOutput('show', 'HEAD', '--json');
  }

  for (const [what, options] of [
    ['by itself, as it does by default', ['--no-verify']],
    ['with git-commit-verify', []],
  ] as const) {
    it(`is known for what it wrote where it commits ${what}`, async () => {
      await aiderWrites();
      await project.gitWith({ env: asAider }, 'commit', '--quiet', '--message=Count', ...options, '--', 'a.py');
      const json = await shown();
      assert.deepEqual(classes(json), ['a.py:2 ai', 'a.py:3 ai']);
      assert.match(json, /"gpt-5\.5"/);
      assert.match(json, /"aider"/);
    });
  }

  it('is known for it where a person commits, and the person for the rest', async () => {
    await aiderWrites();
    await project.change('a.py', (text) => `zero\n${text}`);
    await project.git('commit', '--quiet', '--all', '--message=Count');
    assert.deepEqual(classes(await shown()), ['a.py:1 unknown', 'a.py:3 ai', 'a.py:4 ai']);
  });

  it('is given nothing of a commit that its history does not speak of', async () => {
    await aiderWrites();
    await project.gitWith({ env: asAider }, 'commit', '--quiet', '--no-verify', '--message=Count', '--', 'a.py');
    await project.write({ 'b.py': 'x\n' });
    await project.git('add', 'b.py');
    await project.git('commit', '--quiet', '--message=More');
    assert.deepEqual(classes(await shown()), ['b.py:1 unknown']);
  });
});
