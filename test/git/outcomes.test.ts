import assert from 'node:assert/strict';
import { readCalibration, removeCalibration, writeCalibration } from '../../src/git/history/calibrationFile.ts';
import { type Outcomes, readOutcomes } from '../../src/git/history/outcomes.ts';
import { removedLines } from '../../src/git/history/risky.ts';
import { openRepository } from '../../src/git/repository.ts';
import { Project } from '../support/project.ts';

const day = 86_400;

describe('outcomes of past commits', () => {
  let project: Project;
  let time: number;

  beforeEach(async () => {
    project = await Project.create({ 'README.md': 'Start\n' });
    time = Math.floor(Date.now() / 1000) - 1_000 * day;
    await project.gitWith({ env: at() }, 'commit', '--quiet', '--amend', '--no-edit');
  });
  afterEach(() => project.dispose());

  const at = (): NodeJS.ProcessEnv => ({ ...project.env, GIT_COMMITTER_DATE: `@${time} +0000` });

  /** A commit `days` after the one before; its lines added tell it apart. */
  async function commit(days: number, message: string, files: Record<string, string | null>): Promise<void> {
    time += days * day;
    await project.write(files);
    await project.git('add', '--all');
    await project.gitWith({ env: at() }, 'commit', '--quiet', '--message', message);
  }

  const outcomes = async (): Promise<Outcomes> => readOutcomes(await openRepository(project.dir));
  const code = (count: number, word = 'a'): string[] => Array.from({ length: count }, (_, i) => `${word}(${i});`);
  const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

  it('are risky where a fix took their lines away, and not for comments, blanks and white space', async () => {
    const a = ['// about', '', ...code(10)];
    await commit(1, 'Add a', { 'a.ts': text(a) });
    await commit(1, 'Add b', { 'b.ts': text(['# about b', ...code(20, 'b')]) });
    await commit(1, 'Add more', { 'a.ts': text([...a, ...code(5, 'more')]) });
    await commit(1, 'Add c', { 'c.ts': text(code(7, 'c')) });
    const indented = [...a, ...code(5, 'more')].map((line) => `  ${line}`);
    await commit(1, 'Indent a', { 'a.ts': text(indented) });
    await commit(10, 'fix: a', { 'a.ts': text(indented.with(4, 'right();')) });
    await commit(1, 'fix: words about b', { 'b.ts': text(['# other words', ...code(20, 'b')]) });
    await commit(1, 'Change c for no reason', { 'c.ts': text(code(7, 'c').with(2, 'other();')) });
    await commit(900, 'The end', { 'end.ts': 'end();\n' });
    const { commits, fixes, medianDays, tooYoung } = await outcomes();
    assert.deepEqual([fixes, medianDays, tooYoung], [2, 14, 1]);
    assert.deepEqual(
      commits.map(({ features, isRisky }) => [features.linesAdded, isRisky]),
      [
        ...[
          [1, false],
          [12, true],
          [21, false],
          [5, false],
          [7, false],
          [17, false],
        ],
        // The fixes themselves, and what came after.
        ...[
          [1, false],
          [1, false],
          [1, false],
        ],
      ],
    );
  });

  it('follow renames, and leave merges and great fixes aside', async () => {
    await commit(1, 'Add a', { 'old name.ts': text(code(10)) });
    await project.git('mv', 'old name.ts', 'new.ts');
    await commit(1, 'Rename', {});
    await commit(1, 'Fix the first line', { 'new.ts': text(code(10).with(0, 'right();')) });
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`many/${i}.ts`, text(code(3, `m${i}`))]));
    await commit(1, 'Add many', many);
    await commit(1, 'Fix all', Object.fromEntries(Object.keys(many).map((name) => [name, 'x();\n'])));
    await commit(500, 'The end', { 'end.ts': 'end();\n' });
    const { commits, fixes } = await outcomes();
    assert.equal(fixes, 1);
    assert.deepEqual(
      commits.filter(({ isRisky }) => isRisky).map(({ features }) => features.linesAdded),
      [10],
    );
  });

  it('are none before the first commit', async () => {
    await project.git('checkout', '--quiet', '--orphan', 'none');
    assert.deepEqual(await outcomes(), { commits: [], fixes: 0, medianDays: undefined, tooYoung: 0 });
  });

  it('a patch whose lines look like headers is read by its counts', () => {
    const patch = [
      ...['diff --git a.sql a.sql', 'index 1..2 100644', '--- a.sql', '+++ a.sql'],
      ...[
        '@@ -3,2 +3 @@ x',
        '--- old',
        '-select 1',
        '+-- a',
        '@@ -9 +8,2 @@',
        '-last()',
        '\\ No newline at end of file',
        '+--- b.sql',
        '+y',
      ],
      ...['--- c d.ts\t', '+++ c d.ts\t', '@@ -1,0 +2 @@', '+new', '@@ -7 +9,0 @@', '-gone()', ''],
    ].join('\n');
    assert.deepEqual(
      [...removedLines(patch)],
      [
        ['a.sql', [4, 9]],
        ['c d.ts', [7]],
      ],
    );
  });

  it('a calibration holds for its model and its time, and is otherwise none', async () => {
    const repository = await openRepository(project.dir);
    const made = new Date().toISOString();
    const calibration = { model: 'm1', made, variants: [{ slope: 1.5, intercept: -2 }, null] };
    assert.equal(readCalibration(repository, 'm1'), undefined);
    writeCalibration(repository, calibration);
    assert.deepEqual(readCalibration(repository, 'm1'), calibration);
    assert.equal(readCalibration(repository, 'm2'), undefined);
    assert.equal(readCalibration(repository, 'm1', Date.now() + 181 * day * 1000), undefined);
    await project.write({ '.git/countersign/calibration.json': '{"schema":"countersign/calibration/1","model":"m1"' });
    assert.equal(readCalibration(repository, 'm1'), undefined);
    removeCalibration(repository);
    assert.equal(readCalibration(repository, 'm1'), undefined);
  });
});
