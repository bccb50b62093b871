import { carry } from '../../src/core/carry.ts';
import { classifyLines } from '../../src/core/lineClass.ts';
import { deserialiseRuns, serialiseRuns } from '../../src/core/runsFormat.ts';
import { Random } from '../fuzz/random.ts';
import { ai, person } from '../support/authors.ts';
import type { Figure } from './figure.ts';
import { measureTime, milliseconds, type Work } from './paired.ts';
import { attribution, changedLines, sourceLines, textOf } from './workload.ts';

const sizes = [1_000, 10_000, 100_000] as const;

/**
 * How the time grows with the number of lines n, a run for five lines: over n log n, so that 1 is as steep as may be. The
 * fastest run of each counts: a long one is interrupted more often than a short one.
 */
export function measure(): Promise<Figure[]> {
  const bySize = sizes.map(operations);
  return Promise.resolve(
    Object.keys(bySize[0] as Operations).map((name) => {
      const times = bySize.map((all, i) =>
        measureTime(all[name as keyof Operations], { runs: i === 2 ? 11 : 41, warmUp: 5 }),
      );
      const steps = [0, 1].map((i) => {
        const [smaller, larger] = [sizes[i] as number, sizes[i + 1] as number];
        const grown = (times[i + 1]?.fastest as number) / (times[i]?.fastest as number);
        return grown / ((larger * Math.log(larger)) / (smaller * Math.log(smaller)));
      });
      const remark = sizes.map((size, i) => `${size / 1_000}k ${milliseconds(times[i]?.fastest as number)}`).join(', ');
      return {
        name: `${name}: the steeper of both steps`,
        value: Math.max(...steps),
        unit: 'x',
        limit: 1,
        noise: `at 100k ${times[2]?.noise}`,
        remark,
      };
    }),
  );
}

type Operations = ReturnType<typeof operations>;

function operations(size: number) {
  const lines = sourceLines(size);
  const [before, after] = [textOf(lines), textOf(changedLines(lines, 0.01))];
  const runs = attribution(before.length, size / 5);
  const carried = carry(before, runs, after, ai()).runs;
  const all = [{ start: 0, count: after.split('\n').length - 1 }];
  const line = serialiseRuns(runs);
  const random = new Random(9);
  const offsets = Array.from({ length: 1_000 }, () => random.below(before.length));
  const edited = runs.clone();
  return {
    'carry, 1 % of the lines changed': () => carry(before, runs, after, ai()),
    'classifyLines, all lines': () => classifyLines(after, carried, before, all),
    'RunMap.replace, 1,000 edits': () => {
      for (const offset of offsets) edited.replace(offset, 1, [{ length: 1, author: person }]);
    },
    serialiseRuns: () => serialiseRuns(runs),
    deserialiseRuns: () => deserialiseRuns(line, before.length),
  } satisfies Record<string, Work>;
}
