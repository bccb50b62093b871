import { type Node, parseTree } from 'jsonc-parser';
import { LineIndex } from './lines.ts';
import { deepest, maxTreeDepth, type Tree, TreeError } from './tree.ts';

/** JSON with comments. @throws TreeError */
export function readJson(text: string, firstLine = 1): Tree {
  if (deepest(text) > maxTreeDepth) throw new TreeError('it is nested too deeply');
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (!root) throw new TreeError('it is no JSON');
  const lines = new LineIndex(text);
  return treeOf(root, (offset) => lines.lineAt(offset) + firstLine - 1);
}

function treeOf(node: Node, lineAt: (offset: number) => number): Tree {
  const place = { line: lineAt(node.offset), endLine: lineAt(node.offset + Math.max(0, node.length - 1)) };
  if (node.type === 'array') {
    return { kind: 'list', items: (node.children ?? []).map((each) => treeOf(each, lineAt)), ...place };
  }
  if (node.type !== 'object') return { kind: 'scalar', value: node.value ?? null, ...place };
  const entries = (node.children ?? []).flatMap(({ offset, children: [key, value] = [] }) => {
    if (!key || !value) return [];
    const tree = treeOf(value, lineAt);
    return [{ key: String(key.value), value: tree, line: lineAt(offset), endLine: tree.endLine }];
  });
  return { kind: 'map', entries, ...place };
}
