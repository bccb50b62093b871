import { readAgentBlame } from '../core/interoperation/agentBlame.ts';
import {
  type ForeignAttribution,
  type ForeignFile,
  type ForeignSource,
  foreignSources,
  maxNoteLength,
  type RefusedNote,
} from '../core/interoperation/foreignNote.ts';
import { readGitAi } from '../core/interoperation/gitAiAttribution.ts';
import { readQwen } from '../core/interoperation/qwen.ts';
import { readWhogitit } from '../core/interoperation/whogitit.ts';
import { existingRefs, type NoteBytes, readNotes } from '../git/foreignNotes.ts';
import type { Git } from '../git/git.ts';

interface ForeignFormat {
  readonly ref: string;
  read(text: string): readonly ForeignFile[] | RefusedNote;
}

const formats: Readonly<Record<ForeignSource, ForeignFormat>> = {
  'git-ai': { ref: 'refs/notes/ai', read: readGitAi },
  whogitit: { ref: 'refs/notes/whogitit', read: readWhogitit },
  agentblame: { ref: 'refs/notes/agentblame', read: readAgentBlame },
  qwen: { ref: 'refs/notes/ai-attribution', read: readQwen },
};

/**
 * What other tools' notes say of commits, by commit; those without a note are left out. Where none of the refs is here,
 * that costs one process. A note that cannot be used is there with the reason.
 *
 * @param commits object ids
 */
export async function foreignLines(git: Git, commits: readonly string[]): Promise<Map<string, ForeignAttribution[]>> {
  const found = new Map<string, ForeignAttribution[]>();
  if (commits.length === 0) return found;
  const refs = await existingRefs(
    git,
    foreignSources.map((source) => formats[source].ref),
  );
  if (refs.length === 0) return found;
  const notes = await readNotes(git, refs, commits, maxNoteLength);
  for (const source of foreignSources) {
    for (const [commit, bytes] of notes.get(formats[source].ref) ?? []) {
      found.set(commit, [...(found.get(commit) ?? []), readNote(source, bytes)]);
    }
  }
  return found;
}

function readNote(source: ForeignSource, bytes: NoteBytes): ForeignAttribution {
  const read: readonly ForeignFile[] | RefusedNote =
    bytes === 'too-long'
      ? { refused: `it is longer than ${maxNoteLength / 1024 / 1024} MiB` }
      : formats[source].read(bytes.toString('utf8'));
  return 'refused' in read ? { source, files: [], refused: read.refused } : { source, files: read };
}
