import { isRecordOf } from '../core/record.ts';
import { noteRecord } from '../git/commits.ts';
import { writeRecord } from '../git/records.ts';
import { dirtyFiles, headCommit } from '../git/workTree.ts';
import { previewTree } from './commit.ts';
import type { Place } from './place.ts';
import { resolveCommits } from './resolve.ts';
import { textsAt } from './texts.ts';

/**
 * `post-commit`: where the message does not name a record that fits (hooks bypassed, an amend taken for a new commit),
 * makes it and points to it by a note; then settles the pending state.
 */
export async function afterCommit(place: Place): Promise<void> {
  const { git } = place.repository;
  const head = await headCommit(place.repository);
  if (head === null) return;
  const [resolved] = await resolveCommits(git, [head]);
  if (!resolved) return;
  const isRight = resolved.records.some(({ found }) => typeof found !== 'string' && isRecordOf(found, resolved.files));
  if (!isRight) {
    const { sealed } = await previewTree(place, resolved.parents, head);
    if (sealed) {
      await writeRecord(git, sealed.digest, sealed.bytes);
      await noteRecord(git, head, sealed.digest);
    }
  }
  const paths = resolved.files.map((file) => file.path);
  for (const [file, text] of await textsAt(place.repository, head, paths)) await place.ledger.settle(file, text);
  await compactNowAndThen(place);
}

/** A rebase makes many commits: once in a while, in ms, is enough. */
const pause = 10 * 60_000;

/** Keeps the pending state within its limits. What differs from HEAD may have pending lines. */
async function compactNowAndThen({ repository, ledger }: Place): Promise<void> {
  if (!ledger.compactedBefore(pause)) return;
  const pending = new Set(await dirtyFiles(repository));
  await ledger.compact((path) => pending.has(path));
}
