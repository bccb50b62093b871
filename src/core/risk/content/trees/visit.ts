import type { Fact } from '../fact.ts';
import { type Entry, entry, plainName, type Tree, type TreeMap, textOf } from './tree.ts';

/** What a text is, beyond its format: some keys mean something only there. */
export type DocumentKind = 'terraform' | 'kubernetes' | 'workflow' | 'compose' | 'cloudformation' | 'values';

/** Where a visit is. */
export interface Position {
  readonly document: DocumentKind;
  /** The whole document. */
  readonly root: Tree;
  /** Names from the top: keys, labels of blocks, and of list items their `name` or `id`. */
  readonly path: readonly string[];
  /** The maps from the top down to the one that is visited, without itself. */
  readonly parents: readonly TreeMap[];
}

export interface TreePattern {
  /** Plain names of keys; without any it is asked for each map. */
  readonly keys?: readonly string[];
  readonly documents?: readonly DocumentKind[];
  /** @param found the entry of one of the keys, or where there are none the map as an entry of its own */
  readonly facts: (found: Entry, map: TreeMap, position: Position) => readonly Fact[];
}

/** Looks patterns up by key. */
export class TreePatterns {
  readonly #byKey = new Map<string, TreePattern[]>();
  readonly #ofMaps: readonly TreePattern[];

  constructor(patterns: readonly TreePattern[]) {
    this.#ofMaps = patterns.filter(({ keys }) => keys === undefined);
    for (const pattern of patterns) {
      for (const key of pattern.keys ?? []) {
        const of = this.#byKey.get(key);
        if (of) of.push(pattern);
        else this.#byKey.set(key, [pattern]);
      }
    }
  }

  /** What the patterns say of a document, from the top down. */
  facts(root: Tree, document: DocumentKind): Fact[] {
    const facts: Fact[] = [];
    const visit = (tree: Tree, path: readonly string[], parents: readonly TreeMap[]): void => {
      if (tree.kind === 'scalar') return;
      if (tree.kind === 'list') {
        for (const item of tree.items) visit(item, [...path, ...nameOf(item)], parents);
        return;
      }
      const position = { document, root, path, parents };
      const asEntry = { key: path.at(-1) ?? '', value: tree, line: tree.line, endLine: tree.endLine };
      for (const pattern of this.#ofMaps) {
        if (isFor(pattern, document)) facts.push(...pattern.facts(asEntry, tree, position));
      }
      for (const each of tree.entries) {
        for (const pattern of this.#byKey.get(plainName(each.key)) ?? []) {
          if (isFor(pattern, document)) facts.push(...pattern.facts(each, tree, position));
        }
        visit(each.value, [...path, each.key, ...(each.labels ?? [])], [...parents, tree]);
      }
    };
    visit(root, rootNames(root), []);
    return facts;
  }
}

function isFor({ documents }: TreePattern, document: DocumentKind): boolean {
  return documents === undefined || documents.includes(document);
}

function nameOf(tree: Tree): string[] {
  const name = textOf(entry(tree, 'name', 'id', 'sid')?.value);
  return name === undefined ? [] : [name];
}

/** Of a Kubernetes object its kind and name. */
function rootNames(root: Tree): string[] {
  const kind = textOf(entry(root, 'kind')?.value);
  const name = textOf(entry(entry(root, 'metadata')?.value, 'name')?.value);
  return kind === undefined ? [] : [kind, name ?? ''];
}
