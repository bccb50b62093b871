import assert from 'node:assert/strict';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readHistory } from '../../src/git/history/historyFile.ts';
import { readIndex, updateHistoryIndex } from '../../src/git/history/historyIndex.ts';
import { openRepository, type Repository } from '../../src/git/repository.ts';
import { makeHistory } from '../support/madeHistory.ts';
import { Project } from '../support/project.ts';

interface Answer {
  readonly result: string;
  readonly tip: string | null;
  readonly read: number;
  readonly commits: number;
  readonly shallow: boolean;
}

async function index(project: Project, cwd = project.dir): Promise<Answer> {
  const { code, stdout, stderr } = await project.countersign(['index', '--json'], { cwd });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Answer;
}

async function commit(project: Project, name: string, text: string): Promise<string> {
  await project.write({ [name]: text });
  await project.git('add', '--all');
  await project.git('commit', '--quiet', '--message', `Change ${name}`);
  return (await project.git('rev-parse', 'HEAD')).trim();
}

function changesOf(repository: Repository, name: string): number {
  const history = readIndex(repository);
  assert.ok(history);
  const now = history.current.get(name);
  return (now === undefined ? history.settled.get(name) : now)?.changes ?? 0;
}

describe('updating the history index', () => {
  let project: Project;
  let repository: Repository;

  beforeEach(async () => {
    project = await Project.create({ 'a.ts': 'one\n' });
    repository = await openRepository(project.dir);
  });
  afterEach(() => project.dispose());

  const file = (): string => path.join(repository.gitDir, 'countersign/history.bin');

  it('reads all once, and then what is new', async () => {
    const first = await index(project);
    assert.deepEqual([first.result, first.read, first.commits], ['built', 1, 1]);
    const tip = await commit(project, 'a.ts', 'one\ntwo\n');
    await commit(project, 'b.ts', 'b\n');
    const second = await index(project);
    assert.deepEqual([second.result, second.read, second.commits], ['advanced', 2, 3]);
    assert.equal((await index(project)).result, 'current');
    await project.git('reset', '--quiet', '--hard', tip);
    const back = await index(project);
    assert.deepEqual([back.result, back.read, back.commits, back.tip], ['advanced', 0, 2, tip]);
  });

  it('says so where there is no commit yet', async () => {
    const empty = path.join(project.home, 'empty');
    await project.git('init', '--quiet', empty);
    assert.deepEqual((({ result, tip, commits }) => ({ result, tip, commits }))(await index(project, empty)), {
      ...{ result: 'empty', tip: null, commits: 0 },
    });
  });

  it('follows history that was rewritten', async () => {
    await commit(project, 'a.ts', 'one\ntwo\n');
    await index(project);
    await project.git('commit', '--quiet', '--amend', '--message=Said otherwise');
    await commit(project, 'a.ts', 'one\ntwo\nthree\n');
    assert.equal((await index(project)).result, 'advanced');
    assert.equal(changesOf(repository, 'a.ts'), 3);
    await project.git('checkout', '--quiet', '--orphan', 'other');
    await commit(project, 'a.ts', 'something else\n');
    assert.equal((await index(project)).result, 'built');
    assert.equal(changesOf(repository, 'a.ts'), 1);
  });

  it('follows HEAD from branch to branch, detached or not', async () => {
    await project.git('checkout', '--quiet', '-b', 'side');
    await commit(project, 'side.ts', 'side\n');
    await index(project);
    await project.git('checkout', '--quiet', 'main');
    await commit(project, 'a.ts', 'main\n');
    await index(project);
    assert.deepEqual([changesOf(repository, 'side.ts'), changesOf(repository, 'a.ts')], [0, 2]);
    await project.git('merge', '--quiet', '--no-edit', 'side');
    assert.equal((await index(project)).result, 'advanced');
    assert.deepEqual([changesOf(repository, 'side.ts'), changesOf(repository, 'a.ts')], [1, 2]);
    await project.git('checkout', '--quiet', '--detach', 'HEAD^2');
    await index(project);
    assert.deepEqual([changesOf(repository, 'side.ts'), changesOf(repository, 'a.ts')], [1, 1]);
  });

  it('does not count what a shallow clone seems to begin with, and reads anew once it is deeper', async () => {
    for (let i = 0; i < 4; i++) await commit(project, 'a.ts', `line ${i}\n`);
    const clone = path.join(project.home, 'clone');
    await project.git('clone', '--quiet', '--depth=2', `file://${project.dir}`, clone);
    const shallow = await index(project, clone);
    assert.deepEqual([shallow.shallow, shallow.commits], [true, 2]);
    const cloned = await openRepository(clone);
    assert.equal(changesOf(cloned, 'a.ts'), 1);
    assert.equal(readIndex(cloned)?.reference[0]?.fileLines, 1, 'its content is here, though its history is not');
    await project.git('-C', clone, 'fetch', '--quiet', '--unshallow');
    const whole = await index(project, clone);
    assert.deepEqual([whole.result, whole.shallow, whole.commits], ['built', false, 5]);
    assert.equal(changesOf(cloned, 'a.ts'), 5);
  });

  it('takes nothing from a file that is torn, altered, or of another version', async () => {
    await index(project);
    const whole = readFileSync(file());
    const damages: [string, () => void][] = [
      ['torn', () => truncateSync(file(), whole.length - 9)],
      ['empty', () => writeFileSync(file(), '')],
      [
        'altered',
        () =>
          writeFileSync(
            file(),
            whole.map((byte, i) => (i === 200 ? byte ^ 1 : byte)),
          ),
      ],
      [
        'of another version',
        () => writeFileSync(file(), Buffer.from(whole.toString('latin1').replace('y 1\n', 'y 2\n'), 'latin1')),
      ],
    ];
    for (const [name, damage] of damages) {
      damage();
      assert.equal(readHistory(repository.gitDir), undefined, name);
      assert.equal((await index(project)).result, 'built', name);
    }
  });

  it('loses nothing where several do it at once, and a linked worktree begins with what the main one knows', async () => {
    await makeHistory(project, { seed: 9, commits: 60, branches: 1 });
    await project.git('reset', '--quiet', '--hard', 'made-30');
    await index(project);
    await project.git('reset', '--quiet', '--hard', 'made-59');
    const answers = await Promise.all(Array.from({ length: 4 }, () => index(project)));
    assert.ok(answers.every(({ commits }) => commits === 60));
    assert.equal((await index(project)).result, 'current');
    const linked = path.join(project.home, 'linked');
    await project.git('worktree', 'add', '--quiet', linked, 'made-50');
    const own = await index(project, linked);
    assert.deepEqual([own.result, own.read, own.commits], ['advanced', 0, 51]);
    assert.equal((await index(project)).result, 'current', 'the main worktree keeps its own');
  });

  it("is the owner's alone, and holds no name, no address and no message", async () => {
    await commit(project, 'b.ts', 'two\n');
    await index(project);
    assert.equal(statSync(file()).mode & 0o777, 0o600);
    const text = readFileSync(file(), 'latin1');
    for (const word of ['Dev', 'dev@example.com', 'Change b.ts']) assert.ok(!text.includes(word), word);
  });

  it('stores nothing where it is ended', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const work = updateHistoryIndex(repository, { signal, onProgress: () => controller.abort(new Error('enough')) });
    await assert.rejects(work, /enough/);
    assert.equal(readHistory(repository.gitDir), undefined);
    const progress: number[] = [];
    await updateHistoryIndex(repository, { onProgress: ({ read, total }) => progress.push(read, total) });
    assert.deepEqual(progress, [1, 1]);
  });

  it('is not misled by what a person has configured', async () => {
    await project.git('mv', 'a.ts', 'b.ts');
    await project.git('commit', '--quiet', '--message=Rename');
    await commit(project, 'b.ts', 'one\nmore\n');
    const settings = {
      ...{
        'diff.renames': 'false',
        'diff.algorithm': 'patience',
        'log.showRoot': 'false',
        'log.showSignature': 'true',
      },
      ...{ 'diff.noprefix': 'true', 'format.pretty': 'oneline', 'log.follow': 'true', 'diff.relative': 'true' },
      ...{ 'core.quotePath': 'true', 'color.ui': 'always', 'log.date': 'relative', 'log.mailmap': 'true' },
    };
    for (const [name, value] of Object.entries(settings)) await project.git('config', name, value);
    await index(project);
    assert.deepEqual([changesOf(repository, 'a.ts'), changesOf(repository, 'b.ts')], [0, 2]);
  });
});
