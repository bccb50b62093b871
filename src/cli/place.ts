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

/** The same where the work does no harm with a git that is too old: that is asked meanwhile, and what it says goes first. */
export async function withPlace<T>(io: Io, work: (place: Place) => Promise<T>): Promise<T> {
  const place = await openPlace(io.cwd);
  const [required, done] = await Promise.allSettled([requireGit(place.repository.git), work(place)]);
  if (required.status === 'rejected') throw required.reason;
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}

/** The same for what reads commits only: it works in a bare repository, too. */
export async function openForReading(io: Io): Promise<{ readonly git: Git }> {
  const git = await openGit(io.cwd);
  await requireGit(git);
  return { git };
}
