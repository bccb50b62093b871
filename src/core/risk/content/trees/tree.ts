import { UnreadableError } from '../unreadable.ts';

/** What YAML, JSON, TOML and HCL have in common, with the lines of it all (1-based, inclusive). */
export type Tree = TreeMap | TreeList | Scalar;

interface Lines {
  readonly line: number;
  readonly endLine: number;
}

export interface TreeMap extends Lines {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
}

export interface TreeList extends Lines {
  readonly kind: 'list';
  readonly items: readonly Tree[];
}

export interface Scalar extends Lines {
  readonly kind: 'scalar';
  /** What is written as an expression is its source. */
  readonly value: string | number | boolean | null;
  /** It is computed, not written out. */
  readonly expression?: true;
  /** The line that its text begins on, where that is not the scalar's own: a block scalar, a heredoc. */
  readonly textLine?: number;
}

export interface Entry extends Lines {
  readonly key: string;
  /** Of an HCL block: `resource "aws_s3_bucket" "logs"` has two. */
  readonly labels?: readonly string[];
  readonly value: Tree;
}

/** A text that is no tree of its format, or one too deep or too large. */
export class TreeError extends UnreadableError {}

/** Maps and lists within each other. */
export const maxTreeDepth = 64;

/** How a name is compared: `force_destroy`, `forceDestroy` and `ForceDestroy` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[-_. ]/g, '');
}

export function child(tree: Tree | undefined, ...names: readonly string[]): Tree | undefined {
  return entry(tree, ...names)?.value;
}

/** The first entry of a map with one of these plain names. */
export function entry(tree: Tree | undefined, ...names: readonly string[]): Entry | undefined {
  if (tree?.kind !== 'map') return undefined;
  return tree.entries.find(({ key }) => names.includes(plainName(key)));
}

/** A scalar's value as text; `undefined` for what is none. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && tree.value !== null ? String(tree.value) : undefined;
}

/** The texts of a list's scalars, or of a scalar alone. */
export function textsOf(tree: Tree | undefined): string[] {
  const items = tree?.kind === 'list' ? tree.items : tree ? [tree] : [];
  return items.flatMap((item) => textOf(item) ?? []);
}

export function isTrue(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && (tree.value === true || /^(true|yes|on)$/i.test(String(tree.value)));
}

export function isFalse(tree: Tree | undefined): boolean {
  return tree?.kind === 'scalar' && (tree.value === false || /^(false|no|off)$/i.test(String(tree.value)));
}

/** What is in a list, or the thing itself where there is no list around it. */
export function itemsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.kind === 'list' ? tree.items : tree ? [tree] : [];
}

/** How deep brackets go, wherever they stand: an upper bound, for what recurses. */
export function deepest(text: string): number {
  let [depth, most] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x5b || unit === 0x7b) most = Math.max(most, ++depth);
    else if (unit === 0x5d || unit === 0x7d) depth = Math.max(0, depth - 1);
  }
  return most;
}
