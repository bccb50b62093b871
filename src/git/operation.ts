import { access } from 'node:fs/promises';
import path from 'node:path';

const marks = ['rebase-merge', 'rebase-apply', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'];

/** Whether git is replaying commits that were made before: nothing new is written then. */
export async function isHistoryBeingReplayed(gitDir: string): Promise<boolean> {
  const found = await Promise.all(
    marks.map((mark) =>
      access(path.join(gitDir, mark)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
