import * as v from 'valibot';
import { type ForeignFile, parseJson, type RefusedNote } from './foreignNote.ts';

const Versioned = v.looseObject({ version: v.number() });

/** Versions 1 and 2 list ranges; they differ in the case of their names. */
const Range1 = v.pipe(
  v.object({
    path: v.string(),
    start_line: v.number(),
    end_line: v.number(),
    provider: v.string(),
    model: v.nullish(v.string()),
  }),
  v.transform(({ start_line, end_line, ...range }) => ({ ...range, startLine: start_line, endLine: end_line })),
);
const Range2 = v.object({
  path: v.string(),
  startLine: v.number(),
  endLine: v.number(),
  provider: v.string(),
  model: v.nullish(v.string()),
});
const Listed = v.object({ attributions: v.array(v.union([Range2, Range1])) });

/** Version 3 goes by file and session. */
const Sessions = v.object({
  sessions: v.record(v.string(), v.object({ agent: v.string(), model: v.nullish(v.string()) })),
  files: v.record(
    v.string(),
    v.object({
      aiRanges: v.array(v.object({ sessionId: v.string(), startLine: v.number(), endLine: v.number() })),
    }),
  ),
});

/** The names that we give to the assistants it knows. */
const tools: ReadonlyMap<string, string> = new Map([['claudeCode', 'claude']]);

/**
 * A note of Agent Blame (`refs/notes/agentblame`, versions 1 to 3). Its human ranges are what no assistant was seen to
 * write, which shows nothing of a person: they are left out.
 */
export function readAgentBlame(text: string): readonly ForeignFile[] | RefusedNote {
  const value = parseJson(text);
  const versioned = v.safeParse(Versioned, value);
  if (!versioned.success) return { refused: 'it is no note of Agent Blame' };
  const { version } = versioned.output;
  if (version === 1 || version === 2) {
    const result = v.safeParse(Listed, value);
    if (result.success) return result.output.attributions.map(listedFile);
  } else if (version === 3) {
    const result = v.safeParse(Sessions, value);
    if (result.success) return sessionFiles(result.output);
  } else {
    return { refused: `its version is ${version}, and only 1 to 3 are known here` };
  }
  return { refused: `it is not as version ${version} of Agent Blame has it` };
}

function listedFile({ path, startLine, endLine, provider, model }: v.InferOutput<typeof Range2>): ForeignFile {
  return { path, ranges: [{ start: startLine, end: endLine, class: 'ai', ...author(provider, model) }] };
}

function sessionFiles({ sessions, files }: v.InferOutput<typeof Sessions>): ForeignFile[] {
  const known = new Map(Object.entries(sessions));
  return Object.entries(files).map(([path, { aiRanges }]) => ({
    path,
    ranges: aiRanges.flatMap(({ sessionId, startLine, endLine }) => {
      const session = known.get(sessionId);
      if (!session) return [];
      const range = { start: startLine, end: endLine, class: 'ai' } as const;
      return [{ ...range, ...author(session.agent, session.model), session: sessionId }];
    }),
  }));
}

function author(provider: string, model: string | null | undefined): { tool: string; model?: string } {
  const tool = tools.get(provider) ?? provider;
  return typeof model === 'string' ? { tool, model } : { tool };
}
