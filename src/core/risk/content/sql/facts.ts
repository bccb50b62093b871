import type { Sign } from '../fact.ts';
import { type SqlToken, type Statement, statementsOf } from './statements.ts';

/**
 * What the statements of an SQL text drop, empty, or give away.
 *
 * @param made what was created before, by statements of the same file: to drop that takes nothing away
 */
export function sqlFacts(sql: string, firstLine = 1, made = new Set<string>()): Sign[] {
  if (!mayTell.test(sql)) return [];
  const statements = statementsOf(sql, firstLine);
  return statements.flatMap((statement) => {
    if (!statement.tokens.some(({ kind, text }) => kind === 'word' && telling.has(text))) return [];
    const found = destructions(statement, made).concat(grants(statement));
    noteMade(statement, made);
    return found;
  });
}

/** Words of which every statement that says something, or that makes what is dropped later, has one. */
const telling: ReadonlySet<string> = new Set([
  'DROP',
  'TRUNCATE',
  'DELETE',
  'GRANT',
  'ALTER',
  'CREATE',
  'DISABLE',
  'FORCE',
]);
const mayTell = new RegExp([...telling].join('|'), 'i');

/** Deletions of one statement that are looked at, each up to its end. */
const maxDeletions = 20;

type Words = readonly SqlToken[];

function is(token: SqlToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text);
}

/** Where words stand one after the other; -1 for nowhere. */
function find(tokens: Words, ...words: readonly string[]): number {
  return tokens.findIndex((_, at) =>
    words.every((word, i) => word.split('|').some((each) => is(tokens[at + i], each))),
  );
}

/** A name with its schema, from a place on: `public.users`. */
function nameAt(tokens: Words, from: number): string {
  let at = from;
  while (
    is(tokens[at], 'IF', 'NOT', 'EXISTS', 'ONLY', 'TABLE', 'COLUMN', 'CONCURRENTLY', 'IGNORE', 'LOW_PRIORITY', 'QUICK')
  )
    at++;
  let name = tokens[at]?.written ?? '';
  while (tokens[at + 1]?.text === '.') {
    name += `.${tokens[at + 2]?.written ?? ''}`;
    at += 2;
  }
  return name.toLowerCase();
}

function sign(rule: Sign['rule'], pattern: string, detail: string, { line, endLine, tokens }: Statement): Sign {
  return {
    kind: 'sign',
    rule,
    pattern,
    detail,
    subject: tokens
      .slice(0, 60)
      .map(({ text }) => text)
      .join(' '),
    line,
    endLine,
  };
}

/** Tables that last no longer than a session, or that the same text made before: to drop them takes nothing away. */
function isPassing(name: string, made: ReadonlySet<string>): boolean {
  return name.startsWith('#') || /^(pg_temp\.|te?mp_)|_te?mp$/.test(name) || made.has(name);
}

function noteMade({ tokens }: Statement, made: Set<string>): void {
  const create = find(tokens, 'CREATE');
  if (create >= 0) {
    const table = tokens.findIndex(
      (token, at) => at > create && at < create + 6 && is(token, 'TABLE', 'DATABASE', 'SCHEMA'),
    );
    if (table >= 0) made.add(nameAt(tokens, table + 1));
  }
  if (is(tokens[0], 'ALTER')) {
    for (const [at, token] of tokens.entries()) if (is(token, 'ADD')) made.add(`column ${nameAt(tokens, at + 1)}`);
  }
}

const constraintWords = [
  'CONSTRAINT',
  'INDEX',
  'KEY',
  'DEFAULT',
  'NOT',
  'PRIMARY',
  'FOREIGN',
  'CHECK',
  'EXPRESSION',
  'IDENTITY',
  'RULE',
  'TRIGGER',
  'UNIQUE',
  'PERIOD',
  'SYSTEM',
  'STATISTICS',
  'LIKE',
];

