import type { Replacement } from '../core/written.ts';

/** The lines that begin, part and end a block, as Aider and Cline write them: `<<<<<<< SEARCH`, `------- SEARCH`. */
const begin = /^(?:<{5,9}|-{5,9}) SEARCH>?\s*$/;
const middle = /^={5,9}\s*$/;
const end = /^(?:>{5,9}|\+{5,9}) REPLACE>?\s*$/;

/** What the SEARCH/REPLACE blocks of a text put in the place of what; a block that is cut off counts for nothing. */
export function parseSearchReplace(text: string): Replacement[] {
  const replacements: Replacement[] = [];
  let block: { oldLines: string[]; newLines?: string[] } | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (begin.test(line)) block = { oldLines: [] };
    else if (block && !block.newLines && middle.test(line)) block.newLines = [];
    else if (block?.newLines && end.test(line)) {
      replacements.push({ oldText: textOf(block.oldLines), newText: textOf(block.newLines), all: false });
      block = undefined;
    } else (block?.newLines ?? block?.oldLines)?.push(line);
  }
  return replacements;
}

/** Whole lines. */
function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
