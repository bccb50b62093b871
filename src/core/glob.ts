/**
 * Globs over paths relative to the top of the repository, with `/`:
 *
 * | Glob | Matches |
 * |---|---|
 * | `*` | any characters but `/`, or none |
 * | `?` | one character but `/` |
 * | `**` as a whole segment | any number of folders, or none; at the end: all that is under the folder |
 * | `[a-z]`, `[!a-z]` | one character but `/`, of these or not of these |
 * | `{a,b}` | either; may be nested |
 * | `\` before a character | that character |
 *
 * As in `.gitignore`, a glob with no `/` matches at any depth, one that ends with `/` all that is under the folders of that
 * name, and one that begins with `/` only from the top; any other with a `/` is meant from the top as well.
 *
 * No regular expression is made of a glob: an automaton is walked, so that a path takes at most as many steps as its length
 * times that of the globs, however they are written.
 */

/** In UTF-16 units. */
export const maxGlobLength = 256;
/** All globs of a set together, in UTF-16 units. */
export const maxGlobsLength = 16 * 1024;
const maxNesting = 4;
const defaultMaxSteps = 20_000_000;
/** States of the automaton that are kept, so that the next path need not find them again. */
const maxKeptStates = 2_000;

export interface GlobOptions {
  /** Letters match in either case. */
  readonly ignoreCase?: boolean;
  /** Steps of the automaton that the set may take, over all paths; what is asked after that is not looked at. */
  readonly maxSteps?: number;
}

/** What is wrong with a glob, to follow its name; `undefined` where nothing is. */
export function globProblem(glob: string): string | undefined {
  const parsed = parse(glob);
  return typeof parsed === 'string' ? parsed : undefined;
}

/** Globs that are asked for many paths. */
export class Globs {
  readonly #automaton = new Automaton();
  readonly #start: Step;
  readonly #ignoreCase: boolean;
  readonly #maxSteps: number;
  #kept = new Map<string, Step>();
  #steps = 0;

  /** @throws RangeError where `globProblem` has something to say, or the globs are longer than `maxGlobsLength` */
  constructor(globs: readonly string[], { ignoreCase = false, maxSteps = defaultMaxSteps }: GlobOptions = {}) {
    if (globs.reduce((sum, glob) => sum + glob.length, 0) > maxGlobsLength) {
      throw new RangeError(`globs are longer than ${maxGlobsLength} characters together`);
    }
    this.#ignoreCase = ignoreCase;
    this.#maxSteps = maxSteps;
    const starts = globs.map((glob, index) => {
      const parsed = parse(ignoreCase ? glob.toLowerCase() : glob);
      if (typeof parsed === 'string') throw new RangeError(`${glob}: ${parsed}`);
      return this.#automaton.add(parsed, this.#automaton.state({ kind: 'end', index }));
    });
    this.#start = this.#step(starts);
  }

  /** Steps taken so far: what bounds and tests count. */
  get steps(): number {
    return this.#steps;
  }

  /** So much was asked of globs so costly that paths are no longer looked at: nothing matches any more. */
  get exhausted(): boolean {
    return this.#steps >= this.#maxSteps;
  }

  /** Indexes of the globs that match, ascending. */
  matching(path: string): readonly number[] {
    const text = this.#ignoreCase ? path.toLowerCase() : path;
    let step = this.#start;
    for (let at = 0; at < text.length; at++) {
      if (step.states.length === 0 || this.exhausted) return [];
      const unit = text.charCodeAt(at);
      this.#steps++;
      let next = step.next.get(unit);
      if (!next) {
        next = this.#step(this.#automaton.after(step.states, unit));
        step.next.set(unit, next);
      }
      step = next;
    }
    return step.matched;
  }

  matches(path: string): boolean {
    return this.matching(path).length > 0;
  }

