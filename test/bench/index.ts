import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Figure } from './figure.ts';
import type { History } from './history.ts';
import { longHistory } from './longHistory.ts';
import { measureRatio } from './paired.ts';

const commits = 50_000;

/** `countersign index`: all of a history of 50,000 commits, and one hundredth more, against the `git log` of the same range. */
export async function measure(): Promise<Figure[]> {
  const history = await longHistory(commits, commits / 100);
  try {
    const file = path.join(history.project.dir, '.git/countersign/history.bin');
    const build = measureRatio({
      name: `countersign index, ${commits.toLocaleString('en')} commits`,
      limit: 1.5,
      subject: () => {
        rmSync(file, { force: true });
        history.countersign('index');
      },
      reference: () => readAll(history),
      ...{ subjectName: 'countersign', referenceName: 'git log --raw --numstat', pairs: 3, warmUp: 0 },
    });
    const known = `${file}.known`;
    copyFileSync(file, known);
    history.git('reset', '--quiet', '--hard', 'extra');
    const update = measureRatio({
      name: `the same, ${(commits / 100).toLocaleString('en')} further commits, over a hundredth of 1.5 × git log of all`,
      limit: 1,
      subject: () => {
        copyFileSync(known, file);
        history.countersign('index');
      },
      reference: () => readAll(history),
      ...{ subjectName: 'countersign', referenceName: 'git log --raw --numstat', pairs: 5, warmUp: 0 },
    });
    return [build, { ...update, value: update.value / 0.015 }];
  } finally {
    await history.dispose();
  }
}

/** As a person would ask, with the renames that the index follows, too. */
function readAll(history: History): void {
  history.git('log', '--raw', '--numstat', '-z', '-M', 'main');
}
