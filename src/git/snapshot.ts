import { copyFileSync, lstatSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isErrorCode } from '../errors.ts';
import { Git } from './git.ts';
import { readObjects } from './objects.ts';
import type { Repository } from './repository.ts';
import { maxFileSize, statusCommand } from './workTree.ts';

/** More changed files than this are not taken in: at some 0.3 ms each a command would have to wait for seconds. */
const maxChanged = 10_000;

/** What the work tree held at one time: ignored files aside, and those that were too large to be read. */
export interface Snapshot {
  /** Object id of the tree. */
  readonly tree: string;
  readonly unread: readonly string[];
}

/** What became of one path between two snapshots; object ids of its blobs, `null` where there was no file. */
export interface SnapshotChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Takes snapshots of a work tree by git's own means, so that a tree of 50,000 files costs no more than `git status`: an
 * index of our own, begun as a copy of the user's, has the file system's answers and the untracked cache, and only what
 * has changed is read. Its objects go into a folder of our own. The user's index, objects and configuration stay untouched.
 */
export class Snapshots {
  readonly #repository: Repository;
  readonly #folder: string;
  readonly #git: Git;
  /** What differs between two trees, by their ids. */
  readonly #changed = new Map<string, Promise<readonly string[] | undefined>>();

  /** @param folder everything that is written goes there; it may be removed at any time, with the snapshots in it */
  constructor(repository: Repository, folder: string) {
    this.#repository = repository;
    this.#folder = folder;
    this.#git = new Git(repository.top, {
      GIT_INDEX_FILE: path.join(folder, 'index'),
      GIT_OBJECT_DIRECTORY: path.join(folder, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: quotedPath(path.join(repository.commonDir, 'objects')),
      // The cache of untracked files is of use only where it is written.
      GIT_OPTIONAL_LOCKS: '1',
    });
  }

  /**
   * Not for two processes at once.
   *
   * @throws where more files have changed since the last commit or snapshot than are taken in
   */
  async take(): Promise<Snapshot> {
    this.#makeFolder();
    this.#copyIndex();
    const options = [...settings, ...(await this.#withoutFilters())];
    const changed = await this.#changedFiles(options);
    if (changed.length > maxChanged) {
      throw new Error(
        `${changed.length} files have changed, more than the ${maxChanged} that a command is followed in`,
      );
    }
    const unread: string[] = [];
    const input: string[] = [];
    for (const file of changed) {
      if (this.#isReadable(file)) input.push(`${file}\0`);
      else unread.push(file);
    }
    if (input.length > 0) {
      const update = ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'];
      await this.#git.run([...options, ...update], { input: input.join('') });
    }
    return { tree: await this.#git.text(['write-tree', '--missing-ok']), unread };
  }

  async changes(before: Snapshot, after: Snapshot): Promise<SnapshotChange[]> {
    if (before.tree === after.tree) return [];
    const output = await this.#git.run(['diff-tree', '-r', '-z', '--no-renames', before.tree, after.tree]);
    const fields = output.toString('utf8').split('\0');
    const changes: SnapshotChange[] = [];
    // `:MODE MODE ID ID STATUS`, then the path.
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const [oldMode, mode, old, now] = (fields[i] as string).split(' ');
      if (oldMode === `:${submodule}` || mode === submodule) continue;
      changes.push({ path: fields[i + 1] as string, before: blob(old), after: blob(now) });
    }
    return changes;
  }

  /** The tree of the user's index (of the one that the environment names), written to our own folder. */
  async indexTree(): Promise<string> {
    this.#makeFolder();
    return await this.#git.text(['write-tree'], { env: { GIT_INDEX_FILE: process.env['GIT_INDEX_FILE'] } });
  }

  /** The paths that differ between two trees; `undefined` where one of the trees is no longer kept. */
  async changedPaths(before: string, after: string): Promise<readonly string[] | undefined> {
    if (before === after) return [];
    const key = `${before} ${after}`;
    const changed = this.#changed.get(key) ?? this.#differences(before, after);
    this.#changed.set(key, changed);
    return await changed;
  }

  async #differences(before: string, after: string): Promise<readonly string[] | undefined> {
    this.#makeFolder();
    const output = await this.#git.ask(['diff-tree', '-r', '-z', '--name-only', '--no-renames', before, after]);
    return output?.split('\0').filter((file) => file !== '');
  }

  /** The object ids of all blobs in a snapshot, each with a path that has it. */
  async pathsByBlob({ tree }: Snapshot): Promise<Map<string, string>> {
    const output = await this.#git.text(['ls-tree', '-r', '-z', '--full-tree', tree]);
    // `MODE TYPE ID`, a tab and the path.
    const entries = output.split('\0').filter((entry) => entry !== '');
    return new Map(
      entries.map((entry) => [entry.split(/[ \t]/, 3)[2] as string, entry.slice(entry.indexOf('\t') + 1)]),
    );
  }

  /** The bytes of blobs by their object ids, or by other names of theirs (`TREE:path`). */
  async read(ids: readonly string[]): Promise<Map<string, Buffer>> {
    this.#makeFolder();
    return await readObjects(this.#git, ids);
  }

  /** Git takes a repository for none whose folder of objects is not there. */
  #makeFolder(): void {
    mkdirSync(path.join(this.#folder, 'objects'), { recursive: true, mode: 0o700 });
  }

  /** The user's index tells what is tracked, and has the file system's answers: begin anew whenever it has changed. */
  #copyIndex(): void {
    const source = path.join(this.#repository.gitDir, 'index');
    const stamp = path.join(this.#folder, 'index.source');
    try {
      const { mtimeNs, size, ino } = lstatSync(source, { bigint: true });
      const state = `${mtimeNs} ${size} ${ino}`;
      if (readIfThere(stamp) === state) return;
      const copy = path.join(this.#folder, 'index');
      copyFileSync(source, copy);
      // Git looks into files that are no older than the index: a copy must not seem to be younger. Rounded down, that is safe.
      const seconds = Math.floor(Number(mtimeNs) / 1e6 - 1) / 1000;
      utimesSync(copy, seconds, seconds);
      writeFileSync(stamp, state, { mode: 0o600 });
    } catch (error) {
      // A repository without a first `git add` has no index.
      if (!isErrorCode(error, 'ENOENT')) throw error;
    }
  }

  /** Paths whose content in the work tree is not what our index has; nested repositories aside. */
  async #changedFiles(options: readonly string[]): Promise<string[]> {
    const output = (await this.#git.run([...options, ...statusCommand])).toString('utf8').split('\0');
    // `XY PATH`: X is what the index has over HEAD, Y what the work tree has over the index. `U` in either: a conflict.
    return output.flatMap((entry) => {
      const isSame = entry[1] === ' ' && entry[0] !== 'U';
      return entry === '' || isSame || entry.endsWith('/') ? [] : [entry.slice(3)];
    });
  }

  /** Filters are the user's programs (large file storage): they are not run for us, the bytes are taken as they are. */
  async #withoutFilters(): Promise<string[]> {
    const query = ['config', '--name-only', '-z', '--get-regexp', '^filter\\..*\\.(clean|process)$'];
    const names = (await this.#git.run(query, { accept: [1] })).toString('utf8').split('\0');
    return names
      .filter((name) => name !== '')
      .flatMap((name) => {
        const filter = name.slice(0, name.lastIndexOf('.'));
        return ['-c', `${name}=`, '-c', `${filter}.required=false`];
      });
  }

  #isReadable(file: string): boolean {
    try {
      const stats = lstatSync(path.join(this.#repository.top, file));
      return stats.isSymbolicLink() || (stats.isFile() && stats.size <= maxFileSize);
    } catch (error) {
      if (isErrorCode(error, 'ENOENT', 'ENOTDIR')) return true; // gone: that is what is taken note of
      throw error;
    }
  }
}

/** What makes our index quick, and keeps git from writing anything beside it. */
const settings = [
  ...['-c', 'core.untrackedCache=true', '-c', 'status.showUntrackedFiles=all', '-c', 'core.splitIndex=false'],
  ...['-c', 'core.safecrlf=false', '-c', 'core.looseCompression=0', '-c', 'advice.addEmbeddedRepo=false'],
];

/** The mode of a submodule's entry, which is a commit. */
const submodule = '160000';

function blob(id: string | undefined): string | null {
  return id === undefined || /^0+$/.test(id) ? null : id;
}

/** A path in a list that git separates at `:` (`;` on Windows) and unquotes where it begins with a quote. */
function quotedPath(file: string): string {
  return /^"|[:;]/.test(file) && process.platform !== 'win32' ? JSON.stringify(file) : file;
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