  #step(reached: readonly number[]): Step {
    const states = this.#automaton.closure(reached);
    this.#steps += states.length;
    const key = states.join(' ');
    const known = this.#kept.get(key);
    if (known) return known;
    const step: Step = { states, matched: this.#automaton.ends(states), next: new Map() };
    if (this.#kept.size >= maxKeptStates) {
      // Lets go of all that was kept: steps that are still in use would hold on to the others.
      this.#kept = new Map();
      this.#start?.next.clear();
    }
    this.#kept.set(key, step);
    return step;
  }
}

/** Where the automaton is after some characters: all states at once. */
interface Step {
  readonly states: readonly number[];
  readonly matched: readonly number[];
  readonly next: Map<number, Step>;
}

type Node =
  | { readonly kind: 'unit'; readonly unit: number }
  | { readonly kind: 'class'; readonly not: boolean; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: 'one' | 'run' | 'folders' | 'rest' }
  | { readonly kind: 'either'; readonly sequences: readonly (readonly Node[])[] };

type State =
  | { readonly kind: 'unit'; readonly unit: number; readonly next: number }
  | {
      readonly kind: 'class';
      readonly not: boolean;
      readonly ranges: readonly (readonly [number, number])[];
      readonly next: number;
    }
  | { readonly kind: 'one' | 'any'; readonly next: number }
  | { readonly kind: 'split'; readonly next: readonly number[] }
  | { readonly kind: 'end'; readonly index: number };

const slash = 0x2f;

class Automaton {
  readonly #states: State[] = [];

  state(state: State): number {
    return this.#states.push(state) - 1;
  }

  /** Puts a sequence before a state. */
  add(nodes: readonly Node[], next: number): number {
    return nodes.reduceRight((after, node) => this.#addNode(node, after), next);
  }

  #addNode(node: Node, next: number): number {
    switch (node.kind) {
      case 'unit':
      case 'class':
        return this.state({ ...node, next });
      case 'one':
        return this.state({ kind: 'one', next });
      case 'run':
        return this.#loop((again) => this.state({ kind: 'one', next: again }), next);
      case 'folders':
        return this.#loop((again) => {
          const end = this.state({ kind: 'unit', unit: slash, next: again });
          return this.state({
            kind: 'one',
            next: this.#loop((more) => this.state({ kind: 'one', next: more }), end),
          });
        }, next);
      case 'rest':
        return this.state({
          kind: 'any',
          next: this.#loop((again) => this.state({ kind: 'any', next: again }), next),
        });
      case 'either':
        return this.state({ kind: 'split', next: node.sequences.map((sequence) => this.add(sequence, next)) });
    }
  }

  /** Any number of times what `body` puts before a state, and then `next`. */
  #loop(body: (again: number) => number, next: number): number {
    const targets: number[] = [next];
    const loop = this.state({ kind: 'split', next: targets });
    targets.push(body(loop));
    return loop;
  }

  /** The states that one character leads to, from any of these. */
  after(states: readonly number[], unit: number): number[] {
    const reached: number[] = [];
    for (const index of states) {
      const state = this.#states[index];
      if (state && state.kind !== 'split' && state.kind !== 'end' && takes(state, unit)) reached.push(state.next);
    }
    return reached;
  }

  /** Those states with all that are reached from them without a character; ascending. */
  closure(states: readonly number[]): readonly number[] {
    const seen = new Set<number>();
    const waiting = [...states];
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      if (seen.has(index)) continue;
      seen.add(index);
      const state = this.#states[index];
      if (state?.kind === 'split') waiting.push(...state.next);
    }
    return [...seen].filter((index) => this.#states[index]?.kind !== 'split').sort((a, b) => a - b);
  }

  ends(states: readonly number[]): number[] {
    return states.flatMap((index) => {
      const state = this.#states[index];
      return state?.kind === 'end' ? [state.index] : [];
    });
  }
}

function takes(state: Exclude<State, { kind: 'split' | 'end' }>, unit: number): boolean {
  switch (state.kind) {
    case 'unit':
      return state.unit === unit;
    case 'class':
      return unit !== slash && state.ranges.some(([first, last]) => unit >= first && unit <= last) !== state.not;
    case 'one':
      return unit !== slash;
    case 'any':
      return true;
  }
}

