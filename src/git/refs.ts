import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isErrorCode } from '../errors.ts';
import type { Repository } from './repository.ts';

/**
 * Whether a ref may be here, without starting git: false is certain, true is to be asked of git. Refs lie in files of
 * their own, in `packed-refs`, or where the repository keeps them otherwise (a reftable) cannot be told.
 */
export function mayHaveRef({ commonDir }: Pick<Repository, 'commonDir'>, ref: string): boolean {
  if (existsSync(path.join(commonDir, ref)) || existsSync(path.join(commonDir, 'reftable'))) return true;
  try {
    return readFileSync(path.join(commonDir, 'packed-refs'), 'latin1').includes(` ${ref}\n`);
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}