function destructions(statement: Statement, made: ReadonlySet<string>): Sign[] {
  const { tokens } = statement;
  const found = (pattern: string, detail: string): Sign => sign('destructive-change', pattern, detail, statement);
  const signs: Sign[] = [];
  // A body begins with BEGIN or THEN, a migration's part with EXPLAIN: the statement may stand further back.
  const drop = find(tokens, 'DROP', 'TABLE|DATABASE|SCHEMA|KEYSPACE|OWNED|TABLESPACE|COLLECTION|WAREHOUSE|CATALOG');
  if (drop >= 0 && !isWithinAlter(tokens, drop)) {
    const kind = (tokens[drop + 1]?.text ?? '').toLowerCase();
    const names = namesFrom(tokens, drop + 2);
    if (names.some((name) => !isPassing(name, made))) {
      const pattern =
        kind === 'table' ? 'drop-table' : kind === 'schema' || kind === 'owned' ? 'drop-schema' : 'drop-database';
      signs.push(found(pattern, `DROP ${kind.toUpperCase()}`));
    }
  }
  const alter = find(tokens, 'ALTER', 'TABLE');
  if (alter >= 0) {
    for (let at = alter; at < tokens.length; at++) {
      if (!is(tokens[at], 'DROP')) continue;
      const next = tokens[at + 1];
      if (is(next, 'PARTITION')) signs.push(found('drop-partition', 'ALTER TABLE … DROP PARTITION'));
      else if (
        next &&
        (next.kind === 'name' || next.kind === 'word') &&
        !is(next, ...constraintWords) &&
        !isOfColumn(tokens, at)
      ) {
        if (!made.has(`column ${nameAt(tokens, at + 1)}`))
          signs.push(found('drop-column', 'ALTER TABLE … DROP COLUMN'));
      }
    }
  }
  const truncate = tokens.findIndex(
    (token, at) => is(token, 'TRUNCATE') && beginsStatement(tokens, at) && tokens[at + 1]?.text !== '(',
  );
  if (truncate >= 0 && !isPassing(nameAt(tokens, truncate + 1), made)) signs.push(found('truncate', 'TRUNCATE'));
  let deletions = 0;
  for (const [at, token] of tokens.entries()) {
    if (!is(token, 'DELETE') || !isDeletion(tokens, at) || ++deletions > maxDeletions) continue;
    const from = is(tokens[at + 1], 'FROM') ? at + 2 : at + 1;
    if (isPassing(nameAt(tokens, from), made)) continue;
    if (!isFiltered(tokens, at)) signs.push(found('delete-all', 'DELETE without WHERE'));
  }
  return signs.slice(0, 1).concat(signs.slice(1).filter(({ pattern }) => pattern !== signs[0]?.pattern));
}

function namesFrom(tokens: Words, from: number): string[] {
  const names = [nameAt(tokens, from)];
  for (let at = from; at < tokens.length; at++) if (tokens[at]?.text === ',') names.push(nameAt(tokens, at + 1));
  return names;
}

/** `ALTER PUBLICATION p DROP TABLE t` takes no table away. */
function isWithinAlter(tokens: Words, drop: number): boolean {
  const alter = find(tokens, 'ALTER');
  return alter >= 0 && alter < drop;
}

/** `ALTER COLUMN c DROP DEFAULT` and the like. */
function isOfColumn(tokens: Words, drop: number): boolean {
  return is(tokens[drop - 2], 'COLUMN', 'ALTER');
}

function beginsStatement(tokens: Words, at: number): boolean {
  return at === 0 || is(tokens[at - 1], 'BEGIN', 'THEN', 'ELSE', 'LOOP', 'DO', 'EXECUTE', 'IMMEDIATE', 'AS');
}

/** Not `ON DELETE CASCADE`, `FOR DELETE`, `GRANT DELETE`. */
function isDeletion(tokens: Words, at: number): boolean {
  if (!is(tokens[at + 1], 'FROM')) return false;
  return at === 0 || !is(tokens[at - 1], 'ON', 'FOR', 'OR', 'GRANT', 'BEFORE', 'AFTER');
}

