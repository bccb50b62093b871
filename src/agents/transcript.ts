import { closeSync, openSync, readSync, statSync } from 'node:fs';

/**
 * How much of a transcript's end is read, in bytes: the last turn mostly tells; else some turns, whatever the file has grown
 * to.
 */
const tailSizes = [16 * 1024, 256 * 1024];

/** Names that stand where a model should and are none. */
const noModels = new Set(['', '<synthetic>', 'auto', 'default', 'unknown']);

export function isModel(name: unknown): name is string {
  return typeof name === 'string' && !noModels.has(name.slice(name.lastIndexOf('/') + 1).toLowerCase());
}

/** Where an entry of a transcript may name its model, as keys that lead to it. */
const usualPlaces = [['message', 'model'], ['model'], ['payload', 'model']];

/**
 * The model of the last entry of a JSON-lines transcript that names one; `undefined` where there is none near the end or
 * the file cannot be read: the model is then simply not known.
 *
 * @param places where an entry may name it, as keys that lead to it
 */
export function lastModel(transcript: string, places: readonly Place[] = usualPlaces): string | undefined {
  for (const size of tailSizes) {
    const model = modelIn(readPart(transcript, size, 'end')?.split('\n').reverse(), places);
    if (model !== undefined) return model;
  }
  return undefined;
}

/** How much of a transcript's beginning is read, in bytes. */
const headSize = 16 * 1024;

/** The model of the first entry that names one, for assistants that say it when a session begins. */
export function firstModel(transcript: string, places: readonly Place[]): string | undefined {
  return modelIn(readPart(transcript, headSize, 'beginning')?.split('\n'), places);
}

/**
 * The model that stands last under one of these keys, in a file of JSON that is not one entry a line, or a log of changes
 * to one (`"k":[…,"modelId"],"v":"gpt-5"`). Within the texts of a chat quotes are escaped, so they do not fit.
 */
export function lastModelUnder(file: string, keys: readonly string[]): string | undefined {
  const text = readPart(file, Math.max(...tailSizes), 'end') ?? '';
  const pattern = new RegExp(`"(?:${keys.join('|')})"(?:\\],"v")?\\s*:\\s*"([^"\\\\]+)"`, 'g');
  return [...text.matchAll(pattern)].map(([, name]) => name).findLast(isModel);
}

type Place = readonly string[];

function modelIn(lines: readonly string[] = [], places: readonly Place[]): string | undefined {
  for (const line of lines) {
    const entry = /model/i.test(line) ? parsed(line) : undefined;
    const model = places.map((place) => place.reduce(field, entry)).find(isModel);
    if (model !== undefined) return model;
  }
  return undefined;
}

/** A part of a file, of at most `length` bytes; `undefined` where it cannot be read. */
export function readPart(file: string, length: number, from: 'beginning' | 'end'): string | undefined {
  let descriptor: number | undefined;
  try {
    const attributes = statSync(file);
    // To open a pipe would wait for somebody to write.
    if (!attributes.isFile()) return undefined;
    const { size } = attributes;
    descriptor = openSync(file, 'r');
    const buffer = Buffer.alloc(Math.min(size, length));
    const start = from === 'end' ? size - buffer.length : 0;
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, start));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // a line that is there only in part
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
