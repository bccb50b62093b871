import type { ClassifiedLine } from '../../src/core/lineClass.ts';
import type { Random } from './random.ts';

/** Who wrote a word in truth: assistants, a person, a formatter, or somebody who told nobody. */
export type Writer = 'claude' | 'codex' | 'copilot' | 'human' | 'tool' | 'nobody';

const assistants: readonly Writer[] = ['claude', 'codex', 'copilot'];

/** What the program may forget, and why: the documented fallbacks. Anything else that is lost is a finding. */
export const fallbacks = {
  'few-lines-moved': 'fewer than three lines moved to another file, or within one, on disk',
  'changed-and-moved': 'a block that was moved on disk, and changed before anybody looked',
  'moved-long-ago': 'a block that was moved on disk, before many others, and nobody looked where it went',
  'moved-before-report': 'text that was moved or taken out before its assistant reported it',
  'never-looked-at': 'a text that git took away before anybody looked at it',
  'brought-back': 'a text that git or somebody brought back, and that was changed before anybody looked',
  'other-worktree': 'text copied from another worktree, which has a pending state of its own',
  copied: 'text copied, not moved',
  'overlapping-windows': 'two assistants in one file at once, and the first to report says only that it wrote',
  'inside-window': 'text whose origin was forgotten turned up in a file while an assistant was at work in it',
  'resolved-conflict': 'a line of a commit that was rewritten through a conflict, as no commit before had it',
  'another-diff':
    'a line that a rewritten commit adds and the original did not: git sees the move of another line there',
  'note-left-behind':
    'a line of a commit that only a note tells of, and that was rewritten where notes do not come along',
  'line-of-several':
    'a line that several commits changed, where not all of them are in the history: each tells of its part',
  'merged-stash': 'text that git merged out of a stash into another text than the one it was stashed from',
  'came-by-git': 'text that git brought from another worktree or clone, and that a reset made pending',
} as const;
export type Fallback = keyof typeof fallbacks;

/** Stands for whatever worktree a commit was made in. */
export const anywhere = '*';

interface Word {
  readonly writer: Writer;
  readonly number: number;
  /** Assistants whose report covers it, though they did not write it: the contract gives them what else changed. */
  readonly also: Map<Writer, Fallback | 'contract'>;
}

const wordPattern = /\b(?:name|call|value|text|edit)\d+\b/g;

/** The words of a text that occur nowhere else. */
export function wordsOf(text: string): string[] {
  return text.match(wordPattern) ?? [];
}

/** The truth about every word that is ever written: each is unique, so its writer is known wherever it stands. */
export class Truth {
  readonly #words = new Map<string, Word>();
  /** A word that was taken out of a line → who did so. */
  readonly #cutters = new Map<string, Set<Writer>>();
  readonly #forgotten = new Map<string, Fallback>();
  #count = 0;

  /** The number of the last word; words written later have greater ones. */
  get count(): number {
    return this.#count;
  }

  /** A new line without its line break: its own words, among some that stand in every line, as in code. */
  line(writer: Writer): string {
    const number = ++this.#count;
    for (const kind of ['name', 'call', 'value', 'text']) this.#add(`${kind}${number}`, number, writer);
    return `const name${number} = call${number}(value${number}, 'text${number}');`;
  }

  lines(writer: Writer, count: number): string[] {
    return Array.from({ length: count }, () => this.line(writer));
  }

  /** Changes one word of a line, or takes it out; the line as it was where there is none to change. */
  editLine(line: string, writer: Writer, random: Random): string {
    if (random.next() < 0.3) {
      const argument = /, '(text\d+)'/.exec(line);
      if (argument) {
        const cutters = this.#cutters.get(argument[1] as string) ?? new Set();
        this.#cutters.set(argument[1] as string, cutters.add(writer));
        // Of a cut that somebody looks at before it is reported nobody knows whose it is.
        if (assistants.includes(writer)) cutters.add('nobody');
        return line.replace(argument[0], '');
      }
    }
    const words = line.match(/\b(?:value|text|edit)\d+\b/g) ?? [];
    if (words.length === 0) return line;
    const number = ++this.#count;
    this.#add(`edit${number}`, number, writer);
    return line.replace(random.pick(words), `edit${number}`);
  }

