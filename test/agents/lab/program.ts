import type { ToolCall } from './dialect.ts';

/** The same acts in each assistant's own tools. Paths are relative to the project. */
export interface Tools {
  /** Where an assistant insists on having read a file before it edits it. */
  readonly read?: (file: string) => ToolCall;
  readonly create: (file: string, text: string) => ToolCall;
  /** Replaces whole lines. */
  readonly edit: (edit: Edit) => ToolCall;
  /** Several edits, of one file or of more, in one call; where an assistant has such a tool. */
  readonly patch?: (...edits: readonly Edit[]) => ToolCall;
  readonly shell: (command: string) => ToolCall;
  /** Hands the task to a sub-agent, which may run beside its parent; where an assistant has them. */
  readonly delegate?: (task: string) => ToolCall;
  /** How a sub-agent makes a file, where it has other tools than its parent. */
  readonly createInSubAgent?: (file: string, text: string) => ToolCall;
}

export interface Edit {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** What a program is told of one run. */
export interface RunContext {
  readonly prompt: string;
  readonly model: string;
  readonly modelUrl: string;
  readonly home: string;
  readonly projectDir: string;
}

/** How one real program is fetched and run headless against a model of ours. */
export interface Program {
  /** The adapter that its hooks report to. */
  readonly assistant: string;
  /** Its name in a commit. */
  readonly title: string;
  /** What sets it apart from another entry of the same program. */
  readonly variant?: string;
  readonly package: string;
  readonly version: string;
  /**
   * The script or the binary that starts it, in its package; install scripts are off, so not always the one its `bin`
   * names.
   */
  readonly entry: string;
  /** As it is asked for. */
  readonly model: string;
  /** As it is reported, where that is another name. */
  readonly reportedModel?: string;
  readonly env: (run: RunContext) => NodeJS.ProcessEnv;
  /** Settings, by path relative to HOME, which have nothing to do with hooks. */
  readonly settings?: (run: RunContext) => Readonly<Record<string, string>>;
  readonly args: (run: RunContext) => readonly string[];
  readonly tools: (projectDir: string) => Tools;
}

/** The name of a package that holds the program for this platform alone: the same without those for others. */
export function platformPackage(prefix: string): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `${prefix}${platform}-${process.arch}`;
}

/** The file name of a native program. */
export function binary(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}
