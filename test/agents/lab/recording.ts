import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Files, Project } from '../../support/project.ts';
import type { ProgramName } from './programs.ts';

const payloads = path.join(__dirname, '../payloads');

const files = v.record(v.string(), v.nullable(v.string()));

const eventSchema = v.object({
  event: v.string(),
  /** The payload; what ran in the assistant's shell or below its git has none. */
  stdin: v.optional(v.looseObject({ transcript_path: v.optional(v.string()) })),
  env: v.record(v.string(), v.string()),
  /** What changed in the project since the event before. */
  files,
});

/** One thing that a recorded session told its hooks. */
export interface RecordedEvent extends v.InferOutput<typeof eventSchema> {
  /** The file it is kept in. */
  readonly name: string;
}

/** The project before each recorded session. */
export async function fixture(): Promise<Files> {
  return v.parse(files, JSON.parse(await readFile(path.join(payloads, 'fixture.json'), 'utf8')));
}

/** What an assistant's hooks were told, in order, as if the session had been in this project. */
export async function recordedEvents(assistant: ProgramName, project: Project): Promise<readonly RecordedEvent[]> {
  const folder = path.join(payloads, assistant);
  const names = (await readdir(folder)).filter((name) => /^\d+-/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(folder, name), 'utf8');
      return {
        name,
        ...v.parse(
          eventSchema,
          JSON.parse(text, (_, value: unknown) => moved(value, project)),
        ),
      };
    }),
  );
}

/** The recorded sample of the session file that payloads name as `transcript_path`. */
export async function recordedTranscript(assistant: ProgramName, project: Project): Promise<string> {
  return moved(await readFile(path.join(payloads, assistant, 'transcript.jsonl'), 'utf8'), project);
}

/** Every recorded path lies in the recorder's HOME, so a text is moved by moving that. */
function moved<T>(value: T, { home }: Project): T | string {
  return typeof value === 'string' ? value.replaceAll('/home/dev', home) : value;
}
