import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { UnreadableError } from '../unreadable.ts';
import { deepest, maxTreeDepth, type Tree, TreeError } from './tree.ts';

/** Stands for a piece that a template would fill in. */
const filledIn = 'TEMPLATE';

/**
 * The documents of a YAML text. Of a template (Helm, Jinja) the lines that only steer it are left out, and what it would
 * fill in is taken for a word. Aliases are not followed: what they stand for is read where it is.
 *
 * @throws TreeError
 * @throws UnreadableError for what its parser fails on
 */
export function readYaml(text: string): Tree[] {
  // Its parser takes very long over brackets within brackets; in prose they may be left open.
  if (deepest(text) > 4 * maxTreeDepth) throw new TreeError('it is nested too deeply');
  const lineCounter = new LineCounter();
  const documents = parsedDocuments(withoutTemplate(text), lineCounter);
  if (documents.some(({ errors }) => errors.length > 0)) throw new TreeError('it is no YAML');
  const lineAt = (offset: number): number => lineCounter.linePos(offset).line;
  return documents.flatMap(({ contents }) => (contents ? [treeOf(contents as Node, text, lineAt, 0)] : []));
}

function parsedDocuments(text: string, lineCounter: LineCounter): readonly Document[] {
  try {
    const parsed = parseAllDocuments(text, { lineCounter, uniqueKeys: false, logLevel: 'silent' });
    return Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    // What is nested deeper than the stack: the parser recurses.
    if (error instanceof RangeError) throw new TreeError('it is nested too deeply');
    throw new UnreadableError(error instanceof Error ? error.message : 'unknown error', { cause: error });
  }
}

function treeOf(node: Node | null, text: string, lineAt: (offset: number) => number, depth: number): Tree {
  if (depth > maxTreeDepth) throw new TreeError('it is nested too deeply');
  const [start, end] = node?.range ?? [0, 0];
  const line = lineAt(start);
  const place = { line, endLine: Math.max(line, lineAt(Math.max(start, end - 1))) };
  if (isMap(node)) {
    const entries = node.items.map((pair) => {
      const key = pair.key as Node | null;
      const value = treeOf((pair.value as Node | null) ?? null, text, lineAt, depth + 1);
      const keyLine = lineAt(key?.range?.[0] ?? start);
      const name = isScalar(key) ? String(key.value) : '';
      // A value that is not there has no place of its own.
      const placed = pair.value ? value : { ...value, line: keyLine, endLine: keyLine };
      return { key: name, value: placed, line: keyLine, endLine: Math.max(keyLine, placed.endLine) };
    });
    return { kind: 'map', entries, ...place };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => treeOf(item as Node | null, text, lineAt, depth + 1));
    return { kind: 'list', items, ...place };
  }
  if (!isScalar(node)) return { kind: 'scalar', value: null, ...place };
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  // An octal number is written for what it looks like: a mode of files.
  const value = typeof node.value === 'number' && node.source ? numberOrSource(node.value, node.source) : node.value;
  return {
    kind: 'scalar',
    value: isPlain(value) ? value : String(value),
    ...place,
    ...(isBlock && { textLine: line + 1 }),
  };
}

function numberOrSource(value: number, source: string): number | string {
  return /^0o?[0-7]/.test(source) ? source : value;
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Each line stays a line. */
function withoutTemplate(text: string): string {
  if (!/(?<!\$)\{\{|\{%/.test(text)) return text;
  return text
    .split('\n')
    .map((line) => {
      if (
        /^\s*(-?\s*)?(\{\{-?\s*(if|else|end|range|with|define|include|template|toYaml|\/\*|\$\w+\s*:=)|\{%)/.test(line)
      )
        return '';
      return line.replace(/(?<!\$)\{\{[^{}]*\}\}|\{%[^{}%]*%\}/g, filledIn);
    })
    .join('\n');
}
