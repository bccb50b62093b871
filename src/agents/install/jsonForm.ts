import { createScanner, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Json } from '../../core/canonicalJson.ts';
import { isObject, pathText, SettingsError, type SettingsForm, type SettingsPath } from './settingsForm.ts';
import { undone as edited, type TextEdit } from './undo.ts';

/** JSON, with comments and trailing commas where the assistant's program takes them. */
export const jsonForm: SettingsForm = {
  empty: '{}\n',
  parse(text) {
    if (text.trim() === '') throw new SettingsError('it is empty');
    const value = getNodeValue(rootOf(text)) as Json;
    if (!isObject(value)) throw new SettingsError('it does not hold a JSON object');
    return value;
  },
  apply(text, edit) {
    const root = rootOf(text);
    switch (edit.edit) {
      case 'append': {
        const list = nodeAt(root, edit.list);
        if (list && list.type !== 'array') throw new SettingsError(`its "${pathText(edit.list)}" is not a list`);
        return edited(
          text,
          list ? insertion(text, list, [], edit.value) : setting(text, root, edit.list, [edit.value]),
        );
      }
      case 'set':
        return edited(text, setting(text, root, edit.key, edit.value));
      case 'replace': {
        const node = existing(root, edit.path);
        const value = written(edit.value, styleOf(text), lineIndent(text, node.offset), isMultiLine(text, node));
        return edited(text, [{ at: node.offset, length: node.length, text: value }]);
      }
      case 'remove':
        return edited(text, removal(text, existing(root, edit.path)));
    }
  },
  isEmpty(text, path) {
    const node = nodeAt(rootOf(text), path);
    return node !== undefined && /^[[{]\s*[\]}]$/.test(text.slice(node.offset, node.offset + node.length));
  },
};

function rootOf(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text.replace(/^\ufeff/, ' '), errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const what = printParseErrorCode(error.error);
    throw new SettingsError(`it is not valid JSON (${what} in line ${lineOf(text, error.offset)})`);
  }
  if (!root) throw new SettingsError('it is empty');
  return root;
}

/** @throws {SettingsError} where a key on the way stands twice: which one counts is the reader's choice */
function nodeAt(root: Node, path: SettingsPath): Node | undefined {
  let node: Node | undefined = root;
  path.forEach((key, depth) => {
    if (!node) return;
    if (typeof key === 'number') {
      node = node.type === 'array' ? node.children?.[key] : undefined;
      return;
    }
    if (node.type !== 'object') throw new SettingsError(`its "${pathText(path.slice(0, depth))}" is not an object`);
    const found = node.children?.filter((property) => property.children?.[0]?.value === key) ?? [];
    if (found.length > 1)
      throw new SettingsError(`it has "${pathText(path.slice(0, depth + 1))}" ${found.length} times`);
    node = found[0]?.children?.[1];
  });
  return node;
}

function existing(root: Node, path: SettingsPath): Node {
  const node = nodeAt(root, path);
  if (!node) throw new SettingsError(`it has no "${pathText(path)}"`);
  return node;
}

/** Sets a key that is not there, with what leads to it. */
function setting(text: string, root: Node, path: readonly string[], value: Json): TextEdit[] {
  for (let depth = path.length - 1; depth >= 0; depth--) {
    const object = nodeAt(root, path.slice(0, depth));
    if (!object) continue;
    if (object.type !== 'object') {
      const where =
        depth === 0 ? 'it does not hold a JSON object' : `its "${pathText(path.slice(0, depth))}" is not an object`;
      throw new SettingsError(where);
    }
    const inner = path.slice(depth + 1).reduceRight<Json>((member, key) => ({ [key]: member }), value);
    return insertion(text, object, path.slice(depth, depth + 1), inner);
  }
  throw new SettingsError('it does not hold a JSON object');
}

