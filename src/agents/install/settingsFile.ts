import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, lstat, mkdir, open, readFile, realpath, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { decodeText } from '../../core/text.ts';
import { isErrorCode } from '../../errors.ts';
import { SettingsError } from './settingsForm.ts';

/** In bytes: no settings file is larger. */
const maxSize = 10 * 1024 * 1024;

/** A file as it was found. */
export interface FoundFile {
  /** Behind all links, so that a link stays a link. */
  readonly file: string;
  /** With its byte order mark; `undefined` where there is no file. */
  readonly text: string | undefined;
}

/**
 * Reads a file that is to be changed.
 *
 * @throws {SettingsError} where it could not be written, or is none that we may write
 */
export async function findFile(named: string): Promise<FoundFile> {
  const file = await realpath(named).catch(async (error: unknown) => {
    if (!isErrorCode(error, 'ENOENT')) throw new SettingsError(`it cannot be reached (${codeOf(error)})`);
    if (await isLink(named)) throw new SettingsError('it is a link to nothing');
    return await realFolder(named);
  });
  const stats = await stat(file).catch(() => undefined);
  if (!stats) {
    await requireWritable(await nearestFolder(path.dirname(file)));
    return { file, text: undefined };
  }
  if (!stats.isFile()) throw new SettingsError('it is no file');
  if (stats.size > maxSize) throw new SettingsError(`it has ${stats.size} bytes, more than any settings`);
  await requireWritable(file);
  await requireWritable(path.dirname(file));
  const text = decodeText(await readFile(file));
  if (text === undefined) throw new SettingsError('it is no text in UTF-8');
  return { file, text };
}

/**
 * Writes a file whole or not at all, with the mode and the owner that it had; a new one is for its owner alone, and so are
 * the folders made for it.
 *
 * @returns the folders that were made, the outermost first
 * @throws {SettingsError} where it is no longer as it was found
 */
export async function replaceFile(
  { file, text: found }: FoundFile,
  text: string,
  executable: boolean,
): Promise<string[]> {
  const folders = await makeFolders(path.dirname(file));
  const stats = await stat(file).catch(() => undefined);
  const partial = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    const mode = stats ? stats.mode & 0o7777 : 0o600;
    const handle = await open(partial, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await keepOwner(handle, stats);
      await handle.chmod(executable ? mode | 0o100 : mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await requireUnchanged(file, found);
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  return folders;
}

/**
 * Takes a file away.
 *
 * @throws {SettingsError} where it is no longer as it was found
 */
export async function removeFile({ file, text }: FoundFile): Promise<void> {
  await requireUnchanged(file, text);
  await rm(file, { force: true });
}

/** Takes folders away, those below first, that hold nothing. */
export async function removeEmptyFolders(folders: readonly string[]): Promise<void> {
  for (const folder of [...new Set(folders)].sort().reverse()) {
    try {
      await rmdir(folder);
    } catch (error) {
      if (!isErrorCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw error;
    }
  }
}

async function requireUnchanged(file: string, found: string | undefined): Promise<void> {
  const now = await readFile(file).catch((error: unknown) => {
    if (isErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if ((now === undefined ? undefined : decodeText(now)) !== found) {
    throw new SettingsError(`${file} was changed meanwhile, and is left as it is now: try again`);
  }
}

/** The mode says it also where the person is root, who could write all the same. */
async function requireWritable(place: string): Promise<void> {
  const { mode } = await stat(place);
  const mayWrite = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
  const isFolder = ((await stat(place)).mode & 0o170000) === 0o040000;
  if (!mayWrite || (mode & 0o222) === 0) {
    throw new SettingsError(isFolder ? `its folder ${place} is read-only` : 'it is read-only');
  }
}

async function nearestFolder(folder: string): Promise<string> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory()) return folder;
  if (stats) throw new SettingsError(`${folder} is no folder`);
  return await nearestFolder(path.dirname(folder));
}

/** A path of which the end is not there yet, behind the links in what is there. */
async function realFolder(file: string): Promise<string> {
  const folder = path.dirname(file);
  const real = await realpath(folder).catch(async (error: unknown) => {
    if (!isErrorCode(error, 'ENOENT') || folder === path.dirname(folder)) throw error;
    if (await isLink(folder)) throw new SettingsError(`its folder ${folder} is a link to nothing`);
    return await realFolder(folder);
  });
  return path.join(real, path.basename(file));
}

async function isLink(file: string): Promise<boolean> {
  return (await lstat(file).catch(() => undefined))?.isSymbolicLink() === true;
}

async function makeFolders(folder: string): Promise<string[]> {
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made === undefined) return [];
  const below = path.relative(made, folder).split(path.sep).filter(Boolean);
  return [made, ...below.map((_, i) => path.join(made, ...below.slice(0, i + 1)))];
}

/** Where the owner may not be kept, the file is the writer's. */
async function keepOwner(
  handle: { chown(uid: number, gid: number): Promise<void>; stat(): Promise<Stats> },
  before: Stats | undefined,
): Promise<void> {
  if (!before) return;
  const { uid, gid } = await handle.stat();
  if (uid === before.uid && gid === before.gid) return;
  try {
    await handle.chown(before.uid, before.gid);
  } catch (error) {
    if (!isErrorCode(error, 'EPERM', 'EINVAL', 'ENOSYS')) throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
