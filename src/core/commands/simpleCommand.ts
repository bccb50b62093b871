/** Stands for a piece of a word that is not known before the command runs: no shell word can hold it. */
export const unknownText = '\0';

/** A word as the shell would hand it on: quotes are gone, and what is known of variables and substitutions is put in. */
export interface Word {
  /** With `unknownText` for each piece that is not known. */
  readonly text: string;
  /** Names of the variables in it. */
  readonly variables: readonly string[];
  /** It holds, or names, what was just fetched from an address. */
  readonly fetched: boolean;
}

export function literal(text: string): Word {
  return { text, variables: [], fetched: false };
}

/** What a command finds on its standard input, as far as it is known. */
export interface Input {
  readonly text?: string;
  readonly fetched?: boolean;
  /** The paths that it lists. */
  readonly paths?: readonly string[];
}

export interface Redirection {
  readonly operator: '<' | '>' | '>>';
  readonly target: Word;
}

/** One program with its arguments, freed from pipes, lists, quotes and wrappers such as `sudo`. */
export interface SimpleCommand {
  /** Its name without folder, `.exe` and version. */
  readonly program: string;
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
  readonly input: Input;
  readonly place: Place;
  /** What a variable such as `RAILS_ENV` says of whom it is for. */
  readonly stage: string | undefined;
  /** It runs code that was just fetched from an address. */
  readonly runsFetched: boolean;
}

/** Where a command runs. */
export interface Place {
  /** Absolute; undefined where it is not known. */
  readonly folder: string | undefined;
  /** On another machine or in a container: nothing there is the repository's. */
  readonly elsewhere: boolean;
}

/** What is known of the machine, to tell the repository's files from others. All absolute. */
export interface Surroundings {
  readonly folder: string;
  /** The top of the repository's work tree; without one the folder itself takes its place. */
  readonly top?: string;
  readonly home?: string;
  /** Folders for temporary files. */
  readonly temporary: readonly string[];
}
