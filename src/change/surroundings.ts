import { realpathSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import type { Surroundings } from '../core/commands/simpleCommand.ts';

/** What a command that runs in a folder (absolute) has around it. @param top the repository's work tree */
export function surroundingsOf(folder: string, top: string): Surroundings {
  const temporary = [tmpdir(), '/tmp', '/var/tmp'];
  return {
    folder: resolved(folder),
    top,
    home: homedir(),
    temporary: [...new Set(temporary.flatMap((each) => [each, resolved(each)]))],
  };
}

/** The top of a repository has its symbolic links resolved; so must have what is compared with it. */
function resolved(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}
