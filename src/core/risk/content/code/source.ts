import { LineIndex } from '../trees/lines.ts';

/** A literal text in code. */
export interface Literal {
  /** Without its quotes; escapes are left as they are, but for quotes and line breaks of several literals joined. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** 1-based: where its text begins. */
  readonly line: number;
  readonly endLine: number;
  /** It is put together: with a part that is not known. */
  readonly isTemplate: boolean;
}

/** A source text in which code, texts and comments are told apart. */
export interface Source {
  /** As it is written, with blanks for comments and for texts that stand alone (docstrings). */
  readonly code: string;
  readonly literals: readonly Literal[];
  /** 1-based. */
  readonly lineAt: (offset: number) => number;
  /** Whether an offset is in code, and not in a text. */
  readonly isCode: (offset: number) => boolean;
}

/** How a language writes comments and texts. */
interface Syntax {
  readonly line: readonly string[];
  readonly block?: readonly [string, string];
  readonly quotes: readonly string[];
  /** Quotes between which backslashes escape nothing, or that go over lines. */
  readonly raw: readonly string[];
  readonly slashRegex?: true;
}

const cLike: Syntax = { line: ['//'], block: ['/*', '*/'], quotes: ['"', "'"], raw: ['`'] };

const syntaxes: Readonly<Record<string, Syntax>> = {
  javascript: { ...cLike, slashRegex: true },
  go: cLike,
  java: { ...cLike, raw: ['"""'] },
  python: { line: ['#'], quotes: ['"', "'"], raw: ['"""', "'''"] },
  ruby: { line: ['#'], block: ['\n=begin', '\n=end'], quotes: ['"', "'"], raw: ['`'] },
  php: { ...cLike, line: ['//', '#'] },
  other: { ...cLike, raw: [] },
};

const languages: Readonly<Record<string, keyof typeof syntaxes>> = {
  ...Object.fromEntries(
    ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs', 'vue', 'svelte'].map((name) => [name, 'javascript']),
  ),
  go: 'go',
  ...Object.fromEntries(
    ['java', 'kt', 'kts', 'scala', 'groovy', 'gradle', 'swift', 'dart'].map((name) => [name, 'java']),
  ),
  ...Object.fromEntries(['py', 'pyi', 'pyw'].map((name) => [name, 'python'])),
  ...Object.fromEntries(['rb', 'rake', 'ex', 'exs', 'pl', 'pm'].map((name) => [name, 'ruby'])),
  php: 'php',
  ...Object.fromEntries(['rs', 'c', 'cc', 'cpp', 'h', 'hpp', 'cs', 'm'].map((name) => [name, 'other'])),
};

/** The language of a file by its name's end; `undefined` for what is no code. */
export function languageOf(path: string): string | undefined {
  return languages[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
}

/** Tells code, texts and comments of a source text apart, in one pass. */
export function readSource(text: string, language: string): Source {
  const syntax = syntaxes[language] ?? cLike;
  const lines = new LineIndex(text);
  const pieces: string[] = [];
  const literals: Literal[] = [];
  let copied = 0;
  const blank = (from: number, to: number): void => {
    pieces.push(text.slice(copied, from), text.slice(from, to).replace(/[^\n]/g, ' '));
    copied = to;
  };
  let at = 0;
  while (at < text.length) {
    const next = nextOf(text, at, syntax);
    if (!next) break;
    at = next.start;
    if (next.kind === 'comment') {
      blank(at, next.end);
      at = next.end;
      continue;
    }
    const body = text.slice(at + next.open.length, next.end - next.open.length);
    if (next.open.length === 3 && isAlone(text, at)) {
      blank(at, next.end);
      at = next.end;
      continue;
    }
    literals.push({
      text: body,
      start: at,
      end: next.end,
      line: lines.lineAt(at + next.open.length),
      endLine: lines.lineAt(Math.max(at, next.end - 1)),
      isTemplate: (next.open === '`' && body.includes('${')) || /[fF]$/.test(text.slice(Math.max(0, at - 2), at)),
    });
    at = next.end;
  }
  pieces.push(text.slice(copied));
  return {
    code: pieces.join(''),
    literals,
    lineAt: (offset) => lines.lineAt(offset),
    isCode: (offset) => {
      const literal = literalBefore(literals, offset);
      return !literal || offset >= literal.end || offset <= literal.start;
    },
  };
}

interface Piece {
  readonly kind: 'comment' | 'text';
  readonly start: number;
  readonly end: number;
  readonly open: string;
}

/** What may open a text or a comment. */
const opening = /\/[/*]?|"""|'''|["'`#]|\n=begin/g;

function nextOf(text: string, from: number, { line, block, quotes, raw, slashRegex }: Syntax): Piece | undefined {
  opening.lastIndex = from;
  for (let found = opening.exec(text); found; found = opening.exec(text)) {
    const at = found.index;
    const mark = found[0];
    if (line.some((each) => text.startsWith(each, at))) {
      const end = text.indexOf('\n', at);
      return { kind: 'comment', start: at, end: end < 0 ? text.length : end, open: '' };
    }
    if (block && text.startsWith(block[0], at)) {
      const end = text.indexOf(block[1], at + block[0].length);
      return { kind: 'comment', start: at, end: end < 0 ? text.length : end + block[1].length, open: '' };
    }
    const open = raw.find((each) => text.startsWith(each, at)) ?? quotes.find((each) => mark.startsWith(each));
    if (open !== undefined) {
      const end = textEnd(text, at, open, raw.includes(open));
      if (end !== undefined) return { kind: 'text', start: at, end, open };
    } else if (slashRegex && mark === '/' && /[(,=:[!&|?{};\n]\s*$/.test(text.slice(Math.max(0, at - 20), at))) {
      const regex = /^\/(?:[^\n\\/[]|\\.|\[(?:[^\]\n\\]|\\.)*\])+\/[a-z]*/.exec(text.slice(at, at + 500));
      if (regex) return { kind: 'comment', start: at, end: at + regex[0].length, open: '' };
    }
    // Of three quotes that are no text of their own the first may be one.
    if (mark.length === 3) opening.lastIndex = Math.max(opening.lastIndex - 2, at + 1);
  }
  return undefined;
}

/** Behind the closing quote; `undefined` for an apostrophe that opens nothing. */
function textEnd(text: string, start: number, open: string, isRaw: boolean): number | undefined {
  for (let at = start + open.length; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(open, at)) return at + open.length;
    else if (text[at] === '\n' && !isRaw) return open === "'" ? undefined : at;
  }
  return isRaw ? text.length : undefined;
}

/** A text in three quotes that is a statement of its own says something to people. */
function isAlone(text: string, start: number): boolean {
  return /(^|\n|[:{;])[^\S\n]*[rRuUbB]?$/.test(text.slice(Math.max(0, start - 80), start)) || start === 0;
}

function literalBefore(literals: readonly Literal[], offset: number): Literal | undefined {
  let [low, high] = [0, literals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((literals[middle] as Literal).start <= offset) low = middle + 1;
    else high = middle;
  }
  return literals[low - 1];
}
