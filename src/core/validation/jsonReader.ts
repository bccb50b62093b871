import { Tokenizer, TokenType } from '@streamparser/json';
import { ReportError } from './report.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** What is looked for in a document, by its keys; `*` stands for any key or index. */
export interface Wanted {
  /** Built as a whole, but for what is above the limits, and handed over. */
  readonly take?: (value: JsonValue) => void;
  /** Called when the object or array that this stands for begins. */
  readonly begin?: (kind: 'object' | 'array') => void;
  /** Called when it has ended. */
  readonly end?: () => void;
  readonly within?: Readonly<Record<string, Wanted>>;
}

interface Level {
  readonly kind: 'object' | 'array';
  /** What is wanted in it; `undefined` where nothing is. */
  readonly wanted: Wanted | undefined;
  /** Where it is being built. */
  readonly built: JsonValue[] | { [key: string]: JsonValue } | undefined;
  state: 'first' | 'key' | 'colon' | 'value' | 'comma';
  key: string;
}

/** Arrays and objects within each other. */
const maxDepth = 200;
/** Values within one that is taken: the others are left out. */
const maxTaken = 5_000;
/** A longer string is cut, in UTF-16 units. */
const maxString = 8_192;
/** Bytes of one token: no tool writes a text that long, and it would be held in memory. */
const maxToken = 16 * 1024 * 1024;

/**
 * Reads a JSON document by pieces, and builds nothing of it but what is wanted: memory does not grow with its length. Stricter
 * than the pieces' tokenizer, which knows no grammar.
 */
export class JsonReader {
  readonly #tokenizer = new Tokenizer();
  readonly #levels: Level[] = [];
  readonly #root: Wanted;
  readonly #leaveOut: ReadonlySet<string>;
  #isDone = false;
  #taken = 0;
  #read = 0;
  #lastToken = 0;

  /** @param leaveOut keys of objects that are never built, whatever is taken */
  constructor(root: Wanted, leaveOut: Iterable<string> = []) {
    this.#root = root;
    this.#leaveOut = new Set(leaveOut);
    this.#tokenizer.onToken = ({ token, value, offset }) => {
      this.#lastToken = offset;
      this.#token(token, value);
    };
    this.#tokenizer.onError = (error) => {
      throw error instanceof ReportError ? error : this.#wrong();
    };
  }

  /** Whether the document is complete. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** @throws {ReportError} where it is not JSON, or beyond all measure */
  write(bytes: Uint8Array): void {
    // What follows the document is white space, or it is no document.
    if (this.#isDone) {
      if (bytes.some((byte) => !isBlank(byte))) throw this.#wrong();
      return;
    }
    this.#tokenizer.write(bytes);
    this.#read += bytes.length;
    if (!this.#isDone && this.#read - this.#lastToken > maxToken)
      throw new ReportError(`has a text of more than ${maxToken / 1024 / 1024} MB`);
  }

  /** @throws {ReportError} where the document is not complete */
  end(): void {
    if (!this.#isDone) throw new ReportError(`ends in the middle, after ${this.#read} bytes: is it complete?`);
    this.#tokenizer.end();
  }

  #wrong(): ReportError {
    return new ReportError(`is not JSON (at byte ${this.#lastToken} or a little later)`);
  }

  #token(token: TokenType, value: JsonValue): void {
    const level = this.#levels.at(-1);
    if (!level && this.#isDone) throw this.#wrong();
    switch (token) {
      case TokenType.LEFT_BRACE:
        this.#open('object');
        return;
      case TokenType.LEFT_BRACKET:
        this.#open('array');
        return;
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET:
        this.#close(level, token === TokenType.RIGHT_BRACE ? 'object' : 'array');
        return;
      case TokenType.COLON:
        if (level?.state !== 'colon') throw this.#wrong();
        level.state = 'value';
        return;
      case TokenType.COMMA:
        if (level?.state !== 'comma') throw this.#wrong();
        level.state = level.kind === 'object' ? 'key' : 'value';
        return;
      case TokenType.SEPARATOR:
        return;
      default:
        if (level?.kind === 'object' && (level.state === 'first' || level.state === 'key')) {
          if (typeof value !== 'string') throw this.#wrong();
          level.key = value;
          level.state = 'colon';
          return;
        }
        this.#scalar(level, typeof value === 'string' ? value.slice(0, maxString) : value);
    }
  }

  #scalar(level: Level | undefined, value: JsonValue): void {
    const wanted = this.#expectValue(level);
    if (level?.built) this.#put(level, value);
    else wanted?.take?.(value);
    if (!level) this.#isDone = true;
  }

  #open(kind: 'object' | 'array'): void {
    const level = this.#levels.at(-1);
    const wanted = this.#expectValue(level);
    if (this.#levels.length >= maxDepth) throw new ReportError(`is nested deeper than ${maxDepth} levels`);
    const empty = (): JsonValue[] | { [key: string]: JsonValue } => (kind === 'array' ? [] : Object.create(null));
    let built: Level['built'];
    if (level?.built) {
      const value = empty();
      if (this.#put(level, value)) built = value;
    } else if (wanted?.take) {
      this.#taken = 0;
      built = empty();
    }
    wanted?.begin?.(kind);
    this.#levels.push({ kind, wanted, built, state: 'first', key: '' });
  }

  #close(level: Level | undefined, kind: 'object' | 'array'): void {
    if (level?.kind !== kind || (level.state !== 'first' && level.state !== 'comma')) throw this.#wrong();
    this.#levels.pop();
    if (level.built) level.wanted?.take?.(level.built);
    level.wanted?.end?.();
    if (this.#levels.length === 0) this.#isDone = true;
  }

  /** A value may begin here; what is wanted of it. */
  #expectValue(level: Level | undefined): Wanted | undefined {
    if (!level) return this.#root;
    const isExpected = level.state === 'value' || (level.kind === 'array' && level.state === 'first');
    if (!isExpected) throw this.#wrong();
    level.state = 'comma';
    const { within } = level.wanted ?? {};
    if (!within) return undefined;
    return level.kind === 'object' && Object.hasOwn(within, level.key) ? within[level.key] : within['*'];
  }

  /** @returns whether there was room for it */
  #put(level: Level, value: JsonValue): boolean {
    if (this.#taken >= maxTaken || (level.kind === 'object' && this.#leaveOut.has(level.key))) return false;
    this.#taken++;
    if (Array.isArray(level.built)) level.built.push(value);
    else if (level.built) level.built[level.key] = value;
    return true;
  }
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The value under a key of an object; `undefined` where it is none, or has none. */
export function field(value: JsonValue | undefined, ...keys: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const key of keys) {
    if (found === null || typeof found !== 'object' || Array.isArray(found)) return undefined;
    found = found[key];
  }
  return found;
}

/** The elements of an array; none of what is no array. */
export function elements(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

export function stringIn(value: JsonValue | undefined, ...keys: readonly string[]): string | undefined {
  const found = field(value, ...keys);
  return typeof found === 'string' ? found : undefined;
}

export function numberIn(value: JsonValue | undefined, ...keys: readonly string[]): number | undefined {
  const found = field(value, ...keys);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}
