// Our lines in a hook file that may be somebody else's. Texts here are bytes as Latin-1, so that whatever encoding the
// rest of the file has comes out as it went in.

export const begin = '# >>> countersign >>>';
/** Where the file was made for the block, and goes with it. */
export const beginWhole = '# >>> countersign (whole file) >>>';
export const end = '# <<< countersign <<<';

const anyBlock = /^# >>> countersign (?:\(whole file\) )?>>>\n(?:(?!# >>> countersign).*\n)*?# <<< countersign <<<\n/gm;
const anyMark = /^# (?:>>> countersign\b.*|<<< countersign <<<)/m;

/** How a hook file stands with our block. */
export type BlockState =
  | { readonly state: 'absent' }
  | { readonly state: 'damaged' }
  | { readonly state: 'present'; readonly block: string };

export function findBlock(text: string): BlockState {
  const blocks = text.match(anyBlock) ?? [];
  if (anyMark.test(text.replace(anyBlock, ''))) return { state: 'damaged' };
  const [block] = blocks;
  return block === undefined ? { state: 'absent' } : { state: 'present', block: blocks.join('') };
}

/** The text without our blocks; `undefined` where nothing is left of a file that was made for one. */
export function withoutBlock(text: string): string | undefined {
  const rest = text.replace(anyBlock, '');
  const made = text !== rest && text.includes(beginWhole);
  return made && (rest === '' || rest === shebang) ? undefined : rest;
}

const shebang = '#!/bin/sh\n';

/** A new hook file with nothing but `block`. */
export function newFile(block: string, needsShebang: boolean): string {
  return needsShebang ? shebang + block : block;
}

/**
 * `text`, which has none of our blocks, with `block` as the first thing that runs; or why that cannot be.
 *
 * @param sourced whether `sh` reads the file whatever its first line says, as with husky
 */
export function withBlock(text: string, block: string, sourced: boolean): string | { readonly why: string } {
  const [firstLine] = /^#!.*(\n|$)/.exec(text) ?? [''];
  if (text.includes('\0')) return { why: 'is a binary program' };
  if (!sourced && firstLine !== '' && !/\b(?:ba|da|z|k|a)?sh\b/.test(firstLine))
    return { why: `is no shell script (${firstLine.trim()})` };
  if (firstLine !== '' && !firstLine.endsWith('\n')) return { why: 'has a first line without an end' };
  // husky before version 9 runs the file once more from this line on.
  const at = /^#!.*\n(?:#.*\n|\s*\n)*\. .*\/husky\.sh"?\r?\n/.exec(text)?.[0].length ?? firstLine.length;
  return text.slice(0, at) + block + text.slice(at);
}
