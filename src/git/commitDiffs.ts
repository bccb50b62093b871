import { randomBytes } from 'node:crypto';
import { type DiffFile, diffOptions, parseDiff } from './diff.ts';
import { type Git, GitError } from './git.ts';

/** A commit and what it is compared with. */
export interface DiffRequest {
  readonly commit: string;
  /** None for a root commit: all that it has is added. */
  readonly parents: readonly string[];
}

/** For so many commits git works on two cores. */
const many = 200;

/**
 * The change of each commit, in the order asked for: against its parent; for a merge what differs from every parent. By one
 * process, or two for a long history. Only the changes at hand are held in memory.
 */
export async function* diffCommits(git: Git, requests: readonly DiffRequest[]): AsyncGenerator<DiffFile[]> {
  const lanes = requests.length < many ? 1 : 2;
  const streams = Array.from({ length: lanes }, (_, lane) =>
    diffInTurn(
      git,
      requests.filter((_, i) => i % lanes === lane),
    ),
  );
  try {
    const ahead = streams.map(next);
    for (let i = 0; i < requests.length; i++) {
      const lane = i % lanes;
      const { value } = await (ahead[lane] as ReturnType<typeof next>);
      // Each goes on while the other's answer is used.
      ahead[lane] = next(streams[lane] as AsyncGenerator<DiffFile[]>);
      yield value as DiffFile[];
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return(undefined)));
  }
}

function next(stream: AsyncGenerator<DiffFile[]>): Promise<IteratorResult<DiffFile[]>> {
  const answer = stream.next();
  answer.catch(() => undefined); // told when it is asked for
  return answer;
}

async function* diffInTurn(git: Git, requests: readonly DiffRequest[]): AsyncGenerator<DiffFile[]> {
  if (requests.length === 0) return;
  // `diff-tree` prints a line that is no object id as it is: so the end of each answer is known. Nobody can guess it.
  const end = `end ${randomBytes(16).toString('hex')}\n`;
  const output = git.stream(['diff-tree', '--stdin', '--root', ...diffOptions], questions(requests, end));
  const sections = splitAt(output, Buffer.from(end));
  for (const { commit, parents } of requests) {
    let change: DiffFile[] | undefined;
    for (let i = 0; i < Math.max(1, parents.length); i++) {
      const section = await sections.next();
      if (section.done)
        throw new GitError('failed', `git diff-tree ended before ${commit} in ${git.folder}: try again`);
      const diff = parseDiff(withoutHeader(section.value));
      change = change ? inBoth(change, diff) : diff;
    }
    yield change as DiffFile[];
  }
}

function* questions(requests: readonly DiffRequest[], end: string): Generator<string> {
  for (const { commit, parents } of requests) {
    if (parents.length === 0) yield `${commit}\n${end}`;
    for (const parent of parents) yield `${commit} ${parent}\n${end}`;
  }
}

/** An answer begins with the commit's id, or is empty where nothing differs. */
function withoutHeader(section: Buffer): Buffer {
  return section.subarray(section.indexOf(0) + 1);
}

/** Cuts a stream at each `mark`, which may come in pieces. */
async function* splitAt(stream: AsyncIterable<Buffer>, mark: Buffer): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  // May end with the beginning of a mark.
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    for (let at = rest.indexOf(mark); at >= 0; at = rest.indexOf(mark)) {
      yield Buffer.concat([...held, rest.subarray(0, at)]);
      held = [];
      rest = rest.subarray(at + mark.length);
    }
    const searched = Math.max(0, rest.length - mark.length + 1);
    held.push(rest.subarray(0, searched));
    rest = rest.subarray(searched);
  }
}

/** The files that differ from both parents, with the lines that both comparisons count as added. */
export function inBoth(files: readonly DiffFile[], other: readonly DiffFile[]): DiffFile[] {
  const byPath = new Map(other.map((file) => [file.path, file]));
  return files.flatMap((file) => {
    const same = byPath.get(file.path);
    if (!same) return [];
    const numbers = new Set(same.added.map((line) => line.number));
    return [{ ...file, added: file.added.filter((line) => numbers.has(line.number)), deleted: 0, removed: [] }];
  });
}
