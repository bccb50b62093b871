/** One line of the report of `npm run bench`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `x`: a ratio of two things measured in turn in the same run. */
  readonly unit: 'x' | 'bytes' | 'ms' | 'MiB';
  /** The value is to be at most this; without one it is told for its own sake. */
  readonly limit?: number;
  /** How far the figure may be trusted, in words: spread, and what a thing measures against itself. */
  readonly noise: string;
  readonly remark?: string;
}
