import { Random } from '../fuzz/random.ts';
import type { Figure } from './figure.ts';
import { addsFile, History, isKnown, type MadeCommit } from './history.ts';
import { measureRatio } from './paired.ts';

const sizes = [10_000, 50_000];
const commits = 10_000;

/** `countersign verify` over 10,000 commits against `git log -p -U0` of the same range. */
export async function measure(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) figures.push(await ofSize(size));
  return figures;
}

async function ofSize(size: number): Promise<Figure> {
  const history = await History.create(Math.max(0, size - commits));
  await history.add('main', commits, edits());
  const range = `HEAD~${commits}..HEAD`;
  try {
    return measureRatio({
      name: `countersign verify of 10,000 commits among ${size.toLocaleString('en')}`,
      limit: 2,
      subject: () => history.countersign('verify', range),
      reference: () => history.git('log', '-p', '-U0', range),
      ...{ subjectName: 'countersign', referenceName: 'git', pairs: 5, warmUp: 1 },
    });
  } finally {
    await history.dispose();
  }
}

const files = 300;
const mostLines = 400;

/** Commits that each put a dozen lines into one of some hundred files, anywhere; the files get no longer than `mostLines`. */
function edits(): (index: number) => MadeCommit {
  const random = new Random(6);
  const texts = new Map<string, readonly string[]>();
  return (index) => {
    const path = `edited/file${index % files}.ts`;
    const before = (texts.get(path) ?? []).slice(0, mostLines - 12);
    const start = random.below(before.length + 1);
    const { lines: added } = addsFile(index);
    const lines = [...before.slice(0, start), ...added, ...before.slice(start)];
    texts.set(path, lines);
    return { path, lines, added: { start, count: added.length }, isKnown: isKnown(index) };
  };
}
