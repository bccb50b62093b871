import assert from 'node:assert/strict';
import { sha256 } from '../../src/core/digest.ts';
import { readCommits } from '../../src/git/commits.ts';
import { Git } from '../../src/git/git.ts';
import { noteRecord, noteRecords, notesRef } from '../../src/git/notes.ts';
import { Project } from '../support/project.ts';
import { stored } from '../support/records.ts';

describe('notes that name records', () => {
  let project: Project;
  let git: Git;

  beforeEach(async () => {
    project = await Project.create({ 'a.txt': 'a\n' });
    git = new Git(project.dir);
  });
  afterEach(() => project.dispose());

  /** Makes commits in one go; their ids, the youngest last. */
  async function commits(count: number): Promise<string[]> {
    const stream = Array.from(
      { length: count },
      (_, i) => `commit refs/heads/many\ncommitter Dev <dev@example.com> ${i} +0000\ndata 0\n`,
    );
    await project.gitWith({ input: stream.join('') }, 'fast-import', '--quiet', '--date-format=raw');
    return (await project.git('rev-list', '--reverse', 'many')).trim().split('\n');
  }

  async function noted(commit: string): Promise<readonly string[]> {
    return (await readCommits(git, [commit]))[0]?.noted ?? [];
  }

  const head = async (): Promise<string> => (await project.git('rev-parse', 'HEAD')).trim();

  it('are all kept when 30 writers write them at once', async () => {
    const ids = await commits(30);
    await Promise.all(ids.map((commit) => noteRecord(git, commit, sha256(commit))));
    for (const facts of await readCommits(git, ids)) assert.deepEqual(facts.noted, [sha256(facts.commit)]);
  }).timeout(60_000);

  it('of one commit are all kept when 10 writers write them at once', async () => {
    const digests = Array.from({ length: 10 }, (_, i) => sha256(`${i}`));
    const commit = await head();
    await Promise.all(digests.map((digest) => noteRecord(git, commit, digest)));
    assert.deepEqual([...(await noted(commit))].sort(), digests.sort());
  }).timeout(60_000);

  it('of many commits are one commit', async () => {
    const ids = await commits(300);
    await noteRecords(git, new Map(ids.map((commit) => [commit, [sha256(commit), sha256('all')]])));
    assert.equal(await project.git('rev-list', '--count', notesRef), '1\n');
    for (const facts of await readCommits(git, ids)) {
      assert.deepEqual(facts.noted, [sha256(facts.commit), sha256('all')]);
    }
  });

  it('add to what a note says already, once', async () => {
    const commit = await head();
    await noteRecord(git, commit, sha256('1'));
    await noteRecords(git, new Map([[commit, [sha256('1'), sha256('2')]]]));
    assert.deepEqual(await noted(commit), [sha256('1'), sha256('2')]);
    const tip = await project.git('rev-parse', notesRef);
    await noteRecord(git, commit, sha256('2'));
    assert.equal(await project.git('rev-parse', notesRef), tip);
  });

  it('keep what git or a person wrote, and bring it to one depth', async () => {
    const ids = await commits(3);
    const [first = '', second = '', third = ''] = ids;
    await project.git('notes', '--ref=countersign', 'add', '-m', 'by hand', first);
    assert.deepEqual(await stored(project, notesRef), [first], 'git lays few notes flat');
    await noteRecord(git, first, sha256('1'));
    await noteRecord(git, second, sha256('2'));
    assert.equal(await project.git('notes', '--ref=countersign', 'show', first), `by hand\n${sha256('1')}\n`);
    assert.deepEqual(
      await stored(project, notesRef),
      [first, second].map((id) => `${id.slice(0, 2)}/${id.slice(2)}`).sort(),
    );
    await project.git('notes', '--ref=countersign', 'add', '-m', sha256('3'), third);
    for (const [i, id] of ids.entries()) assert.deepEqual(await noted(id), [sha256(`${i + 1}`)]);
  });

  it('are merged by git itself with notes of git’s own', async () => {
    const [first = '', second = '', third = ''] = await commits(3);
    await project.git('notes', '--ref=countersign', 'add', '-m', sha256('1'), first);
    await project.git('update-ref', 'refs/notes/theirs', notesRef);
    await project.git('notes', '--ref=theirs', 'add', '-m', sha256('3'), third);
    await noteRecord(git, second, sha256('2'));
    await project.git(
      'notes',
      '--ref=countersign',
      'merge',
      '--quiet',
      '--strategy=cat_sort_uniq',
      'refs/notes/theirs',
    );
    for (const [i, id] of [first, second, third].entries()) assert.deepEqual(await noted(id), [sha256(`${i + 1}`)]);
  });

  it('ask for no identity', async () => {
    await project.git('config', '--unset', 'user.email');
    await project.git('config', 'user.useConfigOnly', 'true');
    await noteRecord(git, await head(), sha256('1'));
    assert.equal(
      await project.git('log', '-1', '--format=%an <%ae>', notesRef),
      'Countersign <countersign@localhost>\n',
    );
  });
});
