import * as v from 'valibot';
import { type ForeignFile, parseJson, type RefusedNote } from './foreignNote.ts';

const Note = v.object({
  version: v.number(),
  files: v.record(v.string(), v.object({ percent: v.pipe(v.number(), v.minValue(0), v.maxValue(100)) })),
});

/**
 * A note of Qwen Code (`refs/notes/ai-attribution`, version 1). It has a share of each file's change, estimated from the
 * size of the diff, and no lines: even at 100 per cent it does not say that a line is AI.
 */
export function readQwen(text: string): readonly ForeignFile[] | RefusedNote {
  const result = v.safeParse(Note, parseJson(text));
  if (!result.success) return { refused: 'it is no note of Qwen Code' };
  const { version, files } = result.output;
  if (version !== 1) return { refused: `its version is ${version}, and only 1 is known here` };
  return Object.entries(files).map(([path, { percent }]) => ({ path, ranges: [], aiShare: percent }));
}
