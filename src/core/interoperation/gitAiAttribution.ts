import type { AddedLine, FileChange } from '../change.ts';
import { sha256 } from '../digest.ts';
import { type ForeignFile, type ForeignRange, isForeign, type RefusedNote } from './foreignNote.ts';
import {
  type GitAiEntry,
  type GitAiFile,
  type GitAiHuman,
  type GitAiNote,
  type GitAiRange,
  type GitAiSession,
  gitAiHumanId,
  gitAiSessionId,
  gitAiVersion,
  gitAiWriter,
  isNotablePath,
  readGitAiNote,
} from './gitAiNotes.ts';

/** Our names of assistants, by theirs. Others are the same. */
const ourNames: ReadonlyMap<string, string> = new Map([['github-copilot', 'copilot']]);
const theirNames: ReadonlyMap<string, string> = new Map([...ourNames].map(([theirs, ours]) => [ours, theirs]));

/** What a note of Git AI says of lines. Entries that name nobody are left out, so that the ones before them hold. */
export function readGitAi(text: string): readonly ForeignFile[] | RefusedNote {
  const note = readGitAiNote(text);
  if ('refused' in note) return note;
  return note.files.map(({ path, entries }) => ({
    path,
    ranges: entries.flatMap((entry) => foreignRanges(note, entry)),
  }));
}

function foreignRanges({ metadata }: GitAiNote, { key, ranges }: GitAiEntry): ForeignRange[] {
  const writer = gitAiWriter(metadata, key);
  if (!writer) return [];
  if (writer.kind === 'human') return ranges.map((range) => ({ ...range, class: 'human' }));
  const { tool, id, model } = writer.record.agent_id;
  const author = {
    tool: ourNames.get(tool) ?? tool,
    ...(model !== '' && model !== unknownModel && { model }),
    session: `${tool}:${id}`,
  };
  return ranges.map((range) => ({ ...range, class: 'ai', ...author }));
}

/** What stands there when the model is not known. */
const unknownModel = 'unknown';

/**
 * The note of a commit in the form of Git AI; none where there is nothing to attest. What the form cannot say is left
 * out and thus unknown to its readers: `mixed` lines, which are neither, and what tools wrote. So is what only another
 * tool's note says, which is for that tool to say.
 *
 * Neither a transcript nor a session's own id goes in: the id is the hash that records hold, and the trace, one for a
 * session and commit, is made of the two, so that the same note has the same bytes wherever it is written.
 *
 * @param commit its object id
 * @param files as its record has them; `session` is the record's hash of it
 * @param identity whom git names as the author of the commit: `Name <email>`
 */
export function gitAiNoteOf(commit: string, files: readonly FileChange[], identity: string): GitAiNote | undefined {
  const sessions = new Map<string, GitAiSession>();
  const humans = new Map<string, GitAiHuman>();
  const keyOf = (line: AddedLine): string | undefined => {
    if (isForeign(line.author)) return undefined;
    if (line.class === 'human') {
      const id = gitAiHumanId(identity);
      humans.set(id, { author: identity });
      return id;
    }
    if (line.class !== 'ai' || line.author?.origin !== 'ai') return undefined;
    const tool = theirNames.get(line.author.tool) ?? line.author.tool;
    const conversation = hashed(line.author.session);
    const id = gitAiSessionId(tool, conversation);
    const agent_id = { tool, id: conversation, model: line.author.model ?? unknownModel };
    // One record a session: the model that it began with.
    if (!sessions.has(id)) sessions.set(id, { agent_id, human_author: identity, custom_attributes: new Map() });
    return `${id}::t_${sha256(`${commit}:${id}`).slice(0, 14)}`;
  };
  const attested = files
    .filter(({ path }) => isNotablePath(path.normalize('NFC')))
    .map(({ path, lines }): GitAiFile => ({ path: path.normalize('NFC'), entries: entriesOf(lines, keyOf) }))
    .filter(({ entries }) => entries.length > 0)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  if (attested.length === 0) return undefined;
  const metadata = {
    schema_version: gitAiVersion,
    git_ai_version: undefined,
    base_commit_sha: commit,
    prompts: new Map(),
    humans,
    sessions,
  } as const;
  return { files: attested, metadata };
}

/** A session as records hold it; a reporter's own id never goes into a note. */
function hashed(session: string): string {
  return /^[0-9a-f]{16}$/.test(session) ? session : sha256(session).slice(0, 16);
}

/** Ranges of lines by key, in order of the keys. */
function entriesOf(lines: readonly AddedLine[], keyOf: (line: AddedLine) => string | undefined): GitAiEntry[] {
  const ranges = new Map<string, GitAiRange[]>();
  for (const line of lines) {
    const key = keyOf(line);
    if (key === undefined) continue;
    const own = ranges.get(key) ?? [];
    ranges.set(key, own);
    const last = own.at(-1);
    if (last?.end === line.number - 1) own[own.length - 1] = { start: last.start, end: line.number };
    else own.push({ start: line.number, end: line.number });
  }
  return [...ranges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, own]) => ({ key, ranges: own }));
}
