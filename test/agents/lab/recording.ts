import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Files, Project } from '../../support/project.ts';

const payloads = path.join(__dirname, '../payloads');

const files = v.record(v.string(), v.nullable(v.string()));

const eventSchema = v.object({
  event: v.string(),
  /** The payload; what ran in the assistant's shell or below its git has none. */
  stdin: v.optional(v.looseObject({})),
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
export async function recordedEvents(recording: string, project: Project): Promise<readonly RecordedEvent[]> {
  const folder = path.join(payloads, recording);
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

const namesTranscript = v.object({ transcript_path: v.string() });
const copilots = v.object({ sessionId: v.string() });
const clines = v.object({ sessionContext: v.object({ rootSessionId: v.string() }) });

/** Puts the recorded sample of the session file, if there is one, where the assistant keeps it. */
export async function placeTranscript(
  recording: string,
  events: readonly RecordedEvent[],
  project: Project,
): Promise<void> {
  const [file] = events.flatMap(({ stdin }) => transcriptOf(stdin, project) ?? []);
  if (file === undefined) return;
  const sample = path.join(payloads, recording, `transcript${path.extname(file)}`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, moved(await readFile(sample, 'utf8'), project));
}

function transcriptOf(payload: unknown, { home }: Project): string | undefined {
  if (v.is(namesTranscript, payload)) return payload.transcript_path;
  if (v.is(copilots, payload)) return path.join(home, '.copilot/session-state', payload.sessionId, 'events.jsonl');
  if (!v.is(clines, payload)) return undefined;
  const { rootSessionId } = payload.sessionContext;
  return path.join(home, '.cline/data/sessions', rootSessionId, `${rootSessionId}.json`);
}

/** Every recorded path lies in the recorder's HOME, so a text is moved by moving that. */
function moved<T>(value: T, { home }: Project): T | string {
  return typeof value === 'string' ? value.replaceAll('/home/dev', home) : value;
}
