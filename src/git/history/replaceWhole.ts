import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Replaces a file that is the owner's alone: a reader, or a writer at the same time, sees the old bytes or the new ones. What
 * a killed writer leaves behind, the ledger's own clean-up takes away with its own.
 */
export function replaceWhole(file: string, data: string | Uint8Array): void {
  const partial = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(partial, data, { mode: 0o600, flag: 'wx' });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
