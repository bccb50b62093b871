import { Arguments } from './arguments.ts';
import type { TellingClass } from './classes.ts';
import { type SimpleCommand, type Surroundings, unknownText } from './simpleCommand.ts';

/**
 * Rules of one class, for one reason. Each call is a pattern, with more conditions where it needs any.
 *
 * A pattern is a program and, in this order of meaning: words that its operands begin with (`*` within a word, `**` for any
 * number of them), options of which it must have one (`-f|--force`), and options it must not have (`!--check`).
 * Alternatives stand between bars. What a pattern says is what is told of a command, never the command's own words.
 */
export interface Rules<Class extends string = TellingClass> {
  readonly class: Class;
  /** Ends the sentence "This command …". */
  readonly because: string;
  readonly calls: readonly (string | Call)[];
  /** Only where the command names no target, or one that others use: not local, dev, test or staging. */
  readonly spares?: 'own environments';
}

export interface Call {
  readonly match: string;
  readonly when?: (use: Use) => boolean;
  /** Instead of what the pattern says. */
  readonly says?: string;
}

/** One use of a program. */
export interface Use {
  readonly command: SimpleCommand;
  readonly arguments: Arguments;
  readonly surroundings: Surroundings;
}

/** What a rule says of a command. */
export interface Finding<Class extends string = TellingClass> {
  readonly class: Class;
  /** The program and what it is told to do, in the rule's own words: `terraform destroy`. */
  readonly what: string;
  readonly because: string;
}

interface Given<Class extends string> {
  readonly rules: Rules<Class>;
  readonly call: Call;
}

interface Compiled<Class extends string> {
  readonly rules: Rules<Class>;
  readonly call: Call;
  readonly operands: readonly (readonly Alternative[])[];
  readonly required: readonly (readonly string[])[];
  readonly excluded: readonly string[];
}

interface Alternative {
  readonly text: string;
  readonly pattern: RegExp | undefined;
}

/** Rules by the program they are about. A hook uses few of them: each is compiled when it is first asked. */
export class RuleTable<Class extends string = TellingClass> {
  readonly #given = new Map<string, Given<Class>[]>();
  readonly #compiled = new Map<string, readonly Compiled<Class>[]>();

  constructor(families: readonly (readonly Rules<Class>[])[]) {
    for (const rules of families.flat()) {
      for (const given of rules.calls) {
        const call = typeof given === 'string' ? { match: given } : given;
        for (const program of programsOf(call)) {
          const of = this.#given.get(program);
          if (of) of.push({ rules, call });
          else this.#given.set(program, [{ rules, call }]);
        }
      }
    }
  }

  #rulesOf(program: string): readonly Compiled<Class>[] {
    const known = this.#compiled.get(program);
    if (known) return known;
    const given = this.#given.get(program);
    if (!given) return [];
    const compiled = given.map(compile);
    this.#compiled.set(program, compiled);
    return compiled;
  }

  /** What the rules say of a command, each thing once. */
  findings(command: SimpleCommand, surroundings: Surroundings): Finding<Class>[] {
    const candidates = [...this.#rulesOf(command.program), ...this.#rulesOf('*')];
    if (candidates.length === 0) return [];
    const use: Use = { command, arguments: new Arguments(command.program, command.words), surroundings };
    if (isHarmless(use)) return [];
    return candidates.flatMap((rule) => {
      const what = match(rule, use);
      return what === undefined ? [] : [{ class: rule.rules.class, what, because: rule.rules.because }];
    });
  }
}

function programsOf({ match }: Call): string[] {
  const end = match.indexOf(' ');
  return (end < 0 ? match : match.slice(0, end)).split('|');
}

function compile<Class extends string>({ rules, call }: Given<Class>): Compiled<Class> {
  const parts = call.match.split(' ').slice(1);
  return {
    rules,
    call,
    operands: parts.filter((part) => !/^[-!]/.test(part)).map((part) => part.split('|').map(alternative)),
    required: parts.filter((part) => part.startsWith('-')).map((part) => part.split('|')),
    excluded: parts.filter((part) => part.startsWith('!')).flatMap((part) => part.slice(1).split('|')),
  };
}

function match(rule: Compiled<string>, use: Use): string | undefined {
  const options = use.arguments;
  const words = matchOperands(
    rule.operands,
    options.operands.map(({ text }) => text),
  );
  if (!words || rule.excluded.some((name) => options.has(name))) return undefined;
  const given: string[] = [];
  for (const names of rule.required) {
    const name = names.find((each) => options.has(each));
    if (name === undefined) return undefined;
    given.push(name);
  }
  if (rule.call.when && !rule.call.when(use)) return undefined;
  if (rule.rules.spares && namesOwnEnvironment(use)) return undefined;
  return rule.call.says ?? [use.command.program, ...words, ...given].join(' ');
}

/** The alternatives that the operands begin with, but for those that say nothing; undefined where they do not fit. */
function matchOperands(pattern: Compiled<string>['operands'], operands: readonly string[]): string[] | undefined {
  const [first, ...rest] = pattern;
  if (!first) return [];
  if (first[0]?.text === '**') {
    for (let skipped = 0; skipped <= operands.length; skipped++) {
      const found = matchOperands(rest, operands.slice(skipped));
      if (found) return found;
    }
    return undefined;
  }
  const operand = operands[0];
  if (operand === undefined) return undefined;
  const found = first.find(({ text, pattern }) => (pattern ? pattern.test(operand) : text === operand));
  const others = found && matchOperands(rest, operands.slice(1));
  return others && (found.text === '*' ? others : [found.text, ...others]);
}

function alternative(text: string): Alternative {
  if (!text.includes('*')) return { text, pattern: undefined };
  const source = text.replace(/[.+?^${}()[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return { text, pattern: new RegExp(`^${source}$`, 's') };
}

/** Asked for help, or only to say what it would do. */
function isHarmless({ arguments: options, command }: Use): boolean {
  if (options.has('--help') || options.has('--version') || options.has('--dryrun') || options.has('-whatif'))
    return true;
  if (options.operands[0]?.text === 'help') return true;
  return command.words.some(({ text }) => /^--dry-run(=(?!none|false)|$)/.test(text));
}

const ownEnvironment =
  /^(.+[-_])?(dev|develop|development|local|localhost|test|testing|stag(e|ing)|sandbox|preview|qa|minikube|docker-desktop)$|^(kind|k3d)-/i;

function namesOwnEnvironment({ arguments: options, command }: Use): boolean {
  if (command.stage !== undefined && isOwnEnvironment(command.stage)) return true;
  return [...options.operands, ...options.values].some(({ text }) => isOwnEnvironment(text));
}

/** Whether a name, or a part of a path or an address, is one of an environment that nobody else depends on. */
export function isOwnEnvironment(text: string): boolean {
  return !text.startsWith(unknownText) && text.split(/[/:=.@]/).some((name) => ownEnvironment.test(name));
}
