import type { Entry, Scalar, Tree } from './tree.ts';

interface Open {
  readonly indent: number;
  readonly entries: Entry[];
}

/**
 * The keys and values of a text line by line, nested by their indentation: for settings that have no more structure than
 * that (`.env`, `.properties`, `.ini`), and for YAML that does not parse because a template is still to be filled in.
 */
export function scanLines(text: string): Tree {
  const root: Open = { indent: -1, entries: [] };
  const open: Open[] = [root];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1;
    const match =
      /^(\s*)(?:- )?(?:export\s+|set\s+|add_header\s+)?["']?([\w./-]{1,120})["']?\s*(?:[:=]|\s)\s*(.*)$/.exec(raw);
    if (!match || /^\s*([#;!]|\/\/)/.test(raw)) continue;
    const [, blank = '', key = '', rest = ''] = match;
    while ((open.at(-1) as Open).indent >= blank.length && open.length > 1) open.pop();
    const value = rest
      .replace(/\s+#.*$/, '')
      .replace(/;?\s*(?:always\s*;)?\s*$/, '')
      .replace(/^(["'])(.*)\1$/, '$2');
    const list = /^\[(.*)\]$/.exec(value)?.[1];
    const scalar = (each: string): Scalar => ({ kind: 'scalar', value: plain(each), line, endLine: line });
    const inner: Entry[] = [];
    const tree: Tree =
      value === ''
        ? { kind: 'map', entries: inner, line, endLine: line }
        : list === undefined
          ? scalar(value)
          : {
              kind: 'list',
              items: list.split(',').map((each) => scalar(each.trim().replace(/^(["'])(.*)\1$/, '$2'))),
              line,
              endLine: line,
            };
    (open.at(-1) as Open).entries.push({ key, value: tree, line, endLine: line });
    if (value === '' && open.length < 60) open.push({ indent: blank.length, entries: inner });
  }
  return { kind: 'map', entries: root.entries, line: 1, endLine: 1 };
}

function plain(value: string): string | boolean | number {
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  return /^\d{1,15}$/.test(value) && !/^0\d/.test(value) ? Number(value) : value;
}
