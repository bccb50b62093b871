import { Random } from '../fuzz/random.ts';
import type { Figure } from './figure.ts';
import { longHistory } from './longHistory.ts';
import { measureTime, median, milliseconds, time } from './paired.ts';

const commits = 50_000;
const lines = 5_000;
const changedFiles = 50;
const manyFiles = 20_000;
const pairs = 15;
/** What a process of ours may take to start, in ms. */
const start = 60;

/**
 * `countersign risk --staged` of 5,000 lines in a repository of 50,000 commits, its index up to date, against
 * `git diff --cached --numstat`; and of 20,000 files, for its own sake.
 */
export async function measure(): Promise<Figure[]> {
  const history = await longHistory(commits, 0);
  try {
    const { project } = history;
    history.countersign('index');
    const random = new Random(3);
    const paths = (await project.git('ls-files', 'src')).trim().split('\n');
    const added = Array.from({ length: lines / changedFiles }, (_, i) => `  call(${i}, ${random.below(1_000)});`);
    for (let i = 0; i < changedFiles; i++) {
      await project.change(random.pick(paths.slice(i * 70, i * 70 + 70)), (text) => `${text}${added.join('\n')}\n`);
    }
    await project.git('add', '--all');
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let i = -2; i < pairs; i++) {
      const own = time(() => history.countersign('risk', '--staged'));
      const git = time(() => history.git('diff', '--cached', '--numstat'));
      if (i < 0) continue;
      ours.push(own);
      theirs.push(git);
    }
    const allowed = 2 * median(theirs) + start;
    const scored: Figure = {
      name: `countersign risk --staged, ${lines.toLocaleString('en')} lines, of 2 × git diff --cached --numstat and ${start} ms`,
      ...{ value: median(ours) / allowed, unit: 'x', limit: 1 },
      noise: `${milliseconds(Math.min(...ours))} to ${milliseconds(Math.max(...ours))}`,
      remark: `countersign ${milliseconds(median(ours))}, git ${milliseconds(median(theirs))}`,
    };
    await project.write(
      Object.fromEntries(Array.from({ length: manyFiles }, (_, i) => [`new/${i % 100}/file${i}.ts`, `a${i}\nb\n`])),
    );
    await project.git('add', '--all');
    const many = measureTime(() => history.countersign('risk', '--staged'), { runs: 3, warmUp: 0 });
    return [
      scored,
      {
        name: `the same, ${manyFiles.toLocaleString('en')} files`,
        value: many.median,
        unit: 'ms',
        limit: 20_000,
        noise: many.noise,
      },
    ];
  } finally {
    await history.dispose();
  }
}
