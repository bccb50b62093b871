import type { FileChange } from '../core/change.ts';
import { gitAiNoteOf } from '../core/interoperation/gitAiAttribution.ts';
import { writeGitAiNote } from '../core/interoperation/gitAiNotes.ts';
import { addNotes, existingRefs } from '../git/foreignNotes.ts';
import type { Git } from '../git/git.ts';
import { readSettings, type Settings } from '../git/settings.ts';
import { areGitAiNotesWanted, gitAiRef } from './gitAiUse.ts';
import type { ResolvedCommit } from './resolve.ts';

/** A commit with its lines as its record has them. */
export type AttributedCommit = Pick<ResolvedCommit, 'commit' | 'files' | 'facts'>;

/**
 * Writes notes in the form of Git AI for commits that have none, if the repository uses them: `countersign.gitAiNotes` is
 * true, or it is not false and `refs/notes/ai` is here. A note that is there stays as it is, for the tool that wrote it
 * saw more than we could add. A commit with nothing to attest gets none.
 *
 * @returns the commits that got a note
 */
export async function writeGitAiNotes(
  git: Git,
  commits: readonly AttributedCommit[],
  settings?: Settings,
): Promise<string[]> {
  const attested = commits.filter(({ files }) => hasSomethingToAttest(files));
  if (attested.length === 0 || !(await areGitAiNotesUsed(git, settings))) return [];
  return await addGitAiNotes(git, attested);
}

/** Writes the notes whatever the repository uses: a person asked for it. @returns the commits that got a note */
export async function addGitAiNotes(git: Git, commits: readonly AttributedCommit[]): Promise<string[]> {
  return await addNotes(git, gitAiRef, gitAiNotesOf(commits));
}

/** The text of each commit's note; commits with nothing to attest are left out. */
export function gitAiNotesOf(commits: readonly AttributedCommit[]): Map<string, string> {
  const attested = commits.filter(({ files }) => hasSomethingToAttest(files));
  return new Map(
    attested.flatMap(({ commit, files, facts }) => {
      const note = gitAiNoteOf(commit, files, `${facts.author.name} <${facts.author.email}>`);
      return note ? [[commit, writeGitAiNote(note)] as const] : [];
    }),
  );
}

/** What is quick to know, before git is asked anything. */
function hasSomethingToAttest(files: readonly FileChange[]): boolean {
  return files.some(({ lines }) => lines.some((line) => line.class === 'ai' || line.class === 'human'));
}

async function areGitAiNotesUsed(git: Git, given: Settings | undefined): Promise<boolean> {
  const [settings, refs] = await Promise.all([given ?? readSettings(git), existingRefs(git, [gitAiRef])]);
  return areGitAiNotesWanted(settings) ?? refs.length > 0;
}
