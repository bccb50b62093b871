/** A statement's words, without comments. Texts are `'…'`; names in quotes are without them. */
export interface Statement {
  readonly tokens: readonly SqlToken[];
  /** 1-based. */
  readonly line: number;
  readonly endLine: number;
}

export interface SqlToken {
  readonly kind: 'word' | 'name' | 'text' | 'mark';
  /** Of a word in capitals; of a name as it is written, without quotes; of a text without them. */
  readonly text: string;
  /** A word as it is written. */
  readonly written: string;
  readonly line: number;
}

const token =
  /(\s+|--[^\n]*|#(?=[\s!])[^\n]*)|('(?:[^'\\]|''|\\[\s\S])*(?:'|$))|("(?:[^"\\]|""|\\[\s\S])*(?:"|$)|`[^`]*(?:`|$)|\[[A-Za-z_][\w .]*\])|([\p{L}_#@$][\p{L}\p{N}_#@$]*|\d[\w.]*)|([\s\S])/uy;

/**
 * The statements of an SQL text, in any dialect: enough to tell which statement is which, and what it is about.
 * Dollar quotes of PostgreSQL are read as code of their own: a body may drop what a statement may.
 */
export function statementsOf(sql: string, firstLine = 1): Statement[] {
  const statements: Statement[] = [];
  let tokens: SqlToken[] = [];
  let line = firstLine;
  const finish = (): void => {
    const [first, last] = [tokens[0], tokens.at(-1)];
    if (first && last) statements.push({ tokens, line: first.line, endLine: Math.max(last.line, first.line) });
    tokens = [];
  };
  for (let at = 0; at < sql.length; ) {
    if (sql.startsWith('/*', at)) {
      const end = commentEnd(sql, at);
      line += newlines(sql.slice(at, end));
      at = end;
      continue;
    }
    const dollar = sql[at] === '$' ? /^\$\w{0,63}\$/.exec(sql.slice(at, at + 66)) : null;
    if (dollar) {
      // What a body does belongs to statements of its own.
      finish();
      at += dollar[0].length;
      continue;
    }
    token.lastIndex = at;
    const match = token.exec(sql);
    if (!match) break;
    const [whole, blank, text, name, word] = match;
    if (whole === ';' || (word !== undefined && /^go$/i.test(word) && isAlone(sql, at, whole.length))) finish();
    else if (blank === undefined) {
      const kind = text !== undefined ? 'text' : name !== undefined ? 'name' : word !== undefined ? 'word' : 'mark';
      const bare = kind === 'text' || kind === 'name' ? whole.slice(1, -1) : whole;
      tokens.push({ kind, text: kind === 'word' ? bare.toUpperCase() : bare, written: bare, line });
    }
    line += newlines(whole);
    at += whole.length;
  }
  finish();
  return statements;
}

/** Comments nest in PostgreSQL. */
function commentEnd(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    if (sql.startsWith('/*', at)) {
      depth++;
      at++;
    } else if (sql.startsWith('*/', at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return sql.length;
}

function isAlone(sql: string, at: number, length: number): boolean {
  return (
    /(^|\n)[^\S\n]*$/.test(sql.slice(Math.max(0, at - 20), at)) &&
    /^[^\S\n]*(\r?\n|$)/.test(sql.slice(at + length, at + length + 20))
  );
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
