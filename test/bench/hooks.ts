import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { assistantWrites } from '../support/reports.ts';
import type { Figure } from './figure.ts';
import { History } from './history.ts';
import { ratioOfPairs, time } from './paired.ts';

const sizes = [1_000, 10_000, 50_000];
const rounds = 25;

/**
 * Both hooks of an ordinary commit, as git calls them, against `node -e 0`, in repositories with as many commits and
 * files; and the whole `git commit` with them, less the same without.
 */
export async function measure(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) figures.push(...(await ofSize(size)));
  return figures;
}

async function ofSize(size: number): Promise<Figure[]> {
  const history = await History.create(size);
  const { project } = history;
  const hook = (name: string): string => path.join(project.dir, '.git/hooks', name);
  const message = path.join(project.dir, '.git/COMMIT_EDITMSG');
  const samples = { nothing: [] as number[], hooks: [] as number[], ours: [] as number[] };
  try {
    // The first round is thrown away: it reads programs and trees from the disk.
    for (let round = -1; round < rounds; round++) {
      await stage(history, round);
      await writeFile(message, 'Change two files\n');
      const nothing = time(() => history.nothing());
      let hooks = time(() => history.run(hook('commit-msg'), ['.git/COMMIT_EDITMSG']));
      history.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--file', message);
      hooks += time(() => history.run(hook('post-commit'), []));
      await stage(history, round + 0.25);
      const without = time(() => history.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '-m', 'Words'));
      await stage(history, round + 0.5);
      const ours = time(() => history.git('commit', '--quiet', '-m', 'Words')) - without;
      if (round < 0) continue;
      samples.nothing.push(nothing);
      samples.hooks.push(hooks);
      samples.ours.push(ours);
    }
  } finally {
    await history.dispose();
  }
  const where = `${size.toLocaleString('en')} files and commits`;
  return [
    ratioOfPairs(`commit-msg and post-commit, ${where}`, samples.hooks, samples.nothing, 'ms', 3.5),
    ratioOfPairs(`git commit with our hooks less without, ${where}`, samples.ours, samples.nothing, 'ms'),
  ];
}

/** An assistant writes two files, which are staged: one that is there and a new one. */
async function stage({ project }: History, round: number): Promise<void> {
  const lines = Array.from({ length: 20 }, (_, i) => `const line${i} = ${round};\n`).join('');
  await assistantWrites(project, { 'tree/0/file7.ts': lines, [`new/file${round}.ts`]: lines });
  await project.git('add', 'tree/0', 'new');
}
