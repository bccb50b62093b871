import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { sha256 } from '../../core/digest.ts';
import { isErrorCode } from '../../errors.ts';
import type { User } from './hookCommand.ts';
import { undone } from './undo.ts';

const Edit = v.strictObject({ at: v.number(), length: v.number(), text: v.string() });

const FileRecord = v.object({
  file: v.string(),
  /** SHA-256 of the file as we left it. */
  after: v.string(),
  /** The edits that make of it what was there; absent where there was no file. */
  undo: v.optional(v.array(Edit)),
  /** The folders that were made for it. */
  folders: v.array(v.string()),
  /** SHA-256 of each entry as we wrote it (canonical JSON). */
  entries: v.array(v.string()),
  /** The keys of the values that we set. */
  values: v.array(v.array(v.string())),
});

const Installed = v.object({
  schema: v.literal('countersign/installed/1'),
  files: v.array(FileRecord),
});

/** What an installation left in one file, and how to bring back what was there: nothing else of the file is kept. */
export type FileRecord = v.InferOutput<typeof FileRecord>;

/** The records of an assistant's installation; none where there are none, or none that can be read. */
export async function readInstalled(user: User, id: string): Promise<readonly FileRecord[]> {
  let text: string;
  try {
    text = await readFile(fileOf(user, id), 'utf8');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
  try {
    const parsed = v.safeParse(Installed, JSON.parse(text));
    return parsed.success ? parsed.output.files : [];
  } catch {
    return []; // damaged: what is in the settings themselves still tells our entries
  }
}

/** Keeps the records, for their owner alone; takes the file away where there are none. */
export async function writeInstalled(user: User, id: string, files: readonly FileRecord[]): Promise<void> {
  const file = fileOf(user, id);
  if (files.length === 0) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify({ schema: 'countersign/installed/1', files })}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
}

/** What was there before, where the file is still as we left it: its text, or that there was none. */
export function original(
  record: FileRecord | undefined,
  text: string,
): { readonly text: string | undefined } | undefined {
  if (record === undefined || sha256(text) !== record.after) return undefined;
  return { text: record.undo && undone(text, record.undo) };
}

function fileOf({ home }: User, id: string): string {
  return path.join(home, '.countersign', 'installed', `${id}.json`);
}
