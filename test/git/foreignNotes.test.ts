import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { foreignLines } from '../../src/change/foreign.ts';
import { writeGitAiNotes } from '../../src/change/gitAi.ts';
import { resolveCommits } from '../../src/change/resolve.ts';
import { sha256 } from '../../src/core/digest.ts';
import { withForeignLines } from '../../src/core/interoperation/foreignNote.ts';
import { gitAiHumanId } from '../../src/core/interoperation/gitAiNotes.ts';
import { addNotes, readNotes } from '../../src/git/foreignNotes.ts';
import { Git } from '../../src/git/git.ts';
import { Project } from '../support/project.ts';
import { describeEverywhere, type Scenario } from '../support/scenario.ts';

const ref = 'refs/notes/ai';
const limit = 1_000_000;

async function head(repository: Scenario | Project): Promise<string> {
  return (await repository.git('rev-parse', 'HEAD')).trim();
}

/** A note of Git AI that gives lines of a file to Cursor. */
function cursorNote(file: string, ranges: string, version = 'authorship/3.0.0'): string {
  const agent = { tool: 'cursor', id: 'session_123', model: 'gpt-4' };
  const metadata = {
    schema_version: version,
    base_commit_sha: '',
    prompts: {},
    sessions: { s_1: { agent_id: agent, human_author: null } },
  };
  return `${file}\n  s_1::t_1 ${ranges}\n---\n${JSON.stringify(metadata, null, 2)}`;
}

/** What the notes of HEAD say of its lines: `a.js:1 ai cursor`. */
function noted(repository: Scenario): Promise<string[]> {
  return repository.authors();
}

