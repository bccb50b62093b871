/** What an assistant's payload says that it wrote into one file. */
export type Written =
  | { readonly form: 'content'; readonly text: string }
  | { readonly form: 'replacements'; readonly replacements: readonly Replacement[] }
  | { readonly form: 'patch'; readonly hunks: readonly PatchHunk[] };

export interface Replacement {
  readonly oldText: string;
  readonly newText: string;
  readonly all: boolean;
}

/** One hunk of an `apply_patch` text: lines without their line breaks, context among the old and the new ones. */
export interface PatchHunk {
  /** A line that the hunk lies behind (`@@ class A`), empty where there is none. */
  readonly heading: string;
  readonly oldLines: readonly string[];
  readonly newLines: readonly string[];
}

/**
 * The text that the assistant left behind, given the one it started from (`''` for a new file); `undefined` where what
 * it says does not fit that text, so that the difference has to be asked.
 */
export function applyWritten(before: string, written: Written): string | undefined {
  switch (written.form) {
    case 'content':
      return written.text;
    case 'replacements':
      return written.replacements.reduce<string | undefined>(
        (text, replacement) => (text === undefined ? undefined : replace(text, replacement)),
        before,
      );
    case 'patch':
      return applyHunks(before, written.hunks);
  }
}

/** How long what is written is with all that tells where it goes, in UTF-16 code units. */
export function writtenSize(written: Written): number {
  const length = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);
  switch (written.form) {
    case 'content':
      return written.text.length;
    case 'replacements':
      return length(written.replacements.flatMap(({ oldText, newText }) => [oldText, newText]));
    case 'patch':
      return length(written.hunks.flatMap(({ heading, oldLines, newLines }) => [heading, ...oldLines, ...newLines]));
  }
}

function replace(text: string, { oldText, newText, all }: Replacement): string | undefined {
  if (oldText === '') return text === '' ? newText : undefined;
  const at = text.indexOf(oldText);
  if (at < 0) return undefined;
  if (all) return text.split(oldText).join(newText);
  return text.slice(0, at) + newText + text.slice(at + oldText.length);
}

/** Hunks come in the order of the file and are found by their lines; trailing white space may differ. */
function applyHunks(before: string, hunks: readonly PatchHunk[]): string | undefined {
  const lineBreak = before.includes('\r\n') ? '\r\n' : '\n';
  const lines = before === '' ? [] : before.replace(/\r?\n$/, '').split(/\r?\n/);
  const result: string[] = [];
  let position = 0;
  for (const { heading, oldLines, newLines } of hunks) {
    const from = heading === '' ? position : findLines(lines, [heading], position) + 1;
    const start = oldLines.length === 0 ? lines.length : findLines(lines, oldLines, from);
    if (start < position) return undefined;
    result.push(...lines.slice(position, start), ...newLines);
    position = start + oldLines.length;
  }
  result.push(...lines.slice(position));
  return result.length === 0 ? '' : result.join(lineBreak) + lineBreak;
}

/** Index of the first of `wanted` in `lines` at or behind `from`, exactly if possible; -1 where they are not there. */
function findLines(lines: readonly string[], wanted: readonly string[], from: number): number {
  for (const same of [exact, trimmed]) {
    for (let i = Math.max(0, from); i + wanted.length <= lines.length; i++) {
      if (wanted.every((line, j) => same(lines[i + j] as string, line))) return i;
    }
  }
  return -1;
}

const exact = (a: string, b: string): boolean => a === b;
const trimmed = (a: string, b: string): boolean => a.trim() === b.trim();
