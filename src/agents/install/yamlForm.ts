import { isMap, isScalar, LineCounter, parseAllDocuments, stringify } from 'yaml';
import type { Json } from '../../core/canonicalJson.ts';
import { isObject, pathText, SettingsError, type SettingsForm, type SettingsPath } from './settingsForm.ts';

/** YAML, as far as keys at the top of a file go. */
export const yamlForm: SettingsForm = {
  empty: '',
  parse(text) {
    const value = documentOf(text)?.toJS() as Json | undefined;
    if (value === undefined || value === null) return {};
    if (!isObject(value)) throw new SettingsError('it does not hold keys with values');
    return value;
  },
  apply(text, edit) {
    const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
    switch (edit.edit) {
      case 'set': {
        const line = stringify({ [onlyKey(edit.key)]: edit.value }, { lineWidth: 0 }).replaceAll('\n', eol);
        return text + (text === '' || text.endsWith('\n') ? '' : eol) + line;
      }
      case 'remove': {
        const { start, end } = lineOf(text, onlyKey(edit.path));
        return text.slice(0, start) + text.slice(end);
      }
      case 'append':
      case 'replace':
        throw new SettingsError('lists cannot be edited in YAML');
    }
  },
  // Keys at the top stand in no list.
  isEmpty: () => false,
};

function documentOf(text: string) {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  if ('empty' in documents) return undefined;
  const [document, second] = documents;
  if (second) throw new SettingsError('it holds more than one document');
  const error = document?.errors[0];
  if (error) {
    throw new SettingsError(`it is not valid YAML (${error.message} in line ${lines.linePos(error.pos[0]).line})`);
  }
  return document;
}

function onlyKey(path: SettingsPath): string {
  const [key, ...more] = path;
  if (typeof key === 'string' && more.length === 0) return key;
  throw new SettingsError(`"${pathText(path)}" is no key at the top`);
}

/** The whole line of a key with its value. */
function lineOf(text: string, key: string): { readonly start: number; readonly end: number } {
  const map = documentOf(text)?.contents;
  const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  const [start, end] = [rangeOf(pair?.key)?.[0], rangeOf(pair?.value)?.[1]];
  if (start === undefined || end === undefined) throw new SettingsError(`it has no "${key}"`);
  const next = text.indexOf('\n', end);
  return { start: text.lastIndexOf('\n', start) + 1, end: next < 0 ? text.length : next + 1 };
}

function rangeOf(node: unknown): readonly number[] | undefined {
  return isScalar(node) && node.range ? node.range : undefined;
}
