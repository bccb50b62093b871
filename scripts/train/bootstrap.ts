import { aucOfSample, orderOf } from './metrics.ts';
import { mean, type Tested } from './protocol.ts';

const resamples = 2000;

/** A gain in area under the curve, with the bounds of its 95 % interval. */
export interface Gain {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * What the model gains over lines added alone, on average over the projects. Paired: both rank the same commits, drawn
 * anew with replacement from each project's; the interval is that of the draws' percentiles. Deterministic.
 */
export function gainOverLines(tested: readonly Tested[]): Gain {
  const random = randomNumbers(20_211);
  const prepared = tested.map((one) => ({ ...one, byScore: orderOf(one.scores), byLines: orderOf(one.linesAdded) }));
  const gainWith = (draw: (size: number) => Uint32Array): number =>
    mean(
      prepared.map(({ faulty, scores, linesAdded, byScore, byLines }) => {
        const counts = draw(faulty.length);
        return aucOfSample(byScore, scores, faulty, counts) - aucOfSample(byLines, linesAdded, faulty, counts);
      }),
    );
  const drawn = Float64Array.from({ length: resamples }, () =>
    gainWith((size) => {
      const counts = new Uint32Array(size);
      for (let i = 0; i < size; i++) {
        const index = Math.floor(random() * size);
        counts[index] = (counts[index] as number) + 1;
      }
      return counts;
    }),
  ).sort();
  return {
    mean: gainWith((size) => new Uint32Array(size).fill(1)),
    low: drawn[Math.floor(0.025 * resamples)] as number,
    high: drawn[Math.ceil(0.975 * resamples) - 1] as number,
  };
}

/** Mulberry32: numbers from 0 to below 1, the same ones for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
