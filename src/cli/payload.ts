/** Above this size a payload is looked over before it is parsed, for what would fill the memory. */
const large = 1024 * 1024;
/** No payload has so many lists, objects and members, and a parser would need 100 bytes and more for each. */
const maxValues = 1_000_000;

/**
 * The JSON value that an assistant's hook was given: UTF-8 or UTF-16 (as PowerShell pipes it), with or without a mark of
 * the byte order, and with raw control characters in strings, which some assistants do not escape.
 *
 * @throws {SyntaxError} where it is no JSON, or is made to fill the memory
 */
export function parsePayload(bytes: Buffer): unknown {
  const text = decode(bytes);
  if (text.length > large && countValues(text) > maxValues) {
    throw new SyntaxError(`it has more than ${maxValues} values`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const escaped = escapeControls(text);
    if (escaped === undefined) throw error;
    return JSON.parse(escaped);
  }
}

function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  const text = bytes.length < 2 || !(isLittle || isBig) ? bytes.toString('utf8') : decodeWide(bytes, isBig);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** UTF-16. Half a character at the end is left out. */
function decodeWide(bytes: Buffer, isBig: boolean): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return (isBig ? even.swap16() : even).toString('utf16le');
}

const [quote, backslash] = [0x22, 0x5c];

function countValues(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) i = endOfString(text, i);
    else if (code === 0x2c || code === 0x5b || code === 0x7b) count++;
  }
  return count;
}

/** Index of the quote that ends the string which begins at `start`, or the length of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

/** The text with the control characters in its strings escaped; `undefined` where there are none. */
function escapeControls(text: string): string | undefined {
  const pieces: string[] = [];
  let taken = 0;
  for (let i = text.indexOf('"'); i >= 0 && i < text.length; i = text.indexOf('"', i + 1)) {
    const end = endOfString(text, i);
    const string = text.slice(i, end);
    const escaped = string.replace(controls, (character) => JSON.stringify(character).slice(1, -1));
    if (escaped !== string) {
      pieces.push(text.slice(taken, i), escaped);
      taken = end;
    }
    i = end;
  }
  return pieces.length === 0 ? undefined : pieces.join('') + text.slice(taken);
}

const controls = /\p{Cc}/gu;
