import { openRecord, type ProvenanceRecord, type RecordFault } from '../core/record.ts';
import { addFiles, type TreeEdit } from './advance.ts';
import { type Git, GitError } from './git.ts';
import { readObjects } from './objects.ts';
import { stillPromised } from './promised.ts';
import { listTree } from './tree.ts';

/** A commit whose tree holds `ab/<digest>.json`, `ab` the first two digits: two clones merge by union (DESIGN 3). */
export const recordsRef = 'refs/countersign/records';

/** Takes the records that cannot go to `recordsRef`: it is damaged, or somebody died and left it locked. */
export const rescuedRef = 'refs/countersign/rescued/records';

/** Below it is what was last seen of each remote: `<remote>/records`, `<remote>/notes`. */
export const remotesPrefix = 'refs/countersign/remotes/';

/** Where a record lies in the tree of the ref. */
export const recordPath = (digest: string): string => `${digest.slice(0, 2)}/${digest}.json`;

export interface RecordBytes {
  /** SHA-256 of the bytes, 64 hex digits. */
  readonly digest: string;
  readonly bytes: string;
}

export function writeRecord(git: Git, digest: string, bytes: string): Promise<void> {
  return storeFile(git, recordPath(digest), bytes);
}

/** Stores many records by one process. */
export function writeRecords(git: Git, records: readonly RecordBytes[]): Promise<void> {
  return storeFiles(
    git,
    records.map(({ digest, bytes }) => ({ path: recordPath(digest), bytes })),
  );
}

/**
 * Adds a file to the tree of the records ref.
 *
 * @param path named after the digest of a record, so that two files of one path are of one content
 */
export function storeFile(git: Git, path: string, bytes: string): Promise<void> {
  return storeFiles(git, [{ path, bytes }]);
}

/** @throws {GitError} where they could be stored nowhere; the message is of the records ref itself */
async function storeFiles(git: Git, files: readonly TreeEdit[]): Promise<void> {
  if (files.length === 0) return;
  const message = files.length === 1 ? 'Add a record' : `Add ${files.length} records`;
  try {
    await addFiles(git, recordsRef, message, files);
  } catch (error) {
    if (!(error instanceof GitError) || error.reason !== 'failed') throw error;
    await addFiles(git, rescuedRef, message, files).catch(() => {
      throw error;
    });
  }
}

export type RecordLookup = ProvenanceRecord | RecordFault | 'missing';

/** More than this many blobs that a partial clone left at the server are fetched together, not one by one. */
const few = 8;
/** For more than this many digests the tree is listed: git finds an object by its id ten times faster than by path. */
const many = 256;

/**
 * The records of digests, by one process where they are some and all in the records ref. What is not there is looked for in what
 * was rescued, and in what plain `git fetch` brought from remotes.
 */
export async function readRecords(git: Git, digests: readonly string[]): Promise<Map<string, RecordLookup>> {
  const found = await lookIn(git, recordsRef, digests);
  const absent = (): string[] => digests.filter((digest) => found.get(digest) === undefined);
  if (absent().length > 0) {
    for (const ref of await otherRefs(git)) {
      for (const [digest, record] of await lookIn(git, ref, absent())) found.set(digest, record);
    }
  }
  return new Map(digests.map((digest) => [digest, found.get(digest) ?? 'missing']));
}

/** Refs besides `recordsRef` that hold records. */
async function otherRefs(git: Git): Promise<string[]> {
  const refs = await git.text(['for-each-ref', '--format=%(refname)', rescuedRef, remotesPrefix]);
  return refs.split('\n').filter((ref) => ref.endsWith('/records'));
}

async function lookIn(git: Git, ref: string, digests: readonly string[]): Promise<Map<string, RecordLookup>> {
  if (digests.length === 0) return new Map();
  const names = await namesIn(git, ref, digests);
  const objects = await readObjects(git, [...names.values()]);
  return new Map(
    [...names].flatMap(([digest, name]): [string, RecordLookup][] => {
      const bytes = objects.get(name);
      return bytes ? [[digest, openRecord(bytes, digest)]] : [];
    }),
  );
}

/** What git is to be asked for, by digest. */
async function namesIn(git: Git, ref: string, digests: readonly string[]): Promise<Map<string, string>> {
  const promised = digests.length > few ? await stillPromised(git, ref) : new Set<string>();
  if (digests.length <= many && promised.size === 0) {
    return new Map(digests.map((digest) => [digest, `${ref}:${recordPath(digest)}`]));
  }
  const objects = new Map((await listTree(git, ref)).map(({ path, object }) => [path, object]));
  return new Map(
    digests.flatMap((digest): [string, string][] => {
      const object = objects.get(recordPath(digest));
      return object === undefined || promised.has(object) ? [] : [[digest, object]];
    }),
  );
}