  /** From here on these words may be unknown in this worktree, and in commits. */
  forget(tree: string, words: Iterable<string>, rule: Fallback): void {
    for (const word of words) {
      for (const key of [`${tree} ${word}`, `${anywhere} ${word}`]) {
        if (!this.#forgotten.has(key)) this.#forgotten.set(key, rule);
      }
    }
  }

  /** What may be unknown in one worktree may be so in another, where the words went from there. */
  forgetToo(from: string, to: string, words: Iterable<string>): void {
    for (const word of words) {
      const rule = this.#forgotten.get(`${from} ${word}`);
      if (rule) this.forget(to, [word], rule);
    }
  }

  /**
   * An assistant reports a text without saying what of it is its own: what nobody else has claimed since its window opened
   * becomes its own, by the contract.
   */
  vouch(tool: Writer, tree: string, text: string, { before, since, edited, unreported, ofFile }: VouchOptions): void {
    const lines = text.split('\n');
    const all = wordsOf(text);
    const copied = new Set(all.filter((word, i) => all.indexOf(word) !== i));
    const isOld = lines.map((line) => wordsOf(line).some((word) => !before.has(word) && this.#numberOf(word) <= since));
    for (const [i, line] of lines.entries()) {
      for (const word of wordsOf(line)) {
        const known = this.#words.get(word);
        // A line that stood in two places, or was forgotten, may be taken for a new one, wherever it stood before.
        const isOther = copied.has(word) || this.#forgotten.has(`${tree} ${word}`);
        if (!known || known.writer === tool || (before.has(word) && !isOther)) continue;
        if (unreported(word)) known.also.set(tool, 'overlapping-windows');
        else if (known.writer === 'nobody' && known.number > since) known.also.set(tool, 'contract');
        else if (
          this.#forgotten.has(`${tree} ${word}`) ||
          ((ofFile || copied.has(word) || edited(word)) && known.writer === 'nobody')
        )
          known.also.set(tool, 'inside-window');
        else if (isOld[i] && lengthOfRun(isOld, i) < 3) known.also.set(tool, 'few-lines-moved');
      }
    }
  }

  /** Who took something out while the window was open cannot be told, either. */
  vouchCuts(tool: Writer, before: Iterable<string>, after: ReadonlySet<string>): void {
    for (const word of before) {
      const cutters = this.#cutters.get(word);
      if (cutters?.has('nobody') && !after.has(word)) cutters.add(tool);
    }
  }

  #numberOf(word: string): number {
    return this.#words.get(word)?.number ?? 0;
  }

  /** Who wrote the words of a line, for a finding to be read. */
  describe(line: string): string {
    return wordsOf(line)
      .map((word) => `${word} ${this.#words.get(word)?.writer}`)
      .join(', ');
  }

  /** What is wrong with the class that a line is shown with; see `Judgement`. */
  judge(tree: string, line: string, shown: ClassifiedLine, options: JudgeOptions): Judgement {
    const words = [...new Set(wordsOf(line))];
    if (words.length === 0 || shown.class === 'base') return { verdict: 'right' };
    const strict = this.#verdict(tree, line, words, shown, options, true);
    if (strict === 'right') return { verdict: 'right' };
    const verdict = this.#verdict(tree, line, words, shown, options, false);
    return verdict === 'right' ? { verdict: 'fallback', rules: this.#rulesOf(tree, words) } : { verdict };
  }

  #verdict(
    tree: string,
    line: string,
    words: readonly string[],
    shown: ClassifiedLine,
    { inHead, unreported }: JudgeOptions,
    strict: boolean,
  ): 'right' | 'wrong' | 'lost' {
    const possible = (word: string): Writer[] => this.#possible(tree, word, unreported, strict);
    const required = words.filter((word) => !inHead(word)).map(possible);
    const optional = words.filter(inHead).map(possible);
    const cutters = this.#cuttersOf(line, unreported);
    const all = [...required, ...optional, ...cutters.map((cutter) => [cutter])];
    const can = (writers: readonly Writer[], ...wanted: readonly Writer[]): boolean =>
      writers.some((writer) => wanted.includes(writer));
    const known = (writers: readonly Writer[]): boolean => !writers.includes('nobody');
    const onlyAi = (writers: readonly Writer[]): boolean => writers.every((writer) => assistants.includes(writer));
    switch (shown.class) {
      case 'ai': {
        const tool = (shown.author?.origin === 'ai' ? shown.author.tool : '') as Writer;
        if (!required.every((writers) => can(writers, ...assistants))) return 'wrong';
        // Who took something out of a piece of a wrapped line is not known here.
        if (required.length === 0 && !isWhole(line)) return 'right';
        return all.some((writers) => can(writers, tool)) ? 'right' : 'wrong';
      }
      case 'human':
      case 'tool':
        if (!required.every((writers) => can(writers, 'human', 'tool'))) return 'wrong';
        return all.some((writers) => can(writers, shown.class as Writer)) ? 'right' : 'wrong';
      case 'mixed':
        // Of a piece of a wrapped line only the words are known, not whose the characters between them are.
        if (isWhole(line) && !all.some((writers) => can(writers, ...assistants))) return 'wrong';
        return all.every(onlyAi) ? 'lost' : 'right';
      case 'unknown': {
        if (optional.length > 0) return required.length > 0 && all.every(known) ? 'lost' : 'right';
        return required.every(known) || required.some(onlyAi) ? 'lost' : 'right';
      }
      case 'base':
        return 'right';
    }
  }

  /** The writers that a word may be shown with. A word that is not reported yet may be unknown. */
  #possible(tree: string, word: string, unreported: (word: string) => boolean, strict: boolean): Writer[] {
    const known = this.#words.get(word);
    if (!known) throw new Error(`nobody has written ${word}`);
    const also = [...known.also].filter(([, rule]) => !strict || rule === 'contract').map(([writer]) => writer);
    const unknown = unreported(word) || (!strict && this.#forgotten.has(`${tree} ${word}`));
    return [known.writer, ...also, ...(unknown ? (['nobody'] as const) : [])];
  }

  /** Who has ever taken something out of the line; that it came back another way than it went is not known. */
  #cuttersOf(line: string, unreported: (word: string) => boolean): Writer[] {
    const number = /\b(?:name|value)(\d+)\b/.exec(line)?.[1];
    if (number === undefined) return [];
    const cutters = [...(this.#cutters.get(`text${number}`) ?? [])];
    return unreported(`text${number}`) ? [...cutters, 'nobody'] : cutters;
  }

  #rulesOf(tree: string, words: readonly string[]): Fallback[] {
    const rules = words.flatMap((word) => {
      const forgotten = this.#forgotten.get(`${tree} ${word}`);
      const vouched = [...(this.#words.get(word)?.also.values() ?? [])].filter((rule) => rule !== 'contract');
      return [...(forgotten ? [forgotten] : []), ...vouched];
    });
    return [...new Set(rules)];
  }

  #add(word: string, number: number, writer: Writer): void {
    this.#words.set(word, { writer, number, also: new Map() });
  }
}

export interface VouchOptions {
  /** The words that the assistant's snapshot of the file has. */
  readonly before: ReadonlySet<string>;
  /** Number of the last word when the window opened. */
  readonly since: number;
  /** Whether an editor may have put the word in meanwhile, from an unsaved document or by undo. */
  readonly edited: (word: string) => boolean;
  /** Whether another assistant wrote the word and is still to report it. */
  readonly unreported: (word: string) => boolean;
  /** Whether it reports on this file alone: where lines came from another one, that was not looked at. */
  readonly ofFile: boolean;
}

export interface JudgeOptions {
  /** Whether HEAD has the word, so that the class need not count it. */
  readonly inHead: (word: string) => boolean;
  /** Whether an assistant wrote the word and is still to report it. */
  readonly unreported: (word: string) => boolean;
}

/**
 * - `wrong` (I1): shown as `ai T`, though some word is not an assistant's or none is T's; as `human` or `tool`, though some
 *   word is neither a person's nor a tool's, or none is of the one shown; as `mixed`, though no assistant wrote or cut a word.
 * - `lost` (I2): shown as `unknown`, though every word's writer is known or one is an assistant's; as `mixed`, though all
 *   words are assistants' and nobody else took one out.
 * - `fallback`: one of these, but a documented rule allows it.
 *
 * Words that HEAD has need not count, for the class of a pending line is over what HEAD does not have.
 */
export type Judgement =
  | { readonly verdict: 'right' | 'wrong' | 'lost' }
  | { readonly verdict: 'fallback'; readonly rules: readonly Fallback[] };

/** Whether a line is there from its beginning to its end. */
function isWhole(line: string): boolean {
  return /^const name.*;$/.test(line.trim());
}

/** How many in a row around `index` are true; 0 where that one is not. */
function lengthOfRun(list: readonly boolean[], index: number): number {
  let [start, end] = [index, index];
  while (list[start - 1]) start--;
  while (list[end]) end++;
  return end - start;
}
