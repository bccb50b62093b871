import * as v from 'valibot';
import { lineHash } from '../digest.ts';
import type { ForeignFile } from './foreignNote.ts';
import { type ForeignRange, parseJson, type RefusedNote } from './foreignNote.ts';

/** A note of whogitit (`refs/notes/whogitit`, version 3): every line of a changed file, with its text and source. */
const Note = v.object({
  version: v.number(),
  session: v.object({ session_id: v.string(), model: v.object({ id: v.string() }) }),
  files: v.array(
    v.object({
      path: v.string(),
      lines: v.array(
        v.object({
          line_number: v.number(),
          content: v.string(),
          source: v.looseObject({ type: v.string(), similarity: v.optional(v.number()) }),
        }),
      ),
    }),
  ),
});

/** The one assistant whose edits it sees. */
const tool = 'claude';

/**
 * `AI` is AI, `AIModified` AI that somebody changed. `Human` is whatever it could not match, which shows nothing of a
 * person, and `Original` was there before. A note that was copied to a rewritten commit keeps its old line numbers: the
 * text of the line decides.
 */
export function readWhogitit(text: string): readonly ForeignFile[] | RefusedNote {
  const result = v.safeParse(Note, parseJson(text));
  if (!result.success) return { refused: 'it is no note of whogitit' };
  const { version, session, files } = result.output;
  if (version < 2 || version > 3) return { refused: `its version is ${version}, and only 2 and 3 are known here` };
  const author = { tool, model: session.model.id, session: session.session_id };
  return files.map(({ path, lines }) => ({
    path,
    ranges: lines.flatMap(({ line_number, content, source }): ForeignRange[] => {
      const line = { start: line_number, end: line_number, hash: lineHash(content.replace(/\r$/, '')), ...author };
      if (source.type === 'AI') return [{ ...line, class: 'ai' }];
      if (source.type !== 'AIModified') return [];
      return [{ ...line, class: 'mixed', mostlyAi: (source.similarity ?? 0) >= 0.5 }];
    }),
  }));
}
