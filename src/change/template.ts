import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../core/digest.ts';
import { isErrorCode } from '../errors.ts';

/**
 * Git aborts a commit whose message is still the template that it began with (`commit.template`, `commit -t`), and must
 * still do so. Only `prepare-commit-msg` is told that there is a template: it keeps a hash of its words for `commit-msg`.
 *
 * @param folder the ledger's
 * @param template a person's own lines of the template; none where the message did not begin with one
 */
export function rememberTemplate(folder: string, template: readonly string[] | undefined): void {
  const file = stateFile(folder);
  if (template === undefined) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, hashOf(template), { mode: 0o600 });
}

/** Whether these lines are all that the template of the commit under way had. */
export function isUntouchedTemplate(folder: string, words: readonly string[]): boolean {
  try {
    return readFileSync(stateFile(folder), 'latin1') === hashOf(words);
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}

function stateFile(folder: string): string {
  return path.join(folder, 'template');
}

function hashOf(words: readonly string[]): string {
  return sha256(words.map((line) => line.trimEnd()).join('\n'));
}