describeEverywhere('notes of Git AI', { 'base.js': 'base();\n' }, (now) => {
  /** HEAD, if the hook after its commit has given it a note. */
  async function withNote(): Promise<string[]> {
    const notes = await now().git('notes', '--ref=ai', 'list');
    const commit = await head(now());
    return notes.includes(` ${commit}\n`) ? [commit] : [];
  }

  async function assistantCommits(): Promise<string> {
    await now().assistantWrites({ 'src/a b.js': 'one();\ntwo();\n' });
    await now().personWrites({ 'typed.js': 'typed();\n' });
    await now().commit('Add');
    return await head(now());
  }

  it('are not written where the repository does not use them', async () => {
    await assistantCommits();
    assert.deepEqual(await withNote(), []);
    assert.equal(await now().git('for-each-ref', 'refs/notes/ai'), '');
  });

  it('are written where the repository has some, with the lines that the commit added', async () => {
    await now().git('notes', '--ref=ai', 'add', '-m', 'any', 'HEAD');
    const commit = await assistantCommits();
    assert.deepEqual(await withNote(), [commit]);
    const note = await now().git('notes', '--ref=ai', 'show', commit);
    const session = sha256('s-1').slice(0, 16);
    const key = `s_${sha256(`my-agent:${session}`).slice(0, 14)}`;
    const trace = `t_${sha256(`${commit}:${key}`).slice(0, 14)}`;
    const human = gitAiHumanId('Dev <dev@example.com>');
    assert.equal(note.split('\n---\n')[0], `"src/a b.js"\n  ${key}::${trace} 1-2\ntyped.js\n  ${human} 1`);
    assert.equal(
      (JSON.parse(note.split('\n---\n')[1] as string) as { base_commit_sha: string }).base_commit_sha,
      commit,
    );
  });

  it('are written where the setting asks for them, and not where it forbids them', async () => {
    await now().git('config', 'countersign.gitAiNotes', 'true');
    const commit = await assistantCommits();
    assert.deepEqual(await withNote(), [commit]);
    await now().git('config', 'countersign.gitAiNotes', 'false');
    await now().assistantWrites({ 'b.js': 'b();\n' });
    await now().commit('Add b');
    assert.deepEqual(await withNote(), []);
  });

  it('are not written for a commit with nothing to attest', async () => {
    await now().git('config', 'countersign.gitAiNotes', 'true');
    await now().writes({ 'c.js': 'c();\n' });
    await now().commit('Nobody said who');
    assert.deepEqual(await withNote(), []);
  });

  it('of a rebase are written all at once, with the lines where they are now', async () => {
    await now().git('config', 'countersign.gitAiNotes', 'true');
    await now().git('checkout', '-q', '-b', 'side');
    for (const name of ['a', 'b', 'c']) {
      await now().assistantWrites({ [`${name}.js`]: `${name}();\n` });
      await now().commit(`Add ${name}`);
    }
    await now().git('checkout', '-q', '--detach', 'main');
    await now().writes({ 'd.js': 'd();\n' });
    await now().commit('Meanwhile');
    await now().git('rebase', '-q', 'HEAD', 'side');
    const { git } = now().place.repository;
    const commits = (await now().git('rev-list', 'side', '-3')).trim().split('\n');
    assert.deepEqual(await writeGitAiNotes(git, await resolveCommits(git, commits)), []);
    assert.equal(await now().git('rev-list', '--count', ref), '4\n');
    const notes = await Promise.all(commits.map((id) => now().git('notes', '--ref=ai', 'show', id)));
    assert.deepEqual(
      notes.map((note) => note.split('\n')[0]),
      ['c.js', 'b.js', 'a.js'],
    );
  });

  it('of an amended commit are written for the new one; the old one keeps its own', async () => {
    await now().git('config', 'countersign.gitAiNotes', 'true');
    const old = await assistantCommits();
    await now().assistantWrites({ 'more.js': 'more();\n' });
    await now().git('add', '--all', ':/');
    await now().git('commit', '-q', '--amend', '--no-edit');
    const amended = await head(now());
    assert.deepEqual(await withNote(), [amended]);
    const files = async (id: string): Promise<string[]> =>
      (await now().git('notes', '--ref=ai', 'show', id)).split('\n---\n')[0]?.match(/^\S.*$/gm) ?? [];
    assert.deepEqual(await files(old), ['"src/a b.js"', 'typed.js']);
    assert.deepEqual(await files(amended), ['more.js', '"src/a b.js"', 'typed.js']);
  });

  it('of another tool for the same commit stay as they are', async () => {
    const commit = await assistantCommits();
    const input = cursorNote('typed.js', '1');
    const blob = (await now().gitWith({ input }, 'hash-object', '-w', '--stdin')).trim();
    await now().git('notes', '--ref=ai', 'add', '-C', blob, commit);
    const tip = await now().git('rev-parse', ref);
    assert.deepEqual(await writeGitAiNotes(now().place.repository.git, [await now().resolved()]), []);
    assert.equal(await now().git('rev-parse', ref), tip);
  });

  it('are read for the lines that the commit itself added', async () => {
    await now().writes({ 'a.js': 'one();\ntwo();\nthree();\n' });
    await now().commit('By somebody');
    await now().writes({ 'a.js': 'one();\nTWO();\nthree();\n' });
    await now().commit('Change one');
    const git = now().place.repository.git;
    await addNotes(git, ref, new Map([[await head(now()), cursorNote('a.js', '1-3')]]));
    assert.deepEqual(await noted(now()), ['a.js:2 ai cursor']);
  });

  it('come back as they were written', async () => {
    await now().git('config', 'countersign.gitAiNotes', 'true');
    await assistantCommits();
    const { commit, files } = await now().resolved();
    const bare = files.map((file) => ({
      ...file,
      lines: file.lines.map(({ number, hash }) => ({ number, hash, class: 'unknown', countsAsAi: false }) as const),
    }));
    const notes = (await foreignLines(now().place.repository.git, [commit])).get(commit) ?? [];
    assert.deepEqual(
      withForeignLines(bare, notes, '').flatMap((file) => file.lines.map((line) => line.class)),
      files.flatMap((file) => file.lines.map((line) => line.class)),
    );
  });
});

