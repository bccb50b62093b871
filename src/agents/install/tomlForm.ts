import { parse, stringify, TomlDate, TomlError } from 'smol-toml';
import type { Json } from '../../core/canonicalJson.ts';
import {
  isObject,
  pathText,
  SettingsError,
  type SettingsForm,
  type SettingsObject,
  type SettingsPath,
} from './settingsForm.ts';

/** TOML, as far as lists of tables go: `[[hooks.PreToolUse]]` and what is below it. */
export const tomlForm: SettingsForm = {
  empty: '',
  parse(text) {
    return plainTable(parseToml(text));
  },
  apply(text, edit) {
    const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
    switch (edit.edit) {
      case 'append': {
        const gap = text === '' || /(^|\n)\r?\n$/.test(text) ? '' : text.endsWith('\n') ? eol : eol + eol;
        return text + gap + tables(edit.list, edit.value, eol);
      }
      case 'replace': {
        const { start, end } = tableAt(text, edit.path);
        return text.slice(0, start) + tables(namesOf(edit.path), edit.value, eol) + text.slice(end);
      }
      case 'remove': {
        const { start, end } = tableAt(text, edit.path);
        const [above, below] = [text.slice(0, start), text.slice(end)];
        // The empty line above goes with it.
        return (/^\s*?(\n|$)/.test(below) ? above.replace(/(^|\n)\r?\n$/, '$1') : above) + below;
      }
      case 'set':
        throw new SettingsError(`"${pathText(edit.key)}" cannot be set in TOML`);
    }
  },
  // A list goes with its last table.
  isEmpty: () => false,
};

function parseToml(text: string): object {
  try {
    return parse(text.replace(/^\ufeff/, ''), { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new SettingsError(`it is not valid TOML (${reason} in line ${error.line})`);
  }
}

/** What JSON has no kind for becomes a text: it is only compared. */
function plain(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof TomlDate) return value.toISOString();
  if (typeof value === 'object' && value !== null) return plainTable(value);
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'boolean' ? value : String(value);
}

function plainTable(table: object): SettingsObject {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, plain(value)]));
}

function tables(list: readonly string[], value: Json, eol: string): string {
  const root = list.reduceRight<Json>((member, key) => ({ [key]: member }), [value]);
  return stringify(root).trimEnd().replace(/\r?\n/g, eol) + eol;
}

function namesOf(path: SettingsPath): string[] {
  return path.filter((key) => typeof key === 'string');
}

/**
 * Where one table of a list stands, with the tables below it: whole lines. Comments and empty lines behind it are not its.
 *
 * @throws {SettingsError} where the list is not written as `[[tables]]`
 */
function tableAt(text: string, path: SettingsPath): { readonly start: number; readonly end: number } {
  let statements = statementsOf(text);
  path.forEach((index, depth) => {
    if (typeof index !== 'number') return;
    const name = namesOf(path.slice(0, depth));
    const heads = statements.flatMap(({ header }, i) => (header && isSame(header, name) ? [i] : []));
    const from = heads[index];
    if (from === undefined) throw new SettingsError(`its ${name.join('.')} is not written as [[${name.join('.')}]]`);
    const next = statements.findIndex(({ header }, i) => i > from && header && !isBelow(header, name));
    statements = statements.slice(from, next < 0 ? undefined : next);
  });
  return { start: statements[0]?.start ?? 0, end: statements.at(-1)?.end ?? 0 };
}

interface Header {
  readonly key: readonly string[];
  readonly isList: boolean;
}

/** A header, or a key with its value: whole lines. */
interface Statement {
  readonly start: number;
  readonly end: number;
  readonly header?: Header;
}

function isSame({ key, isList }: Header, name: readonly string[]): boolean {
  return isList && key.length === name.length && name.every((part, i) => key[i] === part);
}

function isBelow({ key }: Header, name: readonly string[]): boolean {
  return key.length > name.length && name.every((part, i) => key[i] === part);
}

/** The statements of a valid text, in order. */
function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    const line = /[^\n]*\n?/y;
    line.lastIndex = at;
    const [whole = ''] = line.exec(text) ?? [];
    if (/^\s*(#|$)/.test(whole)) {
      at += whole.length;
    } else if (/^\s*\[/.test(whole)) {
      statements.push({ start: at, end: at + whole.length, header: headerOf(whole) });
      at += whole.length;
    } else {
      const end = valueEnd(text, at);
      statements.push({ start: at, end });
      at = end;
    }
  }
  return statements;
}

/** A header alone is a document, too. */
function headerOf(line: string): Header {
  const key: string[] = [];
  let value: Json | undefined = plainTable(parseToml(line));
  while (isObject(value)) {
    const name: string | undefined = Object.keys(value)[0];
    if (name === undefined) return { key, isList: false };
    key.push(name);
    value = value[name];
  }
  return { key, isList: true };
}

const token =
  /"""(?:\\[\s\S]|[^\\])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|[[\]{}]|\n|[^"'#[\]{}\n]+/y;

/** Where a key's value ends, behind its line break: the first that no bracket and no string holds. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  token.lastIndex = start;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const [part] = found;
    if (part === '[' || part === '{') depth++;
    if (part === ']' || part === '}') depth--;
    if (part === '\n' && depth === 0) return token.lastIndex;
  }
  return text.length;
}
