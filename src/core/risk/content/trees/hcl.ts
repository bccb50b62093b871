import { type Entry, maxTreeDepth, type Scalar, type Tree, TreeError, type TreeMap } from './tree.ts';

/**
 * HCL 2: blocks, attributes, and of expressions what is written out: texts, numbers, lists, objects, heredocs, and what is
 * handed to `jsonencode`. Any other expression is its source. What cannot be read is passed over up to the end of its line.
 *
 * @throws TreeError where it is nested too deeply
 */
export function readHcl(text: string): TreeMap {
  return new Reader(tokensOf(text), text).body(0);
}

type TokenKind = 'name' | 'text' | 'number' | 'heredoc' | 'newline' | 'mark';

interface Token {
  readonly kind: TokenKind;
  /** Of a text what stands between the quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly endLine: number;
}

const skipped = /(?:[^\S\n]+|#[^\n]*|\/\/[^\n]*)/y;
const word = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const heredoc = /<<([-~]?)(\w+)[^\S\n]*\r?\n/y;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  const matchAt = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const push = (kind: TokenKind, end: number, value: string): void => {
    const start = at;
    const first = line;
    for (let i = text.indexOf('\n', start); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) line++;
    tokens.push({ kind, text: value, start, end, line: first, endLine: kind === 'newline' ? first : line });
    at = end;
  };
  while (at < text.length) {
    const blank = matchAt(skipped);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const character = text[at] as string;
    if (character === '\n') push('newline', at + 1, '\n');
    else if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      const end = close < 0 ? text.length : close + 2;
      for (let i = text.indexOf('\n', at); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) line++;
      at = end;
    } else if (character === '"') {
      const end = quotedEnd(text, at);
      push('text', end, text.slice(at + 1, end - 1));
    } else {
      const here = character === '<' ? matchAt(heredoc) : null;
      if (here) {
        const bodyStart = at + here[0].length;
        const close = heredocEnd(text, bodyStart, here[2] as string);
        push('heredoc', close.end, text.slice(bodyStart, close.start));
        continue;
      }
      const name = matchAt(word);
      if (name) push('name', at + name[0].length, name[0]);
      else {
        const digits = matchAt(number);
        if (digits) push('number', at + digits[0].length, digits[0]);
        else push('mark', at + 1, character);
      }
    }
  }
  return tokens;
}

/** Behind the closing quote; a line's end closes what nothing else does, unless a template goes on. */
function quotedEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '{' && /[$%]/.test(text[at - 1] ?? '')) depth++;
    else if (character === '}' && depth > 0) depth--;
    else if (character === '"' && depth === 0) return at + 1;
    else if (character === '\n') return at;
  }
  return text.length;
}

/** Where the body ends, and where the line ends that closes it. */
function heredocEnd(text: string, bodyStart: number, name: string): { start: number; end: number } {
  for (let at = bodyStart; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    if (text.slice(at, end).trim() === name) return { start: at, end };
    at = end + 1;
  }
  return { start: text.length, end: text.length };
}

