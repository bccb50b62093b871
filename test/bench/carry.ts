import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { diffLines } from 'diff';
import { carry } from '../../src/core/carry.ts';
import { Random } from '../fuzz/random.ts';
import { ai } from '../support/authors.ts';
import type { Figure } from './figure.ts';
import { measureRatio, measureTime } from './paired.ts';
import { attribution, changedLines, sourceLines, textOf } from './workload.ts';

/** Taking authors over to the next version, against plain diffs of the same two texts, and where plain diffs are slow. */
export function measure(): Promise<Figure[]> {
  return Promise.resolve([onePercent(), rewrite(), ...worstCases()]);
}

function onePercent(): Figure {
  const lines = sourceLines(10_000);
  const [before, after] = [textOf(lines), textOf(changedLines(lines, 0.01))];
  const runs = attribution(before.length, 2_000);
  return measureRatio({
    name: '10,000 lines, 1 % changed',
    limit: 1.5,
    subject: () => carry(before, runs, after, ai()),
    subjectName: 'carry',
    reference: () => diffLines(before, after),
    referenceName: 'diffLines',
    pairs: 41,
    warmUp: 10,
  });
}

/** Git is a whole process, which reads its two files: that is what a hook would pay for asking it. */
function rewrite(): Figure {
  const [before, after] = [textOf(sourceLines(20_000, 1)), textOf(sourceLines(20_000, 99))];
  const runs = attribution(before.length, 2_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-'));
  try {
    const files = [path.join(folder, 'before'), path.join(folder, 'after')];
    writeFileSync(files[0] as string, before);
    writeFileSync(files[1] as string, after);
    return measureRatio({
      name: '20,000 lines, all rewritten',
      limit: 3,
      subject: () => carry(before, runs, after, ai()),
      subjectName: 'carry',
      reference: () => diffWithGit(files),
      referenceName: 'git diff --no-index --histogram',
      pairs: 15,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function diffWithGit(files: readonly string[]): unknown {
  const { status } = spawnSync('git', ['diff', '--no-index', '--histogram', ...files], { maxBuffer: 64 * 1024 * 1024 });
  if (status !== 1) throw new Error('git found no difference');
  return status;
}

/** Limits in ms: nobody waits longer for a hook or an editor. */
function worstCases(): Figure[] {
  return Object.entries(slowTexts()).map(([name, [before, after]]) => {
    const runs = attribution(before.length, 2_000);
    let precision = '';
    const { median, noise } = measureTime(
      () => {
        ({ precision } = carry(before, runs, after, ai()));
      },
      { runs: 3, warmUp: 1 },
    );
    return { name, value: median, unit: 'ms', limit: 2_000, noise, remark: `by ${precision}` };
  });
}

function slowTexts(): Record<string, readonly [before: string, after: string]> {
  const random = new Random(5);
  const unique = Array.from({ length: 20_000 }, (_, i) => `const name${i} = call(value${i});`);
  const shuffled = unique
    .map((line) => ({ line, key: random.next() }))
    .sort((a, b) => a.key - b.key)
    .map(({ line }) => line);
  const few = (count: number, kinds: number): string[] =>
    Array.from({ length: count }, () => `line ${random.below(kinds)};`);
  const minified = 'var a=1,b=function(c){return c+a};'.repeat(150_000);
  const half = minified.length / 2;
  return {
    '5 MB in one line, a small edit': [minified, `${minified.slice(0, half)}edit();${minified.slice(half)}`],
    '5 MB in one line, two edits far apart': [minified, `edit();${minified}edit();`],
    '5 MB in one line, rewritten': [minified, 'let x=2;y=(z)=>z*x;'.repeat(270_000)],
    '20,000 lines shuffled': [textOf(unique), textOf(shuffled)],
    '20,000 lines of two kinds, at random': [textOf(few(20_000, 2)), textOf(few(20_000, 2))],
    '20,000 lines of 50 kinds, at random': [textOf(few(20_000, 50)), textOf(few(20_000, 50))],
    '20,000 lines, a and b in turn to b and a': [textOf(turns('alpha;', 'beta;')), textOf(turns('beta;', 'alpha;'))],
    '20,000 lines in reverse': [textOf(unique), textOf(unique.toReversed())],
    '20,000 lines, one word changed in each': [
      textOf(unique),
      textOf(unique.map((line) => line.replace('call', 'apply'))),
    ],
    '200,000 words in one line, shuffled': [few(200_000, 5_000).join(' '), few(200_000, 5_000).join(' ')],
  };
}

function turns(first: string, second: string): string[] {
  return Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? first : second));
}
