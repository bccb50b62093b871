import { openPlace, type Place } from '../change/place.ts';
import { type Git, requireGit } from '../git/git.ts';
import { openForReading as openGit } from '../git/repository.ts';
import type { Io } from './command.ts';

/** The repository that a person runs a command in; unlike a hook, a command says at once that git is too old. */
export async function openForCommand(io: Io): Promise<Place> {
  const place = await openPlace(io.cwd);
  await requireGit(place.repository.git);
  return place;
}

/** The same for what reads commits only: it works in a bare repository, too. */
export async function openForReading(io: Io): Promise<{ readonly git: Git }> {
  const git = await openGit(io.cwd);
  await requireGit(git);
  return { git };
}
