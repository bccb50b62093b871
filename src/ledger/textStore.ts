import path from 'node:path';
import type { AttributedText } from '../core/attribution.ts';
import { contentHash } from '../core/digest.ts';
import { deserialiseRuns, serialiseRuns } from '../core/runsFormat.ts';
import { namesIn, readIfThere, removeFile, replaceFile, statIfThere } from './files.ts';

export { AuthorSchema, parseJson } from '../core/runsFormat.ts';

/** Attributed texts by the hash of their content: a file each, a line of JSON and then the text. */
export class TextStore {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Undefined where the content is not known, or what is stored was damaged: then it is as good as not known. */
  read(hash: string): AttributedText | undefined {
    const stored = readIfThere(this.#file(hash));
    return stored === undefined ? undefined : decode(stored, hash);
  }

  /** Whether something is stored, readable or not. */
  has(hash: string): boolean {
    return statIfThere(this.#file(hash)) !== undefined;
  }

  write({ text, runs }: AttributedText): string {
    const hash = contentHash(text);
    replaceFile(this.#file(hash), `${serialiseRuns(runs)}\n${text}`);
    return hash;
  }

  remove(hash: string): void {
    removeFile(this.#file(hash));
  }

  /** The folders that the texts are in. */
  folders(): string[] {
    return namesIn(this.folder).map((name) => path.join(this.folder, name));
  }

  #file(hash: string): string {
    return path.join(this.folder, hash.slice(0, 2), hash);
  }
}

function decode(stored: string, hash: string): AttributedText | undefined {
  const end = stored.indexOf('\n');
  if (end < 0) return undefined;
  const text = stored.slice(end + 1);
  if (contentHash(text) !== hash) return undefined;
  const known = deserialiseRuns(stored.slice(0, end), text.length);
  return 'runs' in known ? { text, runs: known.runs } : undefined;
}