describe('a tree of notes', () => {
  let project: Project;
  let git: Git;
  let commit: string;

  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'one();\ntwo();\n' });
    git = new Git(project.dir);
    commit = await head(project);
  });
  afterEach(() => project.dispose());

  /** Makes the notes ref of these files, whatever the shape of the tree. */
  async function makeTree(files: Readonly<Record<string, string>>): Promise<void> {
    const entries = Object.entries(files).map(
      ([name, text]) => `M 100644 inline ${name}\ndata ${Buffer.byteLength(text)}\n${text}\n`,
    );
    const input = `commit ${ref}\ncommitter A <a@b.c> 0 +0000\ndata 0\n${entries.join('')}done\n`;
    await project.gitWith({ input }, 'fast-import', '--quiet', '--force', '--done');
  }

  async function note(of = commit): Promise<string | undefined> {
    const bytes = (await readNotes(git, [ref], [of], limit)).get(ref)?.get(of);
    return bytes?.toString();
  }

  function path(depth: number): string {
    const folders = Array.from({ length: depth }, (_, i) => commit.slice(2 * i, 2 * i + 2));
    return [...folders, commit.slice(2 * depth)].join('/');
  }

  for (const depth of [0, 1, 2, 3, 19]) {
    it(`is read where an id is cut into folders ${depth} times`, async () => {
      await makeTree({ [path(depth)]: 'here' });
      assert.equal(await note(), 'here');
    });
  }

  it('holds the shallowest of several notes of one commit', async () => {
    await makeTree({ [path(2)]: 'deep', [path(1)]: 'right', [path(3)]: 'deeper' });
    assert.equal(await note(), 'right');
  });

  it('may hold files that are no notes', async () => {
    await makeTree({ README: 'text', [`${commit.slice(0, 2)}/notes.txt`]: 'text', [path(1)]: 'here' });
    assert.equal(await note(), 'here');
    assert.equal(await note('ab'.repeat(20)), undefined);
  });

  it('is as git itself would have it after it got notes', async () => {
    assert.deepEqual(await addNotes(git, ref, new Map([[commit, 'text without a line break']])), [commit]);
    assert.equal(await project.git('ls-tree', '-r', '--name-only', ref), `${path(1)}\n`);
    assert.equal(await project.git('cat-file', 'blob', `${ref}:${path(1)}`), 'text without a line break');
    assert.equal(await project.git('notes', '--ref=ai', 'show', commit), 'text without a line break');
    assert.equal(await project.git('log', '-1', '--format=%cn <%ce>', ref), 'Countersign <countersign@localhost>\n');
    assert.equal(await project.git('fsck', '--strict', '--no-dangling'), '');
  });

  it('keeps a note that is there in another spelling, and goes on from it', async () => {
    await project.git('notes', '--ref=ai', 'add', '-m', 'theirs', commit);
    await project.git('commit', '-q', '--allow-empty', '-m', 'More');
    const second = await head(project);
    const notes = new Map([
      [commit, 'ours'],
      [second, 'ours'],
    ]);
    assert.deepEqual(await addNotes(git, ref, notes), [second]);
    assert.equal(await note(), 'theirs\n');
    assert.equal(await project.git('rev-list', '--count', ref), '2\n');
  });

  it('keeps every note of 30 writers at once', async () => {
    const commits = await manyCommits(30);
    const written = await Promise.all(commits.map((id) => addNotes(git, ref, new Map([[id, `note of ${id}`]]))));
    assert.deepEqual(written.flat(), commits);
    const notes = (await readNotes(git, [ref], commits, limit)).get(ref);
    assert.deepEqual(
      commits.map((id) => notes?.get(id)?.toString()),
      commits.map((id) => `note of ${id}`),
    );
  }).timeout(60_000);

  it('is written once where two write the note of one commit', async () => {
    const written = await Promise.all(['one', 'two'].map((text) => addNotes(git, ref, new Map([[commit, text]]))));
    assert.deepEqual(written.flat(), [commit]);
    assert.equal(await project.git('rev-list', '--count', ref), '1\n');
  });

  it('is read and written for many commits at once', async () => {
    const commits = await manyCommits(200);
    await addNotes(git, ref, new Map(commits.map((id) => [id, id])));
    const notes = (await readNotes(git, [ref], commits, limit)).get(ref);
    assert.deepEqual(new Map([...(notes ?? [])].map(([id, bytes]) => [id, bytes.toString()])).size, 200);
    assert.equal(await project.git('rev-list', '--count', ref), '1\n');
  });

  it('can be merged by git with notes that git wrote in its own spelling', async () => {
    await project.git('notes', '--ref=ai', 'add', '-m', 'flat', commit);
    const [first = '', second = ''] = await manyCommits(2);
    await project.git('update-ref', 'refs/notes/theirs', ref);
    await project.git('notes', '--ref=theirs', 'add', '-m', 'theirs', first);
    await addNotes(git, ref, new Map([[second, 'ours']]));
    await project.git('notes', '--ref=ai', 'merge', '-q', '-s', 'ours', 'refs/notes/theirs');
    const notes = (await readNotes(git, [ref], [commit, first, second], limit)).get(ref);
    assert.deepEqual(
      [commit, first, second].map((id) => notes?.get(id)?.toString()),
      ['flat\n', 'theirs\n', 'ours'],
    );
  });

  it('is read from below the top', async () => {
    await project.write({ 'below/b.js': '' });
    await makeTree({ [path(1)]: 'here' });
    const below = new Git(`${project.dir}/below`);
    assert.equal((await readNotes(below, [ref], [commit], limit)).get(ref)?.get(commit)?.toString(), 'here');
  });

  it('works in a repository with SHA-256 object ids', async () => {
    await project.git('init', '-q', '--object-format=sha256', 'modern');
    const folder = `${project.dir}/modern`;
    await project.gitWith(
      { cwd: folder },
      '-c',
      'user.name=D',
      '-c',
      'user.email=d@e.f',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'x',
    );
    const id = (await project.gitWith({ cwd: folder }, 'rev-parse', 'HEAD')).trim();
    const modern = new Git(folder);
    await addNotes(modern, ref, new Map([[id, 'here']]));
    assert.equal(
      await project.gitWith({ cwd: folder }, 'ls-tree', '-r', '--name-only', ref),
      `${id.slice(0, 2)}/${id.slice(2)}\n`,
    );
    assert.equal((await readNotes(modern, [ref], [id], limit)).get(ref)?.get(id)?.toString(), 'here');
  });

  it('is left alone, and says so, where the ref cannot move', async () => {
    await project.git('notes', '--ref=ai', 'add', '-m', 'theirs', commit);
    await project.write({ '.git/refs/notes/ai.lock': '' });
    await assert.rejects(addNotes(git, ref, new Map([['ab'.repeat(20), 'ours']])), /fast-import failed/);
    assert.equal(await note(), 'theirs\n');
  });

  async function manyCommits(count: number): Promise<string[]> {
    const input = Array.from(
      { length: count },
      (_, i) => `commit refs/heads/many\ncommitter A <a@b.c> ${i} +0000\ndata 0\n`,
    ).join('');
    await project.gitWith({ input }, 'fast-import', '--quiet');
    return (await project.git('rev-list', 'many')).trim().split('\n');
  }
});

