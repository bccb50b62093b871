import * as v from 'valibot';
import { type Author, editKinds, unknownReasons } from './author.ts';
import { RunMap } from './runs.ts';

const evidenced = {
  evidence: v.picklist(['reported', 'observed', 'inferred', 'declared']),
  at: v.string(),
  rule: v.exactOptional(v.string()),
};

export const AuthorSchema = v.variant('origin', [
  v.object({ origin: v.literal('base') }),
  v.object({
    origin: v.literal('unknown'),
    reason: v.picklist(unknownReasons),
    at: v.exactOptional(v.string()),
  }),
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

const Serialised = v.object({ version: v.literal(2), authors: v.array(AuthorSchema), runs: v.string() });

export type Deserialised = { readonly runs: RunMap } | { readonly refused: string };

/**
 * The runs as one line of JSON, without a line break: a table of the authors, each once, and a string of numbers, of each
 * run its length (UTF-16 code units, 0 for a cut) and its author's place in the table. A number has six bits a
 * character, in Base64's digits, the low ones first: five of its own, and one that says that it goes on (the digits of
 * source maps, without their sign).
 */
export function serialiseRuns(runs: RunMap): string {
  const authors = new AuthorTable();
  let numbers = '';
  for (const { length, author } of runs) numbers += encodeNumber(length) + encodeNumber(authors.placeOf(author));
  return JSON.stringify({ version: 2, authors: authors.list, runs: numbers });
}

/** The runs of a text of `textLength` UTF-16 code units, or in one line why the input does not say what they are. */
export function deserialiseRuns(line: string, textLength: number): Deserialised {
  const parsed = v.safeParse(Serialised, parseJson(line), { abortEarly: true });
  if (!parsed.success) return { refused: oneLine(v.summarize(parsed.issues)) };
  const { authors, runs: numbers } = parsed.output;
  const runs = new RunMap();
  const reader = new NumberReader(numbers);
  while (!reader.ended) {
    const length = reader.read();
    const place = length === undefined ? undefined : reader.read();
    if (length === undefined || place === undefined) return { refused: `no number at ${reader.position} of runs` };
    const author = authors[place];
    if (!author) return { refused: `there is no author ${place}` };
    if (length > textLength - runs.length) return { refused: `the runs are longer than the text of ${textLength}` };
    runs.append(length, author);
  }
  if (runs.length < textLength) return { refused: `the runs end at ${runs.length} of ${textLength}` };
  return { runs };
}

/** The JSON value, or `undefined` where the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Each author once, whatever objects stand for it. */
class AuthorTable {
  readonly list: Author[] = [];
  readonly #places = new Map<Author, number>();
  readonly #placesByValue = new Map<string, number>();

  placeOf(author: Author): number {
    const known = this.#places.get(author);
    if (known !== undefined) return known;
    const value = JSON.stringify(Object.entries(author).sort(([a], [b]) => (a < b ? -1 : 1)));
    const place = this.#placesByValue.get(value) ?? this.list.length;
    if (place === this.list.length) this.list.push(author);
    this.#places.set(author, place);
    this.#placesByValue.set(value, place);
    return place;
  }
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const digitValues = new Int8Array(128).fill(-1);
for (let i = 0; i < digits.length; i++) digitValues[digits.charCodeAt(i)] = i;

function encodeNumber(number: number): string {
  let result = '';
  let rest = number;
  for (; rest >= 32; rest = Math.floor(rest / 32)) result += digits[32 + (rest % 32)];
  return result + digits[rest];
}

class NumberReader {
  readonly #text: string;
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get ended(): boolean {
    return this.position >= this.#text.length;
  }

  /** `undefined` where there is no number, or one beyond every text and table. */
  read(): number | undefined {
    let number = 0;
    for (let factor = 1; factor < 2 ** 40; factor *= 32) {
      const digit = digitValues[this.#text.charCodeAt(this.position)] ?? -1;
      if (digit < 0) return undefined;
      this.position++;
      number += (digit % 32) * factor;
      if (digit < 32) return number;
    }
    return undefined;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
