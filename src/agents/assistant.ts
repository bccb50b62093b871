import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AssistantEvent } from '../core/assistantEvent.ts';
import type { Json } from '../core/canonicalJson.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One assistant: how its hook payloads are read, and where its hooks are set. */
export interface Assistant {
  readonly id: string;
  /** Its name for people. */
  readonly title: string;
  /** Whether a payload that came through another assistant's hooks is really this one's: some run foreign hooks, too. */
  recognises?(payload: unknown, environment: Environment): boolean;
  /**
   * The event that a hook payload stands for.
   *
   * @throws {PayloadError} where the payload is not what this assistant sends
   */
  normalise(payload: unknown, environment: Environment): AssistantEvent;
  /** The session that a process belongs to, from the variables the assistant gives to its shell. */
  committer?(environment: Environment): Committer | undefined;
  /** How a before-hook tells the assistant to stop a command, or to ask first; absent where it cannot. */
  answer?(verdict: Verdict, payload: unknown): Answer;
  /** Where its hooks go; absent where they have to be set by hand. */
  readonly hooks?: Installation;
}

export interface Committer {
  /** Absent where the assistant's shell tells only whose it is. */
  readonly session?: string;
  /** The tool call, where the assistant tells it. */
  readonly call?: string;
}

/** What a policy says of a command before it runs. */
export interface Verdict {
  readonly decision: 'ask' | 'deny';
  /** One line for the person, and for the model. */
  readonly reason: string;
}

/** What the hook says to the assistant. */
export interface Answer {
  readonly stdout?: string;
  readonly stderr?: string;
  /** It says no by the exit code, which is the `refusalCode` of the installation. */
  readonly refuses?: true;
}

/**
 * The command that a hook runs, in the form of each shell. It ends with 0 whatever happens, also when our program is
 * gone, but where an `Answer` refuses.
 */
export interface HookCommand {
  readonly sh: string;
  readonly powershell: string;
  /** For `cmd.exe`. */
  readonly cmd: string;
  /** The program and its arguments, for plugins that start it without a shell. */
  readonly argv: readonly [string, ...string[]];
  /** Whether the assistant runs on Windows. */
  readonly windows: boolean;
}

/** The command for an assistant that runs hooks with `sh`, but on Windows with a shell that is named here. */
export function commandFor(command: HookCommand, onWindows: 'sh' | 'powershell' | 'cmd'): string {
  return command[command.windows ? onWindows : 'sh'];
}

/** Where an assistant's hooks are set, and how: entries in a settings file of the user's, or files of our own. */
export type Installation = SettingsInstallation | FilesInstallation;

interface InstallationBase {
  /** The folder that is there when the person has the assistant. */
  folder(home: string, environment: Environment): string;
  /** What a person has to do besides, if anything. */
  readonly remark?: string;
  /**
   * The exit code of a before-hook that says no, for an assistant that takes no other answer. The installed command ends
   * with it where an `Answer` has an exit code, and never otherwise.
   */
  readonly refusalCode?: number;
}

export interface SettingsInstallation extends InstallationBase {
  /** `json` stands for JSON with comments, too. TOML holds items alone, YAML values alone: no assistant needs more. */
  readonly form: 'json' | 'toml' | 'yaml';
  file(home: string, environment: Environment): string;
  /** Items that are added to lists; ours are known again by the command in them. */
  items?(command: HookCommand): readonly SettingsItem[];
  /** Values that are set where there are none, and taken away again. */
  values?(command: HookCommand): readonly SettingsValue[];
  /** Where the same entries may stand instead: taken where it has entries of that kind already, and the first has none. */
  readonly alternative?: Pick<SettingsInstallation, 'form' | 'file'>;
}

export interface SettingsItem {
  /** The keys that lead to the list: `['hooks', 'PreToolUse']`. */
  readonly list: readonly string[];
  readonly item: Json;
}

export interface SettingsValue {
  readonly key: readonly string[];
  readonly value: Json;
}

/** Files that are ours alone: plugins, scripts, settings files of which an assistant reads a folder. */
export interface FilesInstallation extends InstallationBase {
  readonly form: 'files';
  files(home: string, environment: Environment, command: HookCommand): readonly OwnFile[];
}

export interface OwnFile {
  readonly file: string;
  /** Its first lines say that it is Countersign's, in the file's own kind of comment where it has one. */
  readonly text: string;
  readonly executable?: true;
}

/** A payload that does not fit: one line that says what is missing. */
export class PayloadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PayloadError';
  }
}

/**
 * An absolute path from a payload: a path relative to `cwd`, an absolute one, or a `file:` URI. On Windows `/c:/…`, as some
 * editors write it, is `c:\…`.
 *
 * @throws {PayloadError} where it can be no path
 */
export function absolutePath(file: string, cwd: string): string {
  if (file.includes('\0')) throw new PayloadError('a path in the payload has a NUL byte: not recorded');
  if (!file.startsWith('file://')) {
    return path.resolve(cwd, process.platform === 'win32' ? file.replace(/^\/([a-z]:)/i, '$1') : file);
  }
  try {
    return fileURLToPath(file);
  } catch {
    throw new PayloadError(`the payload names a file by ${JSON.stringify(file.slice(0, 100))}, which is no local one`);
  }
}
