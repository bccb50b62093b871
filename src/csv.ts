import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { isErrorCode, messageOf } from './errors.ts';

/** A record of a CSV file: its number, 1 for the first below the header, and its cells by column. */
export interface CsvRow {
  readonly number: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** A record that is longer is no record: a quote was left open. */
const maxRecordLength = 1_000_000;

/**
 * Reads a CSV file (RFC 4180, UTF-8, with a header; gzipped where its name ends in `.gz`) record by record, in bounded memory.
 * @param columns those that the header must have; others may be there, and the order is free
 * @throws Error naming the file, and the record where it is one
 */
export async function* readCsv(file: string, columns: readonly string[]): AsyncGenerator<CsvRow> {
  let hasHeader = false;
  const parser = parse({
    bom: true,
    skip_empty_lines: true,
    max_record_size: maxRecordLength,
    columns: (header: string[]) => {
      const missing = columns.filter((column) => !header.includes(column));
      if (missing.length > 0) throw new Error(`the header lacks ${missing.join(', ')}`);
      hasHeader = true;
      return header;
    },
  });
  const source = createReadStream(file);
  const reading = file.endsWith('.gz') ? pipeline(source, createGunzip(), parser) : pipeline(source, parser);
  // Its error comes out of the iteration below, too; a reader that stops early ends it by an error of its own.
  reading.catch(() => undefined);
  let number = 0;
  try {
    for await (const cells of parser) yield { number: ++number, cells };
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) throw new Error(`${file}: there is no such file`);
    throw new Error(`${file}: ${messageOf(error)}`);
  }
  if (!hasHeader) throw new Error(`${file}: it is empty, not even a header`);
}