/** Whether a deletion, up to the bracket that closes it, says which rows. */
function isFiltered(tokens: Words, from: number): boolean {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const text = tokens[at]?.text;
    if (text === '(') depth++;
    else if (text === ')' && --depth < 0) return false;
    else if (depth === 0 && is(tokens[at], 'WHERE')) return !isAlways(tokens.slice(at + 1));
    else if (depth === 0 && is(tokens[at], 'JOIN')) return true;
  }
  return false;
}

/** `WHERE 1=1`, `WHERE true`. */
function isAlways([first, second, third, ...rest]: Words): boolean {
  if (is(first, 'TRUE') && (second === undefined || is(second, 'RETURNING'))) return true;
  const isSame = second?.text === '=' && first?.text === third?.text && first?.kind !== 'name';
  return isSame && /^(\d+|.)$/.test(first?.text ?? '') && (rest.length === 0 || is(rest[0], 'RETURNING'));
}

function grants(statement: Statement): Sign[] {
  const { tokens } = statement;
  const found = (pattern: string, detail: string): Sign => sign('permission-widened', pattern, detail, statement);
  const signs: Sign[] = [];
  const at = tokens.findIndex(
    (token, i) => is(token, 'GRANT') && (beginsStatement(tokens, i) || is(tokens[0], 'ALTER')),
  );
  if (at >= 0) {
    const to = tokens.findIndex((token, i) => i > at && is(token, 'TO'));
    const rights = tokens.slice(at + 1, to < 0 ? undefined : to);
    if (is(rights[0], 'ALL') && rights[0]?.kind === 'word') signs.push(found('grant-all', 'GRANT ALL'));
    else if (to >= 0 && is(tokens[to + 1], 'PUBLIC')) signs.push(found('grant-public', 'GRANT … TO PUBLIC'));
    else if (find(tokens, 'WITH', 'GRANT|ADMIN', 'OPTION') >= 0)
      signs.push(found('grant-option', 'GRANT … WITH GRANT OPTION'));
    else if (
      rights.some((token) =>
        /^(SUPERUSER|SUPER|RDS_SUPERUSER|DBA|SYSADMIN|ACCOUNTADMIN|PG_WRITE_SERVER_FILES|PG_EXECUTE_SERVER_PROGRAM|CLOUDSQLSUPERUSER)$/i.test(
          token.written,
        ),
      )
    ) {
      signs.push(found('grant-superuser', 'GRANT of a superuser role'));
    }
  }
  if (is(tokens[0], 'ALTER', 'CREATE') && is(tokens[1], 'ROLE', 'USER')) {
    if (tokens.some((token) => is(token, 'SUPERUSER', 'BYPASSRLS', 'CREATEROLE'))) {
      signs.push(found('superuser', `${tokens[0]?.text} ROLE with more than its own rights`));
    }
  }
  if (
    is(tokens[0], 'ALTER') &&
    is(tokens[1], 'SERVER') &&
    tokens.some(({ written }) => /^(sysadmin|securityadmin)$/i.test(written))
  ) {
    signs.push(found('superuser', 'ALTER SERVER ROLE'));
  }
  if (
    is(tokens[0], 'ALTER') &&
    is(tokens[1], 'ROLE') &&
    tokens.some(({ written }) => /^db_owner$/i.test(written)) &&
    find(tokens, 'ADD', 'MEMBER') > 0
  ) {
    signs.push(found('superuser', 'ALTER ROLE db_owner'));
  }
  const security = find(tokens, 'DISABLE', 'ROW', 'LEVEL', 'SECURITY');
  if (security >= 0 || find(tokens, 'NO', 'FORCE', 'ROW') >= 0)
    signs.push(found('row-security-off', 'row level security turned off'));
  return signs;
}
