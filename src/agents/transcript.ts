import { open } from 'node:fs/promises';

/** How much of a transcript's end is read, in bytes: enough for some turns, whatever the file has grown to. */
const tailSize = 256 * 1024;

/** Names that stand where a model should and are none. */
const noModels = new Set(['', '<synthetic>', 'auto', 'default', 'unknown']);

export function isModel(name: string | undefined): name is string {
  return name !== undefined && !noModels.has(name.toLowerCase());
}

/**
 * The model of the last entry of a JSON-lines transcript that names one (`message.model`, `model` or `payload.model`);
 * `undefined` where there is none or the file cannot be read: the model is then simply not known.
 */
export async function lastModel(transcript: string): Promise<string | undefined> {
  const lines = (await readTail(transcript))?.split('\n') ?? [];
  for (const line of lines.reverse()) {
    const model = line.includes('"model"') ? modelOf(line) : undefined;
    if (isModel(model)) return model;
  }
  return undefined;
}

async function readTail(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.min(size, tailSize));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
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
