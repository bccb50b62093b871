import { diffOptions } from '../diff.ts';
import { Git } from '../git.ts';

/** What a commit did to one file. */
export interface LoggedFile {
  readonly path: string;
  readonly oldPath?: string;
  /** Object ids; all zeros where there is none. */
  readonly oldId: string;
  readonly newId: string;
  /** `undefined` for what is no text to git. */
  readonly lines: { readonly added: number; readonly deleted: number } | undefined;
  readonly isSubmodule: boolean;
}

export interface LoggedCommit {
  readonly id: string;
  readonly parents: readonly string[];
  /** When it was committed: seconds since 1970. */
  readonly time: number;
  /** The author's name as it stands in the commit. */
  readonly author: string;
  readonly message: string;
  /** Against its parent; none for a merge, whose parents' commits are listed themselves. */
  readonly files: readonly LoggedFile[];
}

export interface LogRange {
  /** A commit that is known already, with all that it reaches. */
  readonly after?: string;
  /** A commit's id. */
  readonly to: string;
  /** The last so many. */
  readonly maxCount?: number;
  /** Seconds since 1970: git looks no further back. */
  readonly since?: number;
}

/** As changes are read elsewhere, but for the patch itself. */
const countOptions = diffOptions.filter((option) => option !== '-p' && option !== '-U0');

/** The options of the one `git log` that history is read by; whatever a person has configured, it answers alike. */
const logOptions = [
  ...['--no-show-signature', '--no-notes', '--no-mailmap', '--no-decorate'],
  ...['--format=%H%x00%P%x00%ct%x00%an%x00%B'],
  ...countOptions,
  '--numstat',
];

/**
 * Git for reading history: as it was made, whatever `git replace` says, and without asking a server for what a partial
 * clone has left there, a file at a time.
 */
export function historyGit(folder: string): Git {
  return new Git(folder, { GIT_NO_REPLACE_OBJECTS: '1', GIT_NO_LAZY_FETCH: '1' });
}

/**
 * The commits of a range, parents first: all of a commit's first parent, then what each other parent adds, then itself. So
 * what comes before a commit of the first parents' line is the same in the history of whatever comes after it; git's own
 * topological order does not promise that.
 *
 * @throws {GitError} as `Git.run`
 */
export async function commitsInOrder(
  git: Git,
  { after, to, maxCount, since }: LogRange,
  signal?: AbortSignal,
): Promise<string[]> {
  const args = [
    ...['rev-list', '--parents'],
    ...(maxCount === undefined ? [] : [`--max-count=${maxCount}`]),
    // Without the sign git takes a small number for a day of the month.
    ...(since === undefined || since === 0 ? [] : [`--since=@${since} +0000`]),
    ...['--end-of-options', to, ...(after === undefined ? [] : [`^${after}`]), '--'],
  ];
  const parents = new Map<string, readonly string[]>();
  for (const line of (await git.text(args, { signal })).split('\n')) {
    const [id = '', ...ids] = line.split(' ');
    if (id !== '') parents.set(id, ids);
  }
  return parentsFirst(to, parents);
}

/** @param parents of each commit of the range; others are left out */
function parentsFirst(tip: string, parents: ReadonlyMap<string, readonly string[]>): string[] {
  const listed: string[] = [];
  const seen = new Set<string>();
  // Not by calls: a history is deeper than they may be.
  const path: { readonly id: string; next: number }[] = [];
  const enter = (id: string): void => {
    if (seen.has(id) || !parents.has(id)) return;
    seen.add(id);
    path.push({ id, next: 0 });
  };
  enter(tip);
  for (let at = path.at(-1); at; at = path.at(-1)) {
    const parent = parents.get(at.id)?.[at.next++];
    if (parent !== undefined) enter(parent);
    else listed.push((path.pop() as typeof at).id);
  }
  return listed;
}

/**
 * What git tells of these commits, in their order, some at a time.
 *
 * @throws {GitError} as `Git.stream`
 */
