import { advance, type Step, type TreeEdit } from './advance.ts';
import type { Git } from './git.ts';
import { readObjects } from './objects.ts';
import { listTree, type TreeFile } from './tree.ts';

/** Notes that name the records of commits whose message does not: one digest a line (DESIGN 3.5). */
export const notesRef = 'refs/notes/countersign';

/** Points a commit to one more record by its note; what the note says already stays. */
export function noteRecord(git: Git, commit: string, digest: string): Promise<void> {
  return noteRecords(git, new Map([[commit, [digest]]]));
}

/**
 * Points commits (by id, whole) to more records; what their notes say already stays, and so does what others write at the
 * same time (`git notes add` would lose it).
 */
export async function noteRecords(git: Git, digests: ReadonlyMap<string, readonly string[]>): Promise<void> {
  if (digests.size === 0) return;
  const added = new Map([...digests].map(([commit, lines]) => [commit, `${lines.join('\n')}\n`]));
  await advance(git, notesRef, async (tip): Promise<Step> => {
    const notes = tip === undefined ? noNotes : await listNotes(git, tip);
    const edits = await changesTo(git, notes, noNotes, added);
    return edits.length === 0 ? { kind: 'stay' } : { kind: 'commit', message: 'Note records', edits };
  });
}

/** Where the note of a commit (by id) lies: in more than one place where writers spread them differently. */
export type Notes = ReadonlyMap<string, readonly TreeFile[]>;
export const noNotes: Notes = new Map();

/** All notes of a notes commit. Writers spread them over `abcd…`, `ab/cd…` or `ab/cd/…`. */
export async function listNotes(git: Git, tip: string): Promise<Notes> {
  const notes = new Map<string, TreeFile[]>();
  for (const file of await listTree(git, tip)) {
    const commit = file.path.replaceAll('/', '');
    if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) notes.set(commit, [...(notes.get(commit) ?? []), file]);
  }
  return notes;
}

/** Always one level deep: git's own merge of notes ends with an assertion where two depths are mixed. */
const notePath = (commit: string): string => `${commit.slice(0, 2)}/${commit.slice(2)}`;

/**
 * What has to change in `mine` so that each note says, line by line, what it says in `mine`, in `theirs` and in `added`
 * (texts by commit), and so that all lie at one depth. Two clones that take in each other come to the same bytes.
 */
export async function changesTo(
  git: Git,
  mine: Notes,
  theirs: Notes,
  added: ReadonlyMap<string, string> = new Map(),
): Promise<TreeEdit[]> {
  const commits = [...new Set([...mine.keys(), ...theirs.keys(), ...added.keys()])];
  const objectsOf = (commit: string): string[] => {
    const files = [...(mine.get(commit) ?? []), ...(theirs.get(commit) ?? [])];
    return [...new Set(files.map(({ object }) => object))].sort();
  };
  const several = commits.filter((commit) => objectsOf(commit).length + (added.has(commit) ? 1 : 0) > 1);
  const texts = await readObjects(git, several.flatMap(objectsOf));
  return commits.flatMap((commit): TreeEdit[] => {
    const path = notePath(commit);
    const [first, ...more] = objectsOf(commit);
    const extra = added.get(commit);
    const content =
      first !== undefined && more.length === 0 && extra === undefined
        ? { object: first }
        : union(
            [first, ...more].flatMap((object) =>
              object === undefined ? [] : [{ object, text: textOf(texts, object) }],
            ),
            extra,
          );
    const own = mine.get(commit) ?? [];
    const elsewhere = own
      .filter((file) => file.path !== path)
      .map((file) => ({ path: file.path, removed: true }) as const);
    const there = own.find((file) => file.path === path);
    const isRight = 'object' in content && content.object === there?.object;
    return isRight ? elsewhere : [...elsewhere, { path, ...content }];
  });
}

const textOf = (texts: ReadonlyMap<string, Buffer>, object: string): string =>
  texts.get(object)?.toString('utf8') ?? '';

/** A note that says all there is, if there is one: the same one, whoever looks. Else a new one. */
function union(
  notes: readonly { readonly object: string; readonly text: string }[],
  extra = '',
): { readonly object: string } | { readonly bytes: string } {
  const lines = new Set(
    [...notes.map(({ text }) => text), extra]
      .join('\n')
      .split('\n')
      .filter((line) => line !== ''),
  );
  const whole = notes.find(({ text }) => new Set(text.split('\n').filter((line) => line !== '')).size === lines.size);
  return whole ? { object: whole.object } : { bytes: [...lines].map((line) => `${line}\n`).join('') };
}
