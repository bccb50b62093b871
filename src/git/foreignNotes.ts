import { type Git, GitError } from './git.ts';
import { readObjects } from './objects.ts';

/** How many commits are looked up by name; for more of them the whole tree is listed. */
const maxNamed = 64;

/** Writers that lose the race try again with the new tip; each loss means that somebody else won. */
const maxAttempts = 50;

/** The program, as on every ref that it writes: it is not the tool whose notes these are, and no person is named. */
const committer = 'Countersign <countersign@localhost>';

/** Which of these notes refs are here, by one process. */
export async function existingRefs(git: Git, refs: readonly string[]): Promise<string[]> {
  const found = await git.text(['for-each-ref', '--format=%(refname)', ...refs]);
  const names = new Set(found.split('\n'));
  return refs.filter((ref) => names.has(ref));
}

/** A note's bytes, or what it was too long for. */
export type NoteBytes = Buffer | 'too-long';

/**
 * The notes of commits under several refs that exist: by ref, then by commit. One process a ref, and two for all notes.
 *
 * @param maxLength in bytes; a longer note is not read
 */
export async function readNotes(
  git: Git,
  refs: readonly string[],
  commits: readonly string[],
  maxLength: number,
): Promise<Map<string, Map<string, NoteBytes>>> {
  const found = await Promise.all(refs.map((ref) => findNotes(git, ref, commits)));
  const ids = [...new Set(found.flatMap((notes) => [...notes.values()]))];
  const sizes = await sizesOf(git, ids);
  const bytes = await readObjects(
    git,
    ids.filter((id) => (sizes.get(id) ?? 0) <= maxLength),
  );
  const contentOf = (id: string): NoteBytes => bytes.get(id) ?? 'too-long';
  return new Map(
    refs.map((ref, i) => [
      ref,
      new Map(
        [...(found[i] as Map<string, string>)]
          .filter(([, id]) => sizes.has(id))
          .map(([commit, id]) => [commit, contentOf(id)]),
      ),
    ]),
  );
}

/** Sizes in bytes of the objects that are here. */
async function sizesOf(git: Git, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const format = '--batch-check=%(objectname) %(objectsize)';
  const lines = (await git.text(['cat-file', format], { input: `${ids.join('\n')}\n` })).split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [id = '', size = ''] = line.split(' ');
      return /^\d+$/.test(size) ? [[id, Number(size)] as const] : [];
    }),
  );
}

/**
 * The blobs of commits' notes. A notes tree may hold a commit's id whole or cut into folders of two digits, at any depth;
 * where it has a commit twice, the shallowest counts.
 *
 * @param tree the notes ref, or a commit of it
 */
async function findNotes(git: Git, tree: string, commits: readonly string[]): Promise<Map<string, string>> {
  const wanted = new Set(commits);
  const names = wanted.size <= maxNamed ? [...wanted].flatMap((commit) => [commit.slice(0, 2), commit]) : [];
  const output = await git.run(['ls-tree', '-r', '-z', '--full-tree', tree, ...new Set(names)]);
  const found = new Map<string, { readonly id: string; readonly depth: number }>();
  for (const entry of output.toString('utf8').split('\0')) {
    const match = /^100\d{3} blob ([0-9a-f]+)\t((?:[0-9a-f]{2}\/)*[0-9a-f]+)$/.exec(entry);
    if (!match) continue;
    const [, id = '', path = ''] = match;
    const parts = path.split('/');
    const commit = parts.join('');
    const known = found.get(commit);
    if (wanted.has(commit) && (!known || parts.length < known.depth)) found.set(commit, { id, depth: parts.length });
  }
  return new Map([...found].map(([commit, { id }]) => [commit, id]));
}

/**
 * Adds notes to commits that have none yet; what is there, is not touched. One `git fast-import` writes them all, each
 * as `ab/<rest of the id>`, and moves the ref only forward: a writer that was overtaken looks again and tries again.
 *
 * @param notes text by commit; its bytes are stored as they are
 * @returns the commits that got a note
 */
export async function addNotes(git: Git, ref: string, notes: ReadonlyMap<string, string>): Promise<string[]> {
  if (notes.size === 0) return [];
  const tipOf = (): Promise<string | undefined> => git.ask(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  let tip = await tipOf();
  for (let attempt = 1; ; attempt++) {
    const present = tip === undefined ? new Map() : await findNotes(git, tip, [...notes.keys()]);
    const missing = [...notes].filter(([commit]) => !present.has(commit));
    if (missing.length === 0) return [];
    try {
      await git.run(['fast-import', '--quiet', '--done', '--date-format=raw'], { input: commitOf(ref, tip, missing) });
      return missing.map(([commit]) => commit);
    } catch (error) {
      if (!(error instanceof GitError) || attempt === maxAttempts) throw error;
      const now = await tipOf();
      if (now === tip && attempt > 3) throw error; // nobody overtook us: it is not a race
      tip = now;
    }
  }
}

function commitOf(ref: string, tip: string | undefined, notes: readonly (readonly [string, string])[]): Buffer {
  const head = [
    `commit ${ref}`,
    `committer ${committer} ${Math.floor(Date.now() / 1000)} +0000`,
    'data 0',
    ...(tip === undefined ? [] : [`from ${tip}`]),
  ];
  const files = notes.flatMap(([commit, text]) => {
    const data = Buffer.from(text);
    const name = `M 100644 inline ${commit.slice(0, 2)}/${commit.slice(2)}`;
    return [Buffer.from(`${name}\ndata ${data.length}\n`), data, Buffer.from('\n')];
  });
  return Buffer.concat([Buffer.from(`${head.join('\n')}\n`), ...files, Buffer.from('done\n')]);
}
