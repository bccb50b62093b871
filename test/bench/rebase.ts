import type { Figure } from './figure.ts';
import { addsFile, History, type MadeCommit } from './history.ts';
import { median, milliseconds, time } from './paired.ts';

const sizes = [1_000, 10_000, 50_000];
const rounds = 5;
const commits = 100;

/**
 * A clean rebase of 100 commits, 30 of them with a record, with our hooks, over what it may take: 1.15 times the same without,
 * and the start of one hook a commit, which `node -e 0` stands for.
 */
export async function measure(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) figures.push(await ofSize(size));
  return figures;
}

async function ofSize(size: number): Promise<Figure> {
  const history = await History.create(size);
  const times = { with: [] as number[], without: [] as number[], nothing: [] as number[] };
  try {
    await history.project.git('branch', 'topic');
    await history.add('topic', commits, (index) => inFolder('topic', addsFile(index)));
    await history.add('main', 1, (index) => inFolder('upstream', addsFile(index)));
    history.git('tag', 'before', 'topic');
    history.git('checkout', '--quiet', '--force', 'topic');
    for (let round = -1; round < rounds; round++) {
      const without = rebase(history, '-c', 'core.hooksPath=/dev/null');
      const nothing = time(() => history.nothing());
      const ours = rebase(history);
      if (round < 0) continue;
      times.with.push(ours);
      times.without.push(without);
      times.nothing.push(nothing);
    }
  } finally {
    await history.dispose();
  }
  const starts = commits * median(times.nothing);
  const plain = median(times.with) / median(times.without);
  return {
    name: `rebase of ${commits} commits over what it may take, ${size.toLocaleString('en')} files and commits`,
    value: median(times.with) / (1.15 * median(times.without) + starts),
    ...{ unit: 'x', limit: 1 },
    noise: `with ${range(times.with)}, without ${range(times.without)} over ${rounds} pairs`,
    remark: `${milliseconds(median(times.with))} against ${milliseconds(median(times.without))}; ${plain.toFixed(2)} × without the starts`,
  };
}

function rebase(history: History, ...options: readonly string[]): number {
  history.git('reset', '--quiet', '--hard', 'before');
  return time(() => history.git(...options, 'rebase', '--quiet', 'main'));
}

function inFolder(folder: string, commit: MadeCommit): MadeCommit {
  return { ...commit, path: `${folder}/${commit.path}`, lines: commit.lines.map((line) => `${line} // ${folder}`) };
}

function range(values: readonly number[]): string {
  return `${milliseconds(Math.min(...values))} to ${milliseconds(Math.max(...values))}`;
}
