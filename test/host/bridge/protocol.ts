import type { HostName } from '../../../scripts/vscode-host/versions.ts';
import type { Counts } from '../../support/counts.ts';

/**
 * What the suites, which run inside the extension host, can ask of the page that shows the workbench. Selectors are
 * Playwright's; each command waits until it can be done and rejects when that takes too long.
 */
export interface Page {
  /** Types with real key events, wherever the focus is. */
  type(text: string): Promise<void>;
  /** Presses one key or a combination such as `Control+Shift+P`. */
  press(key: string): Promise<void>;
  click(selector: string): Promise<void>;
  hover(selector: string): Promise<void>;
  /** Moves the mouse over this word of the code in the active editor. */
  hoverCode(word: string): Promise<void>;
  waitFor(selector: string): Promise<void>;
  waitUntilGone(selector: string): Promise<void>;
  /** The text of the one element that is meant, as a person reads it. */
  text(selector: string): Promise<string>;
  /** The text of each element that is there now. */
  texts(selector: string): Promise<string[]>;
  attribute(selector: string, name: string): Promise<string | null>;
  /** A computed style, such as `background-image` of `::before`. */
  style(selector: string, property: string, pseudoElement?: string): Promise<string>;
  /** Takes a screenshot and gives back its path. */
  screenshot(name: string): Promise<string>;
}

/** What is being run, as the runner tells the suites. */
export interface SessionInfo {
  readonly host: HostName;
  /** What `vscode.version` has to be; undefined where the desktop program was given by its path. */
  readonly version?: string;
  /** The bundled test files, absolute. */
  readonly files: readonly string[];
  /** Only tests whose full name matches. */
  readonly grep?: string;
  readonly color: boolean;
}

/** What passes between the extension host and the runner besides the page's commands. */
export interface RunnerCommands {
  session(): Promise<SessionInfo>;
  /** Prints a part of the report. */
  print(text: string): Promise<void>;
  finish(counts: Counts): Promise<void>;
}

export type BridgeCommands = Page & RunnerCommands;

export interface BridgeRequest {
  readonly command: string;
  readonly args: readonly unknown[];
}

export type BridgeResponse = { readonly value: unknown } | { readonly error: string };

/** Tell the extension host where the runner listens, and the secret without which it answers nobody. */
export const addressVariable = 'COUNTERSIGN_TEST_BRIDGE';
export const tokenVariable = 'COUNTERSIGN_TEST_TOKEN';
