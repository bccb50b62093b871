import { readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import * as v from 'valibot';
import type { Features } from '../../core/risk/features.ts';
import { isErrorCode } from '../../errors.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { FileTable } from './fileRecords.ts';
import { type HistoryCommit, readCommit, writeCommit } from './historyCommit.ts';
import { replaceWhole } from './replaceWhole.ts';

/** The history of a repository up to one commit, as it is stored. */
export interface StoredHistory {
  /** The commit that it goes up to. */
  readonly tip: string;
  /** What developers are hashed with. */
  readonly salt: string;
  /** Nothing older was read: seconds since 1970. */
  readonly since: number;
  /** Where a shallow clone ended when it was read: a hash, `''` for a clone that has all. */
  readonly shallow: string;
  /** Commits in all, and of them those that only the settled files tell of. */
  readonly commits: number;
  /** Files before the recent commits. They stay as they are while commits come and go at the tip. */
  readonly settled: FileTable;
  /** Files that the recent commits touched, as they are at the tip. */
  readonly current: FileTable;
  /** The features of the last commits that can be compared with a change, the earlier first. */
  readonly reference: readonly Features[];
  /** The commits after the settled ones, in their order. Decoded when they are asked for: a hook does without. */
  readonly recent: () => readonly HistoryCommit[];
}

const magic = Buffer.from('countersign history 1\n');

const headerSchema = v.object({
  tip: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)),
  salt: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  since: v.number(),
  shallow: v.string(),
  commits: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Bytes of each part. */
  settled: v.pipe(v.number(), v.integer()),
  current: v.pipe(v.number(), v.integer()),
  reference: v.pipe(v.number(), v.integer()),
  recent: v.pipe(v.number(), v.integer()),
});

/** Where the index of a worktree lies. */
export function historyFile(gitDir: string): string {
  return path.join(gitDir, 'countersign', 'history.bin');
}

/** What is stored there; `undefined` for nothing, for what another version wrote, and for what is damaged. */
export function readHistory(gitDir: string): StoredHistory | undefined {
  try {
    return decode(readFileSync(historyFile(gitDir)));
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR', 'EISDIR')) return undefined;
    throw error;
  }
}

/** Stores it as a whole: a reader, or a writer at the same time, sees the old one or the new one. */
export function writeHistory(gitDir: string, history: StoredHistory): void {
  replaceWhole(historyFile(gitDir), encode(history));
}

/** The mark, the header's size, the header, the parts, and a checksum of it all. */
function encode({ tip, salt, since, shallow, commits, settled, current, reference, recent }: StoredHistory): Buffer {
  const parts = {
    settled: settled.bytes,
    current: current.bytes,
    reference: encodeReference(reference),
    recent: encodeRecent(recent()),
  };
  const sizes = Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [name, bytes.length]));
  const header = Buffer.from(JSON.stringify({ tip, salt, since, shallow, commits, ...sizes }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  const all = Buffer.concat([magic, size, header, ...Object.values(parts), Buffer.alloc(4)]);
  all.writeUInt32LE(crc32(all.subarray(0, -4)), all.length - 4);
  return all;
}

function decode(bytes: Buffer): StoredHistory | undefined {
  const start = magic.length + 4;
  if (bytes.length < start + 4 || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  if (crc32(bytes.subarray(0, -4)) !== bytes.readUInt32LE(bytes.length - 4)) return undefined;
  try {
    const headerSize = bytes.readUInt32LE(magic.length);
    const header = v.parse(headerSchema, JSON.parse(bytes.toString('utf8', start, start + headerSize)));
    const reader = new ByteReader(bytes, start + headerSize);
    const [settled, current] = [new FileTable(reader.raw(header.settled)), new FileTable(reader.raw(header.current))];
    const reference = decodeReference(reader.raw(header.reference));
    const recent = reader.raw(header.recent);
    const { tip, salt, since, shallow, commits } = header;
    return {
      ...{ tip, salt, since, shallow, commits, settled, current, reference },
      recent: () => decodeRecent(recent, tip.length / 2),
    };
  } catch (error) {
    // The checksum holds, and yet it is nothing that this version writes.
    if (error instanceof RangeError || error instanceof SyntaxError || v.isValiError(error)) return undefined;
    throw error;
  }
}

function encodeRecent(commits: readonly HistoryCommit[]): Buffer {
  const writer = new ByteWriter();
  writer.number(commits.length);
  for (const commit of commits) writeCommit(writer, commit);
  return writer.bytes();
}

function decodeRecent(bytes: Buffer, idSize: number): HistoryCommit[] {
  const reader = new ByteReader(bytes);
  return Array.from({ length: reader.number() }, () => readCommit(reader, idSize));
}

function encodeReference(reference: readonly Features[]): Buffer {
  const writer = new ByteWriter();
  writer.number(reference.length);
  for (const { linesAdded, linesDeleted, files, directories, entropy, fileLines, history, fix } of reference) {
    for (const count of [linesAdded, linesDeleted, files, directories]) writer.number(count);
    writer.double(entropy);
    writer.double(fileLines ?? -1);
    writer.number((fix === undefined ? 0 : fix ? 2 : 1) + (history ? 3 : 0));
    if (!history) continue;
    writer.double(history.age);
    writer.number(history.changes);
    writer.number(history.developers);
  }
  return writer.bytes();
}

function decodeReference(bytes: Buffer): Features[] {
  const reader = new ByteReader(bytes);
  return Array.from({ length: reader.number() }, (): Features => {
    const [linesAdded, linesDeleted, files, directories] = [
      reader.number(),
      reader.number(),
      reader.number(),
      reader.number(),
    ];
    const entropy = reader.double();
    const fileLines = reader.double();
    const flags = reader.number();
    const history =
      flags < 3 ? undefined : { age: reader.double(), changes: reader.number(), developers: reader.number() };
    const fix = flags % 3 === 0 ? undefined : flags % 3 === 2;
    return {
      ...{ linesAdded, linesDeleted, files, directories, entropy, history, fix },
      fileLines: fileLines < 0 ? undefined : fileLines,
    };
  });
}
