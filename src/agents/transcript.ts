import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * How much of a transcript's end is read, in bytes: the last turn mostly tells; else some turns, whatever the file has grown
 * to.
 */
const tailSizes = [16 * 1024, 256 * 1024];

/** Names that stand where a model should and are none. */
const noModels = new Set(['', '<synthetic>', 'auto', 'default', 'unknown']);

export function isModel(name: string | undefined): name is string {
  return name !== undefined && !noModels.has(name.toLowerCase());
}

/**
 * The model of the last entry of a JSON-lines transcript that names one (`message.model`, `model` or `payload.model`);
 * `undefined` where there is none or the file cannot be read: the model is then simply not known.
 */
export function lastModel(transcript: string): string | undefined {
  for (const size of tailSizes) {
    const lines = readTail(transcript, size)?.split('\n') ?? [];
    for (const line of lines.reverse()) {
      const model = line.includes('"model"') ? modelOf(line) : undefined;
      if (isModel(model)) return model;
    }
  }
  return undefined;
}

function readTail(file: string, length: number): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, length));
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, size - buffer.length));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function modelOf(line: string): string | undefined {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return undefined; // the line that the tail began in the middle of
  }
  const model =
    field(field(entry, 'message'), 'model') ?? field(entry, 'model') ?? field(field(entry, 'payload'), 'model');
  return typeof model === 'string' ? model : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
