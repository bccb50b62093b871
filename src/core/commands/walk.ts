import type { Input, Place, SimpleCommand, Surroundings, Word } from './simpleCommand.ts';

/** What a command leaves on its standard output, as far as it is known. */
export type Output = Input;

/** What is known at one place of a script. */
export class Scope {
  place: Place;
  readonly variables: Map<string, Word>;
  /** Absolute paths of what was fetched from an address. */
  readonly fetchedFiles: Set<string>;

  constructor(place: Place, variables: Iterable<[string, Word]> = [], fetchedFiles = new Set<string>()) {
    this.place = place;
    this.variables = new Map(variables);
    this.fetchedFiles = fetchedFiles;
  }

  /** For a subshell: what it sets stays within, the files it fetches do not. */
  inner(): Scope {
    return new Scope(this.place, this.variables, this.fetchedFiles);
  }

  elsewhere(): Scope {
    return new Scope({ folder: undefined, elsewhere: true });
  }
}

/** Reads a script in its language, and gives each simple command in it to the walk. */
export type ScriptReader = (walk: Walk, script: string, scope: Scope, input: Input) => Output;

/** Commands within commands, as in `sudo bash -c "env …"`, and all of them together. */
const maxDepth = 16;
const maxCommands = 2_000;
/** Parts of scripts that are looked at, each as often as a loop comes back to it. */
const maxSteps = 20_000;

/** One way through a command line and all that it runs. */
export class Walk {
  readonly commands: SimpleCommand[] = [];
  /** Something in it could not be read. */
  incomplete = false;
  #depth = 0;
  #steps = 0;

  constructor(
    readonly surroundings: Surroundings,
    private readonly readers: { readonly shell: ScriptReader; readonly powershell: ScriptReader },
  ) {}

  add(command: SimpleCommand): void {
    if (!this.isFull) this.commands.push(command);
  }

  /** Counts one more part of a script. */
  step(): void {
    this.#steps++;
  }

  /** Enough has been looked at: the rest is left. */
  get isFull(): boolean {
    const isFull = this.commands.length >= maxCommands || this.#steps >= maxSteps;
    if (isFull) this.incomplete = true;
    return isFull;
  }

  script(language: 'shell' | 'powershell', text: string, scope: Scope, input: Input): Output {
    return this.within(() => this.readers[language](this, text, scope, input));
  }

  /** Looks into what a command runs, unless it lies too deep. */
  within(look: () => Output): Output {
    if (this.#depth >= maxDepth || this.isFull) {
      this.incomplete = true;
      return {};
    }
    this.#depth++;
    try {
      return look();
    } finally {
      this.#depth--;
    }
  }
}
