import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

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
 * The last model that a file of a VS Code chat names: it is one object, or a log of changes to it, in which a model's id
 * may be set, or come with all the rest.
 */
export function lastModelId(chat: string): string | undefined {
  const text = readPart(chat, Math.max(...tailSizes), 'end') ?? '';
  // In the texts of the chat itself quotes are escaped.
  const names = [...text.matchAll(/"(?:modelId|resolvedModel)"(?:\],"v")?\s*:\s*"([^"\\]+)"/g)];
  return names.map(([, name]) => name).findLast(isModel);
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

function readPart(file: string, length: number, from: 'beginning' | 'end'): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
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
