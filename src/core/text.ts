/** The lines of a text as ranges of UTF-16 offsets: line i (0-based) is `starts[i]` to `starts[i + 1]`, line break included. */
export interface Lines {
  readonly text: string;
  /** One more entry than there are lines; the last is the text's length. */
  readonly starts: readonly number[];
  readonly count: number;
}

/**
 * Splits where git does: after each LF. A CRLF belongs to its line; a lone CR is an ordinary character. A text that ends
 * with a line break has no empty line behind it.
 */
export function linesOf(text: string): Lines {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  if (starts.at(-1) !== text.length) starts.push(text.length);
  return { text, starts, count: starts.length - 1 };
}

/** Line `index` (0-based) with its line break. */
export function lineAt(lines: Lines, index: number): string {
  return lines.text.slice(lines.starts[index], lines.starts[index + 1]);
}

/** Line `index` (0-based) without its LF or CRLF. */
export function lineContent(lines: Lines, index: number): string {
  return lineAt(lines, index).replace(/\r?\n$/, '');
}

/** Whether the UTF-16 code unit is white space (line breaks and byte order mark among it). */
export function isBlank(code: number): boolean {
  return (
    code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff || code === 0x2028 || code === 0x2029
  );
}

/** Number of UTF-16 code units that are not white space. */
export function visibleLength(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) if (!isBlank(text.charCodeAt(i))) count++;
  return count;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a file's bytes, its byte order mark kept; `undefined` where the file is binary to us (a NUL byte, or not
 * UTF-8): such a file is counted, not attributed.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
