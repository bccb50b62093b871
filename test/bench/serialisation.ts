import type { RunMap } from '../../src/core/runs.ts';
import { deserialiseRuns, serialiseRuns } from '../../src/core/runsFormat.ts';
import type { Figure } from './figure.ts';
import { measureTime } from './paired.ts';
import { attribution } from './workload.ts';

const textLength = 4_000_000;

/** What the stored form of runs takes, in bytes and in time. */
export function measure(): Promise<Figure[]> {
  const runs = attribution(textLength, 20_000);
  const line = serialiseRuns(runs);
  const encode = measureTime(() => serialiseRuns(runs));
  const decode = measureTime(() => deserialiseRuns(line, textLength));
  const rest = { unit: 'ms', remark: '20,000 runs' } as const;
  return Promise.resolve([
    bytesARun(runs, '20,000 runs by 300 authors'),
    bytesARun(attribution(20_000, 1_000), '1,000 runs by 300 authors: the table weighs most'),
    { ...rest, name: 'write', value: encode.median, noise: encode.noise },
    { ...rest, name: 'read, on every call of a hook', value: decode.median, noise: decode.noise },
  ]);
}

function bytesARun(runs: RunMap, remark: string): Figure {
  const bytes = Buffer.byteLength(serialiseRuns(runs));
  const limit = runs.size >= 20_000 ? { limit: 48 } : {};
  return { name: 'bytes a run', value: bytes / runs.size, unit: 'bytes', ...limit, noise: 'none: counted', remark };
}