class Reader {
  #at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly text: string,
  ) {}

  /** Up to the brace that closes it, or the end. */
  body(depth: number): TreeMap {
    if (depth > maxTreeDepth) throw new TreeError('it is nested too deeply');
    const line = this.#line();
    const entries: Entry[] = [];
    for (;;) {
      const token = this.tokens[this.#at];
      if (!token || isMark(token, '}')) break;
      if (token.kind !== 'name' && token.kind !== 'text') {
        this.#at++;
        continue;
      }
      const read = this.#entry(token, depth);
      if (read) entries.push(read);
      else this.#toLineEnd();
    }
    return { kind: 'map', entries, line, endLine: this.#line() };
  }

  #entry(first: Token, depth: number): Entry | undefined {
    let ahead = this.#at + 1;
    const labels: string[] = [];
    while (this.tokens[ahead]?.kind === 'text' || this.tokens[ahead]?.kind === 'name') {
      labels.push((this.tokens[ahead] as Token).text);
      ahead++;
    }
    const mark = this.tokens[ahead];
    if (isMark(mark, '{')) {
      this.#at = ahead + 1;
      const value = this.body(depth + 1);
      const endLine = this.#line();
      this.#at++;
      return { key: first.text, labels, value: { ...value, line: first.line, endLine }, line: first.line, endLine };
    }
    if (labels.length > 0 || !(isMark(mark, '=') || isMark(mark, ':')) || isMark(this.tokens[ahead + 1], '=')) {
      return undefined;
    }
    this.#at = ahead + 1;
    const value = this.#value(depth + 1, isLineEnd);
    return { key: first.text, value, line: first.line, endLine: Math.max(first.line, value.endLine) };
  }

  /** What stands up to a token that ends it, which is left. */
  #value(depth: number, ends: (token: Token) => boolean): Tree {
    if (depth > maxTreeDepth) throw new TreeError('it is nested too deeply');
    const first = this.tokens[this.#at];
    if (!first) return { kind: 'scalar', value: null, line: this.#line(), endLine: this.#line() };
    const start = this.#at;
    const tree = this.#written(first, depth);
    const next = this.tokens[this.#at];
    if (tree && (!next || ends(next) || isMark(next, '}') || isMark(next, ']') || isMark(next, ')'))) return tree;
    this.#at = start;
    return this.#expression(first, ends);
  }

  #written(first: Token, depth: number): Tree | undefined {
    this.#at++;
    const place = { line: first.line, endLine: first.endLine };
    if (first.kind === 'text') {
      const isTemplate = /[$%]\{/.test(first.text);
      return { kind: 'scalar', value: unescaped(first.text), ...place, ...(isTemplate && { expression: true }) };
    }
    if (first.kind === 'heredoc') return { kind: 'scalar', value: first.text, ...place, textLine: first.line + 1 };
    if (first.kind === 'number') return { kind: 'scalar', value: Number(first.text), ...place };
    if (first.kind === 'name') return this.#word(first, depth);
    if (first.text === '[') return this.#list(first, depth);
    return first.text === '{' ? this.#object(first, depth) : undefined;
  }

  #word(first: Token, depth: number): Tree | undefined {
    const place = { line: first.line, endLine: first.endLine };
    if (first.text === 'true' || first.text === 'false')
      return { kind: 'scalar', value: first.text === 'true', ...place };
    if (first.text === 'null') return { kind: 'scalar', value: null, ...place };
    if (!/^(jsonencode|yamlencode|toset|tolist|tomap)$/.test(first.text) || !isMark(this.tokens[this.#at], '(')) {
      return undefined;
    }
    this.#at++;
    this.#skipNewlines();
    const inner = this.#value(depth + 1, (token) => token.kind === 'newline' || isMark(token, ','));
    this.#skipNewlines();
    if (!isMark(this.tokens[this.#at], ')')) return undefined;
    this.#at++;
    return inner;
  }

  #list(first: Token, depth: number): Tree {
    const items: Tree[] = [];
    for (;;) {
      this.#skipNewlines(',');
      const token = this.tokens[this.#at];
      if (!token || isMark(token, ']')) break;
      const before = this.#at;
      items.push(this.#value(depth + 1, (each) => isMark(each, ',') || each.kind === 'newline'));
      if (this.#at === before) this.#at++;
    }
    return { kind: 'list', items, line: first.line, endLine: this.#close() };
  }

  #object(first: Token, depth: number): Tree {
    const entries: Entry[] = [];
    for (;;) {
      this.#skipNewlines(',');
      const key = this.tokens[this.#at];
      if (!key || isMark(key, '}')) break;
      this.#at++;
      const mark = this.tokens[this.#at];
      if (!isMark(mark, '=') && !isMark(mark, ':')) continue;
      this.#at++;
      const value = this.#value(depth + 1, (each) => isMark(each, ',') || each.kind === 'newline');
      entries.push({ key: key.text, value, line: key.line, endLine: Math.max(key.line, value.endLine) });
    }
    return { kind: 'map', entries, line: first.line, endLine: this.#close() };
  }

  #close(): number {
    const line = this.#line();
    this.#at++;
    return line;
  }

  /** The source of what is no value written out; brackets within it are balanced. */
  #expression(first: Token, ends: (token: Token) => boolean): Scalar {
    let depth = 0;
    let last = first;
    for (; this.#at < this.tokens.length; this.#at++) {
      const token = this.tokens[this.#at] as Token;
      const closes = token.kind === 'mark' && /[\])}]/.test(token.text);
      if (depth === 0 && (closes || ends(token))) break;
      if (closes) depth--;
      else if (token.kind === 'mark' && /[[({]/.test(token.text)) depth++;
      if (token.kind !== 'newline') last = token;
    }
    const value = this.text.slice(first.start, Math.max(first.end, last.end));
    return { kind: 'scalar', value, expression: true, line: first.line, endLine: Math.max(first.line, last.endLine) };
  }

  #skipNewlines(mark?: string): void {
    for (;;) {
      const token = this.tokens[this.#at];
      if (token?.kind !== 'newline' && !(mark !== undefined && isMark(token, mark))) break;
      this.#at++;
    }
  }

  #toLineEnd(): void {
    this.#at++;
    while (this.#at < this.tokens.length && (this.tokens[this.#at] as Token).kind !== 'newline') this.#at++;
  }

  #line(): number {
    return this.tokens[Math.min(this.#at, this.tokens.length - 1)]?.line ?? 1;
  }
}

function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}

function isLineEnd(token: Token): boolean {
  return token.kind === 'newline' || isMark(token, '}');
}

function unescaped(text: string): string {
  return text.replace(
    /\\(["\\nrt])/g,
    (_, character: string) => ({ n: '\n', r: '\r', t: '\t' })[character] ?? character,
  );
}
