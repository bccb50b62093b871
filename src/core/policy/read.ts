import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import * as v from 'valibot';
import { maxPolicySize } from './commandPolicy.ts';
import type { PolicyLayer } from './layer.ts';
import { nearest } from './nearest.ts';
import { layerOf, PolicySchema } from './schema.ts';

/** What a policy file says, as far as it can be understood, and a line on each thing that is wrong with it. */
export interface ReadLayer {
  /** Empty where the file as a whole does not count. */
  readonly layer: PolicyLayer;
  readonly problems: readonly string[];
}

/** Something that is wrong with a policy file: its place, both from 1, columns in UTF-16 units. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  readonly words: string;
}

/** What a person can read at once; a file can be wrong in thousands of places. */
const maxProblems = 20;
/** Of one of them, in UTF-16 units: a key may be as long as the file. */
const maxWords = 300;
/** Of objects and lists in one another: a policy has three, and the parser calls itself for each. */
const maxDepth = 20;

/**
 * Reads a policy file: JSON, in which comments, trailing commas and a byte order mark may stand. What is wrong is told with
 * its line and column (both from 1, columns in UTF-16 units) and does not count, and the rest holds; of a key that stands
 * twice the last counts, as everywhere in JSON.
 *
 * @param name of the file, to stand before each problem
 */
export function readLayer(text: string, name: string): ReadLayer {
  return readSource(text, new Source(text, name));
}

/** What is wrong with a policy file, for an editor to show where it is; of a file that does not count as a whole just that. */
export function policyProblems(text: string): PolicyProblem[] {
  const source = new Source(text, 'the file');
  readSource(text, source);
  return source.told();
}

function readSource(text: string, source: Source): ReadLayer {
  if (text.length > maxPolicySize) return source.nothing(tooLarge);
  if (isDeep(source.text)) return source.nothing(`objects and lists are nested deeper than ${maxDepth}`);
  const errors: ParseError[] = [];
  const root = parseTree(source.text, errors, { allowTrailingComma: true });
  const version = root && new Kept(new Set()).at(root, ['version']);
  if (errors[0] && (root?.type !== 'object' || version === undefined)) {
    return source.nothing('it is not JSON', errors[0].offset);
  }
  if (root?.type !== 'object') return source.nothing('it must be an object');
  if (version?.value !== 1) return source.nothing('"version" must be 1', version?.offset);
  for (const error of errors) source.note(error.offset, inWords(error));
  noteDoubles(root, source);
  return { layer: prune(root, source), problems: source.problems() };
}

export const tooLarge = `it is too large: more than ${maxPolicySize / 1024} KiB`;

/** A file's text, and what is wrong with it. */
class Source {
  readonly text: string;
  readonly #name: string;
  #found: { offset: number; words: string }[] = [];

  constructor(text: string, name: string) {
    // A byte order mark is blank, and no column.
    this.text = text.startsWith('\uFEFF') ? text.slice(1) : text;
    this.#name = name;
  }

  note(offset: number, words: string): void {
    this.#found.push({ offset, words: words.length > maxWords ? `${words.slice(0, maxWords)} …` : words });
  }

  nothing(problem: string, offset?: number): ReadLayer {
    const { line, column } = this.#place(offset ?? 0);
    const where = offset === undefined ? '' : ` (line ${line}, column ${column})`;
    const words = `${this.#name} does not count: ${problem}`;
    this.#found = [{ offset: offset ?? 0, words }];
    return { layer: {}, problems: [`${words}${where}`] };
  }

