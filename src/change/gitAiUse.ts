import { mayHaveRef } from '../git/refs.ts';
import type { Repository } from '../git/repository.ts';
import type { Settings } from '../git/settings.ts';

export const gitAiRef = 'refs/notes/ai';

/** Whether notes may have to be written, without asking git: false is certain. */
export function mayUseGitAiNotes(repository: Repository, settings: Settings): boolean {
  return areGitAiNotesWanted(settings) ?? mayHaveRef(repository, gitAiRef);
}

/** What is set; `undefined` where the repository's own use decides. */
export function areGitAiNotesWanted(settings: Settings): boolean | undefined {
  const setting = settings.get('gitainotes')?.toLowerCase() ?? 'auto';
  if (['true', 'yes', 'on', '1', ''].includes(setting)) return true;
  return ['false', 'no', 'off', '0'].includes(setting) ? false : undefined;
}
