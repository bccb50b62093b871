import { Random } from '../fuzz/random.ts';
import type { Figure } from './figure.ts';
import { addsFile, History, isKnown, type MadeCommit } from './history.ts';
import { measureRatio } from './paired.ts';

const commits = 1_000;
const linesEach = 10;
const file = 'long.ts';
/** Commits on other files, besides. */
const others = 9_000;

/** `countersign blame` of a file of 10,000 lines, which 1,000 commits made, against `git blame --porcelain` of it. */
export async function measure(): Promise<Figure[]> {
  const history = await History.create(others);
  try {
    await history.add('main', commits, grows());
    await history.project.git('reset', '--quiet', '--hard');
    const blame = (...args: readonly string[]): Figure =>
      measureRatio({
        name: `countersign ${['blame', ...args].join(' ')} of ${(commits * linesEach).toLocaleString('en')} lines`,
        limit: 1.5,
        subject: () => history.countersign('blame', ...args, file),
        reference: () => history.git('blame', '--porcelain', file),
        ...{ subjectName: 'countersign', referenceName: 'git', pairs: 9, warmUp: 1 },
      });
    return [blame(), blame('--json')];
  } finally {
    await history.dispose();
  }
}

/** Commits that put a few lines each into one file, anywhere. */
function grows(): (index: number) => MadeCommit {
  const random = new Random(5);
  const lines: string[] = [];
  return (index) => {
    const start = random.below(lines.length + 1);
    const added = addsFile(index).lines.slice(0, linesEach);
    lines.splice(start, 0, ...added);
    return { path: file, lines: [...lines], added: { start, count: linesEach }, isKnown: isKnown(index) };
  };
}
