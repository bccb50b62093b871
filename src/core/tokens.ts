import { grown, type SymbolTable } from './symbols.ts';
import { isBlank, type Lines } from './text.ts';

/** What a token is to a comparison: from `blank` on it never anchors anything. */
export const tokenKinds = { mark: 0, word: 1, blank: 2, lineBreak: 3 } as const;

/**
 * The tokens of some lines, in columns: a word (letters, digits, `_`, `$`), a stretch of white space within a line, a line
 * break (LF or CRLF), or any other character by itself. Combining marks belong to what is before them, and a surrogate
 * pair is one character. Columns are longer than what they hold, and are filled again and again.
 */
export class Tokens {
  count = 0;
  /** UTF-16 offsets in the text; ends exclusive. */
  starts = new Int32Array(1_024);
  ends = new Int32Array(1_024);
  /** Equal for equal tokens. */
  symbols = new Int32Array(1_024);
  /** 0-based. */
  lines = new Int32Array(1_024);
  kinds = new Int32Array(1_024);
  /** The token of the other text that it is, or -1. */
  partners = new Int32Array(1_024);
  visibleCount = 0;
  /** Of the tokens that are no white space, index and symbol. */
  visible = new Int32Array(1_024);
  visibleSymbols = new Int32Array(1_024);
  #firstLine = 0;
  #visibleLengths = new Int32Array(64);

  /** Takes the tokens of the lines from `first` on, `count` of them (0-based), without those that `skip` names. */
  fill(
    lines: Lines,
    first: number,
    count: number,
    symbols: SymbolTable,
    skip: (line: number) => boolean = () => false,
  ): void {
    this.count = 0;
    this.visibleCount = 0;
    this.#firstLine = first;
    while (this.#visibleLengths.length < count) this.#visibleLengths = grown(this.#visibleLengths);
    this.#visibleLengths.fill(0, 0, count);
    for (let line = first; line < first + count; line++) if (!skip(line)) tokenise(lines, line, symbols, this);
  }

  isVisible(index: number): boolean {
    return (this.kinds[index] as number) < tokenKinds.blank;
  }

  /** In UTF-16 code units. */
  lengthOf(index: number): number {
    return (this.ends[index] as number) - (this.starts[index] as number);
  }

  /** Length of the line's visible tokens, in UTF-16 code units. */
  visibleLength(line: number): number {
    return this.#visibleLengths[line - this.#firstLine] as number;
  }

  /** The places of the tokens of lines among the visible ones; the lines are given in order. */
  placesOf(lines: Iterable<number>): number[] {
    const places: number[] = [];
    for (const line of lines) {
      let [low, high] = [0, this.visibleCount];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((this.lines[this.visible[middle] as number] as number) < line) low = middle + 1;
        else high = middle;
      }
      for (; low < this.visibleCount && this.lines[this.visible[low] as number] === line; low++) places.push(low);
    }
    return places;
  }

  add(start: number, end: number, symbol: number, line: number, kind: number): void {
    const index = this.count++;
    if (index === this.starts.length) this.#grow();
    this.starts[index] = start;
    this.ends[index] = end;
    this.symbols[index] = symbol;
    this.lines[index] = line;
    this.kinds[index] = kind;
    this.partners[index] = -1;
    if (kind >= tokenKinds.blank) return;
    this.visible[this.visibleCount] = index;
    this.visibleSymbols[this.visibleCount++] = symbol;
    (this.#visibleLengths[line - this.#firstLine] as number) += end - start;
  }

  #grow(): void {
    this.starts = grown(this.starts);
    this.ends = grown(this.ends);
    this.symbols = grown(this.symbols);
    this.lines = grown(this.lines);
    this.kinds = grown(this.kinds);
    this.partners = grown(this.partners);
    this.visible = grown(this.visible);
    this.visibleSymbols = grown(this.visibleSymbols);
  }
}

function tokenise({ text, starts }: Lines, line: number, symbols: SymbolTable, tokens: Tokens): void {
  const lineEnd = starts[line + 1] as number;
  for (let start = starts[line] as number; start < lineEnd; ) {
    let end = start + widthAt(text, start);
    let kind: number = tokenKinds.mark;
    const first = classAt(text, start);
    if (first === classes.blank && !isMarked(text, end, lineEnd)) {
      if (isLineBreak(text, start, lineEnd)) {
        kind = tokenKinds.lineBreak;
        end = lineEnd;
      } else {
        kind = tokenKinds.blank;
        while (
          end < lineEnd &&
          classAt(text, end) === classes.blank &&
          !isLineBreak(text, end, lineEnd) &&
          !isMarked(text, end + 1, lineEnd)
        ) {
          end++;
        }
      }
    } else if (first >= classes.combining) {
      let said: number = first;
      for (; end < lineEnd; end += widthAt(text, end)) {
        const next = classAt(text, end);
        if (next < classes.combining) break;
        if (next > said) said = next;
      }
      if (said === classes.word) kind = tokenKinds.word;
    } else {
      while (isMarked(text, end, lineEnd)) end += widthAt(text, end);
    }
    tokens.add(start, end, symbols.intern(text, start, end), line, kind);
    start = end;
  }
}

/** From `combining` on a character goes on with a word. */
const classes = { other: 1, blank: 2, combining: 3, joiner: 4, word: 5 } as const;

/** The classes of the UTF-16 code units that have been asked for; 0 where they have not. */
const known = new Uint8Array(0x10000);

function classAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const cached = known[code] as number;
  if (cached !== 0) return cached;
  if (isSurrogate(code)) return classOf(text.codePointAt(at) as number);
  const found = classOf(code);
  known[code] = found;
  return found;
}

function classOf(point: number): number {
  if (isBlank(point)) return classes.blank;
  const character = String.fromCodePoint(point);
  if (/[\p{L}\p{N}]/u.test(character)) return classes.word;
  if (/\p{M}/u.test(character)) return classes.combining;
  return character === '_' || character === '$' ? classes.joiner : classes.other;
}

/** 2 for a surrogate pair, else 1: half a pair stands for itself. */
function widthAt(text: string, at: number): number {
  return isSurrogate(text.charCodeAt(at)) && (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000;
}

function isMarked(text: string, at: number, end: number): boolean {
  return at < end && classAt(text, at) === classes.combining;
}

/** Whether the line's break begins here. */
function isLineBreak(text: string, at: number, lineEnd: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || (code === 13 && at + 2 === lineEnd && text.charCodeAt(at + 1) === 10);
}
