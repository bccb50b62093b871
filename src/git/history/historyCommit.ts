import { hash } from 'node:crypto';
import { apartReason } from '../../core/apart.ts';
import { isFix } from '../../core/risk/fix.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';
import { blobDigits } from './fileRecords.ts';
import type { LoggedCommit } from './log.ts';

/** What the index keeps of a commit. */
export interface HistoryCommit {
  readonly id: string;
  /** `undefined` for a root. */
  readonly firstParent: string | undefined;
  /** Seconds since 1970. */
  readonly time: number;
  /** Who made it: see `developerId`. */
  readonly developer: number;
  readonly fix: boolean;
  /** Those that are listed apart, and submodules, left out. */
  readonly files: readonly FileEvent[];
}

/** What a commit did to a file. */
export interface FileEvent {
  readonly path: string;
  readonly oldPath?: string;
  readonly isText: boolean;
  readonly added: number;
  readonly deleted: number;
  /** The first digits of object ids; zeros for none. */
  readonly oldBlob: string;
  readonly newBlob: string;
  /** 0 for a new file; `undefined` where the history before has to tell. */
  readonly linesBefore: number | undefined;
}

/**
 * A person as a number: 32 bits of a hash with a salt that never leaves the machine. It counts people, and says nothing of
 * them to whoever has the file alone.
 */
export function developerId(salt: string, name: string): number {
  return hash('sha256', `${salt}\0${name}`, 'buffer').readUInt32LE(0);
}

/** A time that git can write and nobody means. */
const latestTime = 2 ** 40;

/** @param developer the id of an author's name */
export function historyCommit(logged: LoggedCommit, developer: (name: string) => number): HistoryCommit {
  const { id, parents, time, author, message, files } = logged;
  return {
    ...{ id, firstParent: parents[0], time: Math.min(time, latestTime), developer: developer(author) },
    fix: isFix(message),
    files: files
      .filter((file) => !file.isSubmodule && apartReason(file.path) === undefined)
      .map(({ path, oldPath, oldId, newId, lines }): FileEvent => {
        const oldBlob = oldId.slice(0, blobDigits);
        return {
          ...{ path, ...(oldPath !== undefined && { oldPath }), isText: lines !== undefined },
          ...{ added: lines?.added ?? 0, deleted: lines?.deleted ?? 0 },
          ...{ oldBlob, newBlob: newId.slice(0, blobDigits), linesBefore: /^0+$/.test(oldBlob) ? 0 : undefined },
        };
      }),
  };
}

/** Whether it changed a line of a file that counts: only then it can be compared with a change. */
export function counts({ files }: HistoryCommit): boolean {
  return files.some(({ added, deleted }) => added + deleted > 0);
}

export function writeCommit(writer: ByteWriter, commit: HistoryCommit): void {
  const { id, firstParent, time, developer, fix, files } = commit;
  writer.hex(id);
  writer.number((fix ? 1 : 0) + (firstParent === undefined ? 0 : 2));
  if (firstParent !== undefined) writer.hex(firstParent);
  writer.number(time);
  writer.word(developer);
  writer.number(files.length);
  for (const file of files) {
    writer.text(file.path);
    writer.text(file.oldPath ?? '');
    writer.number(file.isText ? 1 : 0);
    writer.number(file.added);
    writer.number(file.deleted);
    writer.hex(file.oldBlob);
    writer.hex(file.newBlob);
    writer.number(file.linesBefore === undefined ? 0 : file.linesBefore + 1);
  }
}

/** @param idSize bytes of an object id */
export function readCommit(reader: ByteReader, idSize: number): HistoryCommit {
  const id = reader.hex(idSize);
  const flags = reader.number();
  const firstParent = (flags & 2) === 0 ? undefined : reader.hex(idSize);
  const time = reader.number();
  const developer = reader.word();
  const files = Array.from({ length: reader.number() }, () => readEvent(reader));
  return { id, firstParent, time, developer, fix: (flags & 1) === 1, files };
}

function readEvent(reader: ByteReader): FileEvent {
  const path = reader.text();
  const oldPath = reader.text();
  const isText = reader.number() === 1;
  const [added, deleted] = [reader.number(), reader.number()];
  const [oldBlob, newBlob] = [reader.hex(blobDigits / 2), reader.hex(blobDigits / 2)];
  const lines = reader.number();
  return {
    ...{ path, ...(oldPath !== '' && { oldPath }), isText, added, deleted, oldBlob, newBlob },
    linesBefore: lines === 0 ? undefined : lines - 1,
  };
}