/** A new last member of an object or a list, behind the comments of the one before it. */
function insertion(text: string, container: Node, [key]: readonly string[], value: Json): TextEdit[] {
  const style = styleOf(text);
  const close = container.offset + container.length - 1;
  const last = container.children?.at(-1);
  const name = key === undefined ? '' : `${JSON.stringify(key)}: `;
  if (last && !isMultiLine(text, container)) {
    const end = last.offset + last.length;
    const comma = commaBetween(text, end, close);
    const place = comma === undefined ? end : comma + 1;
    return [
      { at: place, length: 0, text: `${comma === undefined ? ',' : ''} ${name}${written(value, style, '', false)}` },
    ];
  }
  const outer = lineIndent(text, container.offset);
  const first = container.children?.[0];
  const indent = first && beginsLine(text, first.offset) ? lineIndent(text, first.offset) : outer + style.unit;
  const tail = close - (/[ \t\r\n]*$/.exec(text.slice(container.offset + 1, close))?.[0].length ?? 0);
  const end = isMultiLine(text, { offset: tail, length: close - tail }) ? '' : style.eol + outer;
  const edits: TextEdit[] = [];
  if (last && commaBetween(text, last.offset + last.length, close) === undefined) {
    edits.push({ at: last.offset + last.length, length: 0, text: ',' });
  }
  const member = `${style.eol}${indent}${name}${written(value, style, indent, true)}${end}`;
  const [comma] = edits;
  if (comma?.at === tail) return [{ at: tail, length: 0, text: `,${member}` }];
  return [...edits, { at: tail, length: 0, text: member }];
}

/** Takes a member out with the comma that it needs no longer; comments stay. */
function removal(text: string, node: Node): TextEdit[] {
  const member = node.parent?.type === 'property' ? node.parent : node;
  const container = member.parent;
  if (!container?.children) throw new SettingsError('it would be empty');
  const end = member.offset + member.length;
  const before = container.children[container.children.indexOf(member) - 1];
  const after = commaBetween(text, end, container.offset + container.length);
  let [from, to] = [member.offset, end];
  if (after !== undefined && text.slice(end, after).trim() === '') to = after + 1;
  // The line that it stood on goes with it; a line break that ends a comment stays.
  const gap = /\s*$/.exec(text.slice(0, from))?.[0] ?? '';
  if (/^[ \t]*(\r?\n|$)/.test(text.slice(to)) || !gap.includes('\n')) from -= gap.length;
  else to += /^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0;
  const edits: TextEdit[] = [{ at: from, length: to - from, text: '' }];
  if (after !== undefined && after >= to) edits.push({ at: after, length: 1, text: '' });
  const comma =
    after === undefined && before ? commaBetween(text, before.offset + before.length, member.offset) : undefined;
  if (comma !== undefined) {
    if (comma + 1 === from) return [{ at: comma, length: to - comma, text: '' }];
    edits.unshift({ at: comma, length: 1, text: '' });
  }
  return edits;
}

/** Where the comma between two members is, comments aside. */
function commaBetween(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const at = scanner.getTokenOffset();
  return at < to && text[at] === ',' ? at : undefined;
}

interface Style {
  readonly unit: string;
  readonly eol: string;
}

function styleOf(text: string): Style {
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  return { unit: /^([ \t]+)["{[]/m.exec(text)?.[1] ?? '  ', eol };
}

/** @param indent of the line that the value begins on */
function written(value: Json, { unit, eol }: Style, indent: string, multiLine: boolean): string {
  if (!multiLine) return JSON.stringify(value);
  return JSON.stringify(value, null, unit.slice(0, 10)).replaceAll('\n', eol + indent);
}

function isMultiLine(text: string, { offset, length }: Pick<Node, 'offset' | 'length'>): boolean {
  return text.slice(offset, offset + length).includes('\n');
}

function lineIndent(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^\ufeff?([ \t]*)/.exec(text.slice(start, offset))?.[1] ?? '';
}

function beginsLine(text: string, offset: number): boolean {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset).trim() === '';
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