describe('notes of other tools', () => {
  let project: Project;
  let git: Git;
  let commit: string;

  beforeEach(async () => {
    project = await Project.create({ 'a.js': 'one();\ntwo();\n' });
    git = new Git(project.dir);
    commit = await head(project);
  });
  afterEach(() => project.dispose());

  async function add(name: string, text: string): Promise<void> {
    await project.gitWith({ input: text }, 'notes', `--ref=${name}`, 'add', '-f', '-F', '-', commit);
  }

  async function sources(): Promise<string[]> {
    const notes = (await foreignLines(git, [commit])).get(commit) ?? [];
    return notes.map(({ source, files, refused }) => `${source}: ${refused ?? JSON.stringify(files)}`);
  }

  it('cost one process where there are none', async () => {
    const trace = path.join(project.root, 'trace');
    const traced = new Git(project.dir, { GIT_TRACE2: trace });
    assert.deepEqual(await foreignLines(traced, [commit]), new Map());
    assert.deepEqual(await foreignLines(traced, []), new Map());
    const started = (await readFile(trace, 'utf8')).split('\n').filter((line) => line.includes(' cmd_name '));
    assert.equal(started.length, 1);
    assert.match(started[0] as string, /for-each-ref/);
  });

  it('are read from every ref there is', async () => {
    const range = { path: 'a.js', startLine: 1, endLine: 1, provider: 'cursor', model: null };
    const session = { session_id: 's', model: { id: 'm' } };
    await add('ai', cursorNote('a.js', '1-2'));
    await add('whogitit', JSON.stringify({ version: 3, session, files: [{ path: 'a.js', lines: [] }] }));
    await add('agentblame', JSON.stringify({ version: 2, attributions: [range] }));
    await add('ai-attribution', JSON.stringify({ version: 1, files: { 'a.js': { percent: 50 } } }));
    const cursor = { tool: 'cursor', model: 'gpt-4', session: 'cursor:session_123' };
    assert.deepEqual(await sources(), [
      `git-ai: ${JSON.stringify([{ path: 'a.js', ranges: [{ start: 1, end: 2, class: 'ai', ...cursor }] }])}`,
      `whogitit: ${JSON.stringify([{ path: 'a.js', ranges: [] }])}`,
      `agentblame: ${JSON.stringify([{ path: 'a.js', ranges: [{ start: 1, end: 1, class: 'ai', tool: 'cursor' }] }])}`,
      `qwen: ${JSON.stringify([{ path: 'a.js', ranges: [], aiShare: 50 }])}`,
    ]);
  });

  it('of a version that is not known are refused with a reason, and harm nobody', async () => {
    await add('ai', cursorNote('a.js', '1', 'authorship/2.0.0'));
    await add('agentblame', '{"version":7}');
    await add('whogitit', 'nonsense');
    assert.deepEqual(await sources(), [
      'git-ai: its schema is "authorship/2.0.0", and only authorship/3.0.0 is known here',
      'whogitit: it is no note of whogitit',
      'agentblame: its version is 7, and only 1 to 3 are known here',
    ]);
  });

  it('that are longer than any note are not read', async () => {
    await add('ai', 'x'.repeat(10_000_000));
    assert.deepEqual(await sources(), ['git-ai: it is longer than 4 MiB']);
  });

  it('may lie in refs below the ones that are known, and are none then', async () => {
    await project.git('notes', '--ref=ai/deep', 'add', '-m', 'x', commit);
    assert.deepEqual(await sources(), []);
  });

  it('where ranges overlap, the later entry holds, as in the worked example', async () => {
    const text = await readFile(path.join(__dirname, '../unit/interoperation/git-ai-mixed.note'), 'utf8');
    await project.write({ 'src/überblick.ts': '1\n2\n3\n4\n5\n6\n7\n8\n' });
    await project.git('add', '--all');
    await project.git('commit', '-q', '-m', 'Overview');
    commit = await head(project);
    await add('ai', text);
    const lines = Array.from(
      { length: 8 },
      (_, i) => ({ number: i + 1, hash: '', class: 'unknown', countsAsAi: false }) as const,
    );
    const notes = (await foreignLines(git, [commit])).get(commit) ?? [];
    const [file] = withForeignLines([{ path: 'src/überblick.ts', deleted: 0, lines }], notes, '');
    assert.deepEqual(
      file?.lines.map((line) => (line.author?.origin === 'ai' ? line.author.tool : line.class)),
      ['cursor', 'cursor', 'cursor', 'codex', 'cursor', 'human', 'human', 'unknown'],
    );
  });
});