function parse(glob: string): readonly Node[] | string {
  if (glob === '' || glob === '/') return 'it is empty';
  if (glob.length > maxGlobLength) return `it is longer than ${maxGlobLength} characters`;
  if (glob.startsWith('!')) return 'a glob cannot exclude: escape the ! with \\ where a name begins with it';
  const atAnyDepth = !glob.slice(0, -1).includes('/');
  const body = glob.startsWith('/') ? glob.slice(1) : glob;
  const parser = new Parser(body.endsWith('/') ? `${body}**` : body);
  const nodes = parser.sequence(0);
  if (parser.problem !== undefined) return parser.problem;
  return atAnyDepth ? [{ kind: 'folders' }, ...nodes] : nodes;
}

class Parser {
  problem: string | undefined;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Up to the end, or within braces up to a comma or the brace that closes them. */
  sequence(depth: number): Node[] {
    const nodes: Node[] = [];
    while (this.problem === undefined && this.#at < this.#text.length) {
      const character = this.#text[this.#at] as string;
      if (depth > 0 && (character === ',' || character === '}')) break;
      if (character === '*') nodes.push(...this.#stars());
      else if (character === '?') nodes.push(this.#take({ kind: 'one' }));
      else if (character === '[') nodes.push(this.#class());
      else if (character === '{') nodes.push(this.#either(depth + 1));
      else nodes.push(this.#unit());
    }
    return nodes;
  }

  #take(node: Node): Node {
    this.#at++;
    return node;
  }

  #unit(): Node {
    if (this.#text[this.#at] === '\\') {
      this.#at++;
      if (this.#at >= this.#text.length) this.problem = 'it ends with \\';
    }
    return this.#take({ kind: 'unit', unit: this.#text.charCodeAt(this.#at) });
  }

  #stars(): Node[] {
    const start = this.#at;
    while (this.#text[this.#at] === '*') this.#at++;
    const isSegment = this.#at - start === 2 && isBoundary(this.#text[start - 1]) && isBoundary(this.#text[this.#at]);
    if (!isSegment) return [{ kind: 'run' }];
    if (this.#text[this.#at] !== '/') return [{ kind: 'rest' }];
    this.#at++;
    return [{ kind: 'folders' }];
  }

  #class(): Node {
    const start = this.#at++;
    const not = this.#text[this.#at] === '!' || this.#text[this.#at] === '^';
    if (not) this.#at++;
    const ranges: [number, number][] = [];
    const first = this.#at;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || character === '/') {
        this.problem = `the [ at character ${start + 1} is not closed`;
        return { kind: 'one' };
      }
      if (character === ']' && this.#at > first) break;
      const from = this.#classUnit();
      const isRange = this.#text[this.#at] === '-' && !/^[\]/]?$/.test(this.#text[this.#at + 1] ?? '');
      if (isRange) this.#at++;
      ranges.push([from, isRange ? this.#classUnit() : from]);
    }
    return this.#take({ kind: 'class', not, ranges });
  }

  #classUnit(): number {
    if (this.#text[this.#at] === '\\' && this.#at + 1 < this.#text.length) this.#at++;
    return this.#text.charCodeAt(this.#at++);
  }

  #either(depth: number): Node {
    const start = this.#at;
    const sequences: Node[][] = [];
    if (depth > maxNesting) this.problem = `its braces are nested deeper than ${maxNesting}`;
    do {
      this.#at++;
      sequences.push(this.sequence(depth));
    } while (this.problem === undefined && this.#text[this.#at] === ',');
    if (this.#text[this.#at] !== '}') this.problem ??= `the { at character ${start + 1} is not closed`;
    return this.#take({ kind: 'either', sequences });
  }
}

function isBoundary(character: string | undefined): boolean {
  return character === undefined || '/{,}'.includes(character);
}
