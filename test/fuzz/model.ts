import { classifyLines, type LineClass } from '../../src/core/lineClass.ts';
import { linesOf } from '../../src/core/text.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { ai, person } from '../support/authors.ts';
import type { Random } from './random.ts';

/** Who wrote a line in truth: two assistants, a person, or somebody who told nobody. */
type Writer = 'claude' | 'codex' | 'human' | 'nobody';

/** What went wrong, and at which step. */
export interface Finding {
  readonly kind: 'wrong' | 'lost';
  readonly step: number;
  readonly operation: string;
  readonly line: string;
  readonly truth: Writer;
  readonly shown: string;
}

/**
 * One file and the truth about it: every line that is ever written is unique, so its writer is known whatever happens to
 * it. Each operation changes the text as one of the writers would, and reports it as that writer would.
 */
export class Model {
  readonly #ledger: Ledger;
  readonly #random: Random;
  readonly #path: string;
  readonly #writers = new Map<string, Writer>();
  #lines: string[] = [];
  #written = 0;
  /** Texts the file held before: what undo, a stash or a branch switch bring back. */
  #history: string[][] = [];

  constructor(ledger: Ledger, random: Random, path: string) {
    this.#ledger = ledger;
    this.#random = random;
    this.#path = path;
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  /** Does one thing and gives its name. */
  async step(): Promise<string> {
    const operations = {
      assistantReports: () => this.#assistantWrites('difference'),
      assistantSays: () => this.#assistantWrites('written'),
      personTypes: () => this.#personTypes(),
      nobody: () => this.#nobodyWrites(),
      remove: () => this.#remove(),
      move: () => this.#move(),
      indent: () => this.#indent(),
      back: () => this.#back(),
      look: () => this.#look(),
    };
    const name = this.#random.pick(Object.keys(operations) as (keyof typeof operations)[]);
    await operations[name]();
    this.#history.push([...this.#lines]);
    if (this.#history.length > 20) this.#history.shift();
    return name;
  }

  /** What the ledger gets wrong: a line shown as somebody's who did not write it, or as unknown though it was told. */
  async check(step: number, operation: string): Promise<Finding[]> {
    const { text } = this;
    const runs = await this.#ledger.attribute(this.#path, text);
    const { count } = linesOf(text);
    const classes = classifyLines(text, runs, '', count > 0 ? [{ start: 0, count }] : []);
    return classes.flatMap((known, i): Finding[] => {
      const line = this.#lines[i] as string;
      const truth = this.#writers.get(line.trim()) as Writer;
      const tool = known.author?.origin === 'ai' ? known.author.tool : '';
      const shown = `${known.class}${tool && ` ${tool}`}`;
      if (shown === expected(truth)) return [];
      const kind = known.class === 'unknown' ? 'lost' : 'wrong';
      return [{ kind, step, operation, line, truth, shown }];
    });
  }

  #fresh(writer: Writer, count: number): string[] {
    return Array.from({ length: count }, () => {
      const number = ++this.#written;
      // Words that occur in one line only, among some that occur in all, as in code.
      const line = `const name${number} = call${number}(value${number}, 'text${number}');`;
      this.#writers.set(line, writer);
      return line;
    });
  }

  /** Puts new lines in, or in the place of old ones. */
  #write(writer: Writer): void {
    const at = this.#random.below(this.#lines.length + 1);
    const replaced = this.#random.next() < 0.3 ? this.#random.below(3) : 0;
    this.#lines.splice(at, replaced, ...this.#fresh(writer, 1 + this.#random.below(5)));
  }

  async #assistantWrites(says: 'difference' | 'written'): Promise<void> {
    const tool = this.#random.pick(['claude', 'codex'] as const);
    const before = this.text;
    await this.#ledger.observe(this.#path, before, { how: 'seen' });
    this.#write(tool);
    const author = ai(tool, { tool });
    // Somebody may look at the file before the report comes.
    if (this.#random.next() < 0.3) await this.#look();
    if (says === 'difference')
      await this.#ledger.observe(this.#path, this.text, { how: 'changed', since: before, author });
    else await this.#ledger.observe(this.#path, this.text, { how: 'wrote', before, after: this.text, author });
  }

  async #personTypes(): Promise<void> {
    const before = this.text;
    await this.#ledger.observe(this.#path, before, { how: 'seen' });
    this.#write('human');
    await this.#ledger.observe(this.#path, this.text, { how: 'changed', since: before, author: person });
  }

  async #nobodyWrites(): Promise<void> {
    this.#write('nobody');
    await this.#look();
  }

  async #remove(): Promise<void> {
    this.#lines.splice(this.#random.below(this.#lines.length + 1), this.#random.below(6));
    await this.#look();
  }

  /** A block of three lines or more goes to another place. */
  async #move(): Promise<void> {
    const count = 3 + this.#random.below(5);
    if (this.#lines.length < count + 2) return;
    const block = this.#lines.splice(this.#random.below(this.#lines.length - count), count);
    this.#lines.splice(this.#random.below(this.#lines.length + 1), 0, ...block);
    await this.#look();
  }

  /** A formatter's new indentation. */
  async #indent(): Promise<void> {
    const at = this.#random.below(this.#lines.length + 1);
    const count = this.#random.below(8);
    this.#lines = this.#lines.map((line, i) => (i >= at && i < at + count ? `  ${line.trim()}` : line));
    await this.#look();
  }

  async #back(): Promise<void> {
    if (this.#history.length === 0) return;
    this.#lines = [...this.#random.pick(this.#history)];
    await this.#look();
  }

  async #look(): Promise<void> {
    await this.#ledger.observe(this.#path, this.text, { how: 'seen' });
  }
}

function expected(writer: Writer): string {
  const classes: Record<Writer, LineClass | `ai ${string}`> = {
    claude: 'ai claude',
    codex: 'ai codex',
    human: 'human',
    nobody: 'unknown',
  };
  return classes[writer];
}
