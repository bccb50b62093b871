import { hash } from 'node:crypto';
import type { FileHistory } from '../../core/risk/extraction.ts';
import { ByteReader, ByteWriter } from './bytes.ts';

/** What is kept of a file. */
export interface FileRecord extends FileHistory {
  readonly changes: number;
  readonly lastChange: number;
  readonly developers: readonly number[];
  /** The content that the last commit left: the first digits of its object id. */
  readonly blob: string;
  /** How many lines that has; `undefined`: not known. */
  readonly lines: number | undefined;
}

/** So many digits of an object id tell the contents of one file apart. */
export const blobDigits = 12;

/** A row of the table: hash of the path, place of the record. */
const rowSize = 12;

/** Records of files by path: sorted rows, and behind them the records. A lookup reads a few of its bytes. */
export class FileTable {
  /** As it is stored. */
  readonly bytes: Buffer;
  readonly #count: number;
  readonly #records: number;

  /** @throws {RangeError} where the bytes are no such table */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#count = bytes.readUInt32LE(0);
    this.#records = 4 + this.#count * rowSize;
    if (this.#records > bytes.length) throw new RangeError('a table without its rows');
  }

  static readonly empty: FileTable = new FileTable(Buffer.alloc(4));

  /** How many files it has. */
  get count(): number {
    return this.#count;
  }

  /** `null` where the table says that the file has no history any more, `undefined` where it says nothing. */
  get(path: string): FileRecord | null | undefined {
    const [high, low] = keyOf(path);
    let [first, last] = [0, this.#count - 1];
    while (first <= last) {
      const middle = (first + last) >>> 1;
      const row = 4 + middle * rowSize;
      const order = this.bytes.readUInt32BE(row) - high || this.bytes.readUInt32BE(row + 4) - low;
      if (order === 0) return readRecord(this.bytes, this.#records + this.bytes.readUInt32BE(row + 8));
      if (order < 0) first = middle + 1;
      else last = middle - 1;
    }
    return undefined;
  }

  /** The table with other records; `null` takes a file out of it, or, where `keepsGone`, says that it has no history. */
  with(changed: ReadonlyMap<string, FileRecord | null>, keepsGone: boolean): FileTable {
    const rows: Row[] = [];
    const over = new Set<string>();
    const records = new ByteWriter();
    for (const [path, record] of changed) {
      const [high, low] = keyOf(path);
      over.add(`${high} ${low}`);
      if (record === null && !keepsGone) continue;
      rows.push({ high, low, at: records.length });
      writeRecord(records, record);
    }
    for (let i = 0; i < this.#count; i++) {
      const row = 4 + i * rowSize;
      const [high, low] = [this.bytes.readUInt32BE(row), this.bytes.readUInt32BE(row + 4)];
      if (over.has(`${high} ${low}`)) continue;
      rows.push({ high, low, at: records.length });
      writeRecord(records, readRecord(this.bytes, this.#records + this.bytes.readUInt32BE(row + 8)));
    }
    rows.sort((a, b) => a.high - b.high || a.low - b.low);
    const table = Buffer.allocUnsafe(4 + rows.length * rowSize);
    let at = table.writeUInt32LE(rows.length, 0);
    for (const row of rows) {
      at = table.writeUInt32BE(row.high, at);
      at = table.writeUInt32BE(row.low, at);
      at = table.writeUInt32BE(row.at, at);
    }
    return new FileTable(Buffer.concat([table, records.bytes()]));
  }
}

interface Row {
  readonly high: number;
  readonly low: number;
  readonly at: number;
}

/** 64 bits of the path's hash: the path itself is not kept. */
function keyOf(path: string): [high: number, low: number] {
  const digest = hash('sha256', path, 'buffer');
  return [digest.readUInt32BE(0), digest.readUInt32BE(4)];
}

function writeRecord(writer: ByteWriter, record: FileRecord | null): void {
  writer.number(record?.changes ?? 0);
  if (!record) return;
  writer.number(record.lastChange);
  writer.number(record.lines === undefined ? 0 : record.lines + 1);
  writer.hex(record.blob);
  writer.number(record.developers.length);
  for (const developer of record.developers) writer.word(developer);
}

function readRecord(bytes: Buffer, at: number): FileRecord | null {
  const reader = new ByteReader(bytes, at);
  const changes = reader.number();
  if (changes === 0) return null;
  const lastChange = reader.number();
  const lines = reader.number();
  const blob = reader.hex(blobDigits / 2);
  const developers = Array.from({ length: reader.number() }, () => reader.word());
  return { changes, lastChange, developers, blob, lines: lines === 0 ? undefined : lines - 1 };
}
