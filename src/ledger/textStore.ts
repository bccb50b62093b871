import path from 'node:path';
import * as v from 'valibot';
import { type Author, editKinds, unknownReasons } from '../core/author.ts';
import { contentHash } from '../core/digest.ts';
import { RunMap } from '../core/runs.ts';
import { readIfThere, removeFile, replaceFile } from './files.ts';

/** A text and who wrote which part of it. */
export interface AttributedText {
  readonly text: string;
  readonly runs: RunMap;
}

const evidenced = {
  evidence: v.picklist(['reported', 'observed', 'inferred', 'declared']),
  at: v.string(),
  rule: v.exactOptional(v.string()),
};

export const AuthorSchema = v.variant('origin', [
  v.object({ origin: v.literal('base') }),
  v.object({ origin: v.literal('unknown'), reason: v.picklist(unknownReasons) }),
  v.object({ origin: v.literal('human'), ...evidenced }),
  v.object({ origin: v.literal('tool'), name: v.string(), ...evidenced }),
  v.object({
    origin: v.literal('ai'),
    tool: v.string(),
    model: v.exactOptional(v.string()),
    session: v.string(),
    kind: v.picklist(editKinds),
    review: v.picklist(['unseen', 'seen', 'reviewed']),
    ...evidenced,
  }),
]);

/** Length of a run, then the index of its author; and so on. */
const Header = v.object({
  version: v.literal(1),
  authors: v.array(AuthorSchema),
  runs: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
});

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

  write({ text, runs }: AttributedText): string {
    const hash = contentHash(text);
    const authors = new Map<Author, number>();
    const flat: number[] = [];
    for (const { length, author } of runs) {
      const index = authors.get(author) ?? authors.size;
      authors.set(author, index);
      flat.push(length, index);
    }
    const header = { version: 1, authors: [...authors.keys()], runs: flat };
    replaceFile(this.#file(hash), `${JSON.stringify(header)}\n${text}`);
    return hash;
  }

  remove(hash: string): void {
    removeFile(this.#file(hash));
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
  const header = v.safeParse(Header, parseJson(stored.slice(0, end)));
  if (!header.success) return undefined;
  const runs = new RunMap();
  for (let i = 0; i + 1 < header.output.runs.length; i += 2) {
    const author = header.output.authors[header.output.runs[i + 1] as number];
    if (!author) return undefined;
    runs.append(header.output.runs[i] as number, author);
  }
  return runs.length === text.length ? { text, runs } : undefined;
}

/** The JSON value, or `undefined` where the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
