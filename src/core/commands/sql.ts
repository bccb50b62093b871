import type { TellingClass } from './classes.ts';

/** What statements in SQL do, in words of our own: `DROP TABLE`. */
export interface SqlAction {
  readonly class: Extract<TellingClass, 'destructive' | 'privilege'>;
  readonly what: string;
}

const actions: readonly (SqlAction & { readonly statement: RegExp; readonly unless?: RegExp })[] = [
  { class: 'destructive', what: 'DROP', statement: /^DROP\b/i },
  { class: 'destructive', what: 'TRUNCATE', statement: /^TRUNCATE\b/i },
  { class: 'destructive', what: 'DELETE without WHERE', statement: /^DELETE\s+FROM\b/i, unless: /\bWHERE\b/i },
  { class: 'destructive', what: 'UPDATE without WHERE', statement: /^UPDATE\b.*\bSET\b/is, unless: /\bWHERE\b/i },
  {
    class: 'destructive',
    what: 'ALTER … DROP',
    statement: /^ALTER\b.*\bDROP\b/is,
    unless: /\bDROP\s+(DEFAULT|NOT)\b/i,
  },
  { class: 'privilege', what: 'GRANT', statement: /^(GRANT|REVOKE)\b/i },
  { class: 'privilege', what: 'ALTER ROLE', statement: /^(ALTER|CREATE)\s+(ROLE|USER)\b/i },
];

/** What the statements do that loses data or changes rights, each once. Texts, names in quotes and comments say nothing. */
export function sqlActions(sql: string): SqlAction[] {
  const found = new Set<(typeof actions)[number]>();
  for (const statement of withoutTexts(sql).split(';')) {
    const body = statement.replace(/^\s*(WITH\b[^;]*?\)\s*(?=DELETE|UPDATE))?/i, '').trim();
    for (const action of actions) {
      if (action.statement.test(body) && !action.unless?.test(body)) found.add(action);
    }
  }
  return [...found];
}

/** Each text in quotes becomes `''`, each comment a blank; a name in double quotes stays a name. */
function withoutTexts(sql: string): string {
  return sql.replace(
    /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/g,
    (text) => (/^["`]/.test(text) ? 'name' : /^(--|\/\*)/.test(text) ? ' ' : "''"),
  );
}
