import { openPlace, type Place } from '../change/place.ts';
import { requireGit } from '../git/git.ts';
import type { Io } from './command.ts';

/** The repository that a person runs a command in; unlike a hook, a command says at once that git is too old. */
export async function openForCommand(io: Io): Promise<Place> {
  const place = await openPlace(io.cwd);
  await requireGit(place.repository.git);
  return place;
}
