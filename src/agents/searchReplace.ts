import type { Replacement } from '../core/written.ts';

/** A SEARCH/REPLACE block of a text, and the line (from 0) that it begins in. */
export interface SearchReplaceBlock {
  readonly line: number;
  readonly replacement: Replacement;
}

/** The lines that begin, part and end a block, as Aider and Cline write them: `<<<<<<< SEARCH`, `------- SEARCH`. */
const begin = /^(?:<{5,9}|-{5,9}) SEARCH>?\s*$/;
const middle = /^={5,9}\s*$/;
const end = /^(?:>{5,9}|\+{5,9}) REPLACE>?\s*$/;

/** The SEARCH/REPLACE blocks of a text; one that is cut off counts for nothing. */
export function searchReplaceBlocks(lines: readonly string[]): SearchReplaceBlock[] {
  const blocks: SearchReplaceBlock[] = [];
  let open: { line: number; oldLines: string[]; newLines?: string[] } | undefined;
  for (const [line, text] of lines.entries()) {
    if (begin.test(text)) open = { line, oldLines: [] };
    else if (open && !open.newLines && middle.test(text)) open.newLines = [];
    else if (open?.newLines && end.test(text)) {
      const replacement = { oldText: textOf(open.oldLines), newText: textOf(open.newLines), all: false };
      blocks.push({ line: open.line, replacement });
      open = undefined;
    } else (open?.newLines ?? open?.oldLines)?.push(text);
  }
  return blocks;
}

/** Whole lines. */
function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
