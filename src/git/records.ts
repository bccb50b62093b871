import { openRecord, type ProvenanceRecord, type RecordFault } from '../core/record.ts';
import { type Git, GitError } from './git.ts';
import { readObjects } from './objects.ts';

/** A commit whose tree holds `ab/<digest>.json`, `ab` the first two digits: two clones merge by union (DESIGN 3). */
export const recordsRef = 'refs/countersign/records';

/** Writers that lose the race try again with the new tip; each loss means that somebody else won. */
const maxAttempts = 50;

const recordPath = (digest: string): string => `${digest.slice(0, 2)}/${digest}.json`;

/** Who commits to the records ref: the program, so that no identity has to be configured and no person is named. */
const committer = 'Countersign <countersign@localhost>';

export function writeRecord(git: Git, digest: string, bytes: string): Promise<void> {
  return storeFile(git, recordPath(digest), bytes);
}

/**
 * Adds a file to the tree of the ref. `git fast-import` writes blob, trees and commit in one process and moves the ref
 * only forward, so a writer that was overtaken fails and tries again; nothing is ever lost or forced.
 *
 * @param path named after the digest of a record, so that two files of one path are of one content
 */
export async function storeFile(git: Git, path: string, bytes: string): Promise<void> {
  const data = Buffer.from(bytes);
  const seconds = Math.floor(Date.now() / 1000);
  const message = 'Add a record\n';
  for (let attempt = 1; ; attempt++) {
    const tip = await git.ask(['rev-parse', '--verify', '--quiet', `${recordsRef}^{commit}`]);
    if (tip !== undefined && (await readObjects(git, [`${tip}:${path}`])).size > 0) return;
    const head = [
      `commit ${recordsRef}`,
      `committer ${committer} ${seconds} +0000`,
      `data ${message.length}\n${message.trimEnd()}`,
      ...(tip === undefined ? [] : [`from ${tip}`]),
      `M 100644 inline ${path}`,
      `data ${data.length}`,
    ];
    const input = Buffer.concat([Buffer.from(`${head.join('\n')}\n`), data, Buffer.from('\ndone\n')]);
    try {
      await git.run(['fast-import', '--quiet', '--done', '--date-format=raw'], { input });
      return;
    } catch (error) {
      if (!(error instanceof GitError) || attempt === maxAttempts) throw error;
      const now = await git.ask(['rev-parse', '--verify', '--quiet', `${recordsRef}^{commit}`]);
      if (now === tip && attempt > 3) throw error; // nobody overtook us: it is not a race
    }
  }
}

export type RecordLookup = ProvenanceRecord | RecordFault | 'missing';

/** The records of many digests by one process. */
export async function readRecords(git: Git, digests: readonly string[]): Promise<Map<string, RecordLookup>> {
  const name = (digest: string): string => `${recordsRef}:${recordPath(digest)}`;
  const objects = await readObjects(git, digests.map(name));
  return new Map(
    digests.map((digest) => {
      const bytes = objects.get(name(digest));
      return [digest, bytes ? openRecord(bytes, digest) : 'missing'];
    }),
  );
}