  /** The first of what was found, by place. */
  told(): PolicyProblem[] {
    return this.#found
      .sort((a, b) => a.offset - b.offset)
      .slice(0, maxProblems)
      .map(({ offset, words }) => ({ ...this.#place(offset), words }));
  }

  problems(): string[] {
    const told = this.told().map(({ line, column, words }) => `${this.#name}:${line}:${column}: ${words}`);
    const more = this.#found.length - told.length;
    return more > 0 ? [...told, `${this.#name}: ${more} more problems`] : told;
  }

  #place(offset: number): { line: number; column: number } {
    const lines = this.text.slice(0, offset).split(/\r\n|\r|\n/);
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  }
}

function isDeep(text: string): boolean {
  const scanner = createScanner(text, true);
  let depth = 0;
  while (scanner.getPosition() < text.length) {
    scanner.scan();
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth++;
    else if (first === '}' || first === ']') depth--;
    if (depth > maxDepth) return true;
  }
  return false;
}

/** The schema's word on the file, taken again and again without what it objects to, until it has nothing to say. */
function prune(root: Node, source: Source): PolicyLayer {
  const dropped = new Set<Node>();
  dropUnknownKeys(root, PolicySchema, [], (property, words) => {
    dropped.add(property);
    source.note(property.offset, words);
  });
  for (;;) {
    const kept = new Kept(dropped);
    const result = v.safeParse(PolicySchema, kept.value(root));
    if (result.success) return layerOf(result.output);
    const before = dropped.size;
    for (const issue of result.issues) {
      const path = (issue.path ?? []).map(({ key }) => key as string | number);
      const node = kept.at(root, path);
      if (!node || dropped.has(node)) continue;
      dropped.add(node);
      source.note(node.offset, `${path.join('.')} ${issue.message}`);
    }
    // The schema would object to the file as a whole: to an object of this version it does not.
    if (dropped.size === before) return {};
  }
}

/** Tells the properties that the schema does not know, one by one: the schema itself would stop at the first of an object. */
function dropUnknownKeys(
  node: Node | undefined,
  schema: v.GenericSchema,
  path: readonly string[],
  drop: (property: Node, words: string) => void,
): void {
  if (schema.type === 'exact_optional') {
    dropUnknownKeys(node, (schema as v.ExactOptionalSchema<v.GenericSchema, undefined>).wrapped, path, drop);
  } else if (schema.type === 'strict_object' && node?.type === 'object') {
    const { entries } = schema as v.StrictObjectSchema<v.ObjectEntries, undefined>;
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      const name = String(key?.value);
      const known = Object.hasOwn(entries, name) ? entries[name] : undefined;
      if (known) dropUnknownKeys(value, known as v.GenericSchema, [...path, name], drop);
      else drop(property, `${[...path, name].join('.')} ${unknownKey(name, Object.keys(entries))}`);
    }
  }
}

function unknownKey(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const hint = meant === undefined ? `there is ${known.join(', ')}` : `did you mean ${meant}?`;
  return `is no key here, and is passed over: ${hint}`;
}

/** What is left of the file without what was dropped: properties, or values of properties and lists. */
class Kept {
  readonly #dropped: ReadonlySet<Node>;
  readonly #children = new Map<Node, ReadonlyMap<string | number, Node>>();

  constructor(dropped: ReadonlySet<Node>) {
    this.#dropped = new Set(dropped);
  }

  at(root: Node, path: readonly (string | number)[]): Node | undefined {
    return path.reduce<Node | undefined>((node, key) => node && this.#childrenOf(node).get(key), root);
  }

  /** With own properties only, whatever their names are (`__proto__`). */
  value(node: Node): unknown {
    const children = [...this.#childrenOf(node)];
    switch (node.type) {
      case 'object':
        return Object.fromEntries(children.map(([key, child]) => [key, this.value(child)]));
      case 'array':
        return children.map(([, child]) => this.value(child));
      default:
        return node.value;
    }
  }

  /** By key, of one that stands twice the last; by position in a list. */
  #childrenOf(node: Node): ReadonlyMap<string | number, Node> {
    const known = this.#children.get(node);
    if (known) return known;
    const there = (node.children ?? []).filter((child) => !this.#dropped.has(child));
    const whole = new Map<string | number, Node>();
    for (const [i, child] of there.entries()) {
      if (node.type === 'array') {
        whole.set(i, child);
        continue;
      }
      const [key, value] = child.children ?? [];
      if (value && !this.#dropped.has(value)) whole.set(String(key?.value), value);
      else whole.delete(String(key?.value));
    }
    this.#children.set(node, whole);
    return whole;
  }
}

function noteDoubles(node: Node, source: Source): void {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    if (child.type !== 'property') {
      noteDoubles(child, source);
      continue;
    }
    const [key, value] = child.children ?? [];
    if (seen.has(key?.value))
      source.note(child.offset, `${JSON.stringify(key?.value)} stands twice: the last one counts`);
    seen.add(key?.value);
    if (value) noteDoubles(value, source);
  }
}

/** By the parser's names; what has none here is a character or a word that JSON has not. */
const syntaxWords: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a key in double quotes must stand here',
  ValueExpected: 'a value must stand here',
  ColonExpected: 'a colon must stand here',
  CommaExpected: 'a comma must stand here',
  CloseBraceExpected: 'a } must stand here',
  CloseBracketExpected: 'a ] must stand here',
  EndOfFileExpected: 'the file must end here',
};

function inWords({ error }: ParseError): string {
  return syntaxWords[printParseErrorCode(error)] ?? 'this is not JSON';
}