export async function* readLog(
  git: Git,
  commits: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<LoggedCommit[]> {
  if (commits.length === 0) return;
  // No server is asked by a git that does not know `GIT_NO_LAZY_FETCH`, either.
  const settings = ['-c', 'protocol.allow=never', '-c', 'log.showRoot=true'];
  const args = [...settings, 'log', ...logOptions, '--no-walk=unsorted', '--stdin'];
  const parser = new LogParser();
  for await (const chunk of git.stream(args, lines(commits), { signal })) {
    const complete = parser.take(chunk);
    if (complete.length > 0) yield complete;
  }
  const last = parser.end();
  if (last) yield [last];
}

function* lines(all: readonly string[]): Generator<string> {
  for (let i = 0; i < all.length; i += 1_000) yield `${all.slice(i, i + 1_000).join('\n')}\n`;
}

type OpenFile = { -readonly [K in keyof LoggedFile]: LoggedFile[K] };

const headerFields = 5;

/**
 * Parses `-z --raw --numstat` with the format above: five fields of a commit, its raw entries, then as many counts in the
 * same order. No field holds a NUL.
 */
class LogParser {
  #rest: Buffer = Buffer.alloc(0);
  #header: string[] = [];
  #files: OpenFile[] = [];
  /** Paths that the entry at hand still lacks. */
  #paths = 0;
  /** Counts that have come. */
  #counted = 0;
  /** Paths behind a count: the raw entry told them already. */
  #skip = 0;
  #done: LoggedCommit[] = [];

  /** @returns the commits that are complete */
  take(chunk: Buffer): LoggedCommit[] {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = data.indexOf(0, start); end >= 0; end = data.indexOf(0, start)) {
      this.#field(data, start, end);
      start = end + 1;
    }
    this.#rest = data.subarray(start);
    const done = this.#done;
    this.#done = [];
    return done;
  }

  /** @returns the last commit: nothing behind it says that it is complete */
  end(): LoggedCommit | undefined {
    this.#finish();
    return this.#done.pop();
  }

  #field(data: Buffer, start: number, end: number): void {
    if (this.#skip > 0) {
      this.#skip--;
    } else if (this.#paths > 0) {
      this.#path(data.toString('utf8', start, end));
    } else if (this.#header.length < headerFields) {
      this.#header.push(data.toString('utf8', start, end));
    } else {
      // The entries stand on a line of their own, below the format.
      const at = data[start] === 0x0a ? start + 1 : start;
      const tab = this.#counted < this.#files.length ? data.indexOf(0x09, at) : -1;
      if (data[at] === 0x3a) this.#raw(data.toString('latin1', at, end));
      else if (tab >= 0 && tab < end) this.#count(data, at, tab, end);
      else {
        this.#finish();
        this.#header.push(data.toString('utf8', start, end));
      }
    }
  }

  /** `:100644 100644 <id> <id> M`, before one path or two. */
  #raw(entry: string): void {
    const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = entry.slice(1).split(' ');
    const isSubmodule = oldMode === '160000' || newMode === '160000';
    this.#files.push({ path: '', oldId, newId, lines: undefined, isSubmodule });
    this.#paths = status[0] === 'R' || status[0] === 'C' ? 2 : 1;
  }

  #path(path: string): void {
    const file = this.#files[this.#files.length - 1] as OpenFile;
    if (--this.#paths > 0) file.oldPath = path;
    else file.path = path;
  }

  /** `12\t3\tpath`, or `12\t3\t` before two paths; `-\t-\t` for what is no text. */
  #count(data: Buffer, start: number, tab: number, end: number): void {
    const file = this.#files[this.#counted++] as OpenFile;
    const second = data.indexOf(0x09, tab + 1);
    if (data[start] !== 0x2d) {
      const [added, deleted] = [data.toString('latin1', start, tab), data.toString('latin1', tab + 1, second)];
      file.lines = { added: Number(added), deleted: Number(deleted) };
    }
    if (second + 1 === end) this.#skip = 2;
  }

  #finish(): void {
    const [id, parents = '', time = '', author = '', message = ''] = this.#header;
    if (id === undefined || this.#header.length < headerFields) return;
    const files = this.#files;
    this.#done.push({
      ...{ id, parents: parents === '' ? [] : parents.split(' '), time: Number(time), author, message, files },
    });
    this.#header = [];
    this.#files = [];
    this.#counted = 0;
  }
}
