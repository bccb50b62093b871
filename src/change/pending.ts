import { setImmediate } from 'node:timers/promises';
import { apartReason, isLfsPointer, type LinguistAttributes, lfsPointerLine } from '../core/apart.ts';
import type { AttributedText } from '../core/attribution.ts';
import type { AddedLine, FileChange } from '../core/change.ts';
import { contentHash, lineHash } from '../core/digest.ts';
import { fillFromFormer } from '../core/formerLines.ts';
import { classifyLines, type LineRange } from '../core/lineClass.ts';
import { fillModels } from '../core/models.ts';
import { lineContent, linesOf } from '../core/text.ts';
import { readLinguist } from '../git/attributes.ts';
import { inBoth } from '../git/commitDiffs.ts';
import { type DiffFile, type DiffLine, rangesOf, readDiff } from '../git/diff.ts';
import type { Git } from '../git/git.ts';
import { emptyTree, readObjects } from '../git/objects.ts';
import { headCommit, untrackedFiles } from '../git/workTree.ts';
import type { Place } from './place.ts';
import { type TextContent, textContent, workTreeText } from './texts.ts';

/** The pending change against HEAD: staged, unstaged and untracked files; with `staged` the index alone. */
export async function readPending(place: Place, options: { readonly staged: boolean }): Promise<FileChange[]> {
  const { git } = place.repository;
  const head = (await headCommit(place.repository)) ?? (await emptyTree(git));
  if (options.staged) return attributeStaged(place, await diffStaged(git, head));
  const [tracked, untracked] = await Promise.all([
    readDiff(git, 'diff-index', [head]),
    untrackedFiles(place.repository),
  ]);
  const added = untracked.map((path) => untrackedFile(place, path));
  const files = [...tracked, ...added];
  const old = files.map((file) => ({ ...file, newId: '' }));
  const read = blobReader(place, old).then(
    ({ before }): ContentReader => ({
      before,
      after: (file) => (isGone(file) ? { kind: 'absent' } : workTreeText(place.repository, file.path)),
    }),
  );
  return attributeFiles(place, files, read, 'work-tree');
}

/** What the index, the one that the environment names, has over a commit: files that are only intended to be added aside. */
export function diffStaged(git: Git, commit: string): Promise<DiffFile[]> {
  return readDiff(git, 'diff-index', ['--cached', commit]);
}

/** Who wrote the added lines of such a difference. */
export function attributeStaged(place: Place, files: readonly DiffFile[]): Promise<FileChange[]> {
  return attributeFiles(place, files, blobReader(place, files), 'index');
}

/**
 * The change from a commit's parents to a tree, as a commit of that tree would make it: for a merge the lines that
 * differ from every parent, without any parent all of them.
 */
export async function readTreeChange(place: Place, parents: readonly string[], tree: string): Promise<FileChange[]> {
  return attributeStaged(place, await diffAgainst(place.repository.git, parents, tree));
}

/** The added lines of a tree that differ from every parent's. */
export async function diffAgainst(git: Git, parents: readonly string[], tree: string): Promise<DiffFile[]> {
  const bases = parents.length > 0 ? parents : [await emptyTree(git)];
  const [first, ...others] = await Promise.all(bases.map((parent) => readDiff(git, 'diff-tree', [parent, tree])));
  return others.reduce((files, other) => inBoth(files, other), first ?? []);
}

interface ContentReader {
  /** The text before, `''` where there was none that can be compared. */
  before(file: DiffFile): string;
  after(file: DiffFile): TextContent;
}

async function blobReader({ repository }: Place, files: readonly DiffFile[]): Promise<ContentReader> {
  const ids = files.filter((file) => file.added.length > 0).flatMap((file) => [file.oldId, file.newId]);
  const blobs = await readObjects(
    repository.git,
    ids.filter((id) => !isNull(id)),
  );
  const content = (id: string): TextContent => {
    const bytes = blobs.get(id);
    return bytes ? textContent(bytes) : { kind: 'absent' };
  };
  return {
    before: (file) => {
      const old = content(file.oldId);
      return old.kind === 'text' ? old.text : '';
    },
    after: (file) => content(file.newId),
  };
}

function isNull(id: string): boolean {
  return id === '' || /^0+$/.test(id);
}

function isGone(file: DiffFile): boolean {
  return /^0+$/.test(file.newMode);
}

/** All lines of an untracked file are added, as `git add` would make them. */
function untrackedFile({ repository }: Place, path: string): DiffFile {
  const content = workTreeText(repository, path);
  const lines = content.kind === 'text' ? linesOf(content.text) : undefined;
  const added = lines
    ? Array.from(
        { length: lines.count },
        (_, i): DiffLine => ({ number: i + 1, hash: lineHash(lineContent(lines, i)) }),
      )
    : [];
  return { path, oldId: '', newId: '', newMode: '100644', added, deleted: 0, binary: content.kind === 'binary' };
}

/** @param reader the texts, on their way */
async function attributeFiles(
  place: Place,
  files: readonly DiffFile[],
  reader: Promise<ContentReader>,
  source: 'work-tree' | 'index',
): Promise<FileChange[]> {
  const paths = files.filter((file) => file.added.length > 0).map((file) => file.path);
  const [read, attributes] = await Promise.all([reader, readLinguist(place.repository, paths, source)]);
  const changes: FileChange[] = [];
  for (const file of files) {
    changes.push(attributeFile(place, file, read, attributes.get(file.path), source));
    // An editor goes on meanwhile, however many files have changed.
    await setImmediate();
  }
  return fillModels(changes);
}

function attributeFile(
  place: Place,
  file: DiffFile,
  read: ContentReader,
  attributes: LinguistAttributes | undefined,
  source: 'work-tree' | 'index',
): FileChange {
  const { path, oldPath, added, deleted } = file;
  const apart = apartReason(path, attributes);
  const change = { path, ...(oldPath !== undefined && { oldPath }), deleted, ...(apart && { apart }) };
  if (file.binary) return { ...change, lines: [], unattributed: 'binary' };
  if (added.length === 0) return { ...change, lines: [] };
  const content = read.after(file);
  const before = read.before(file);
  if (standsForLargeFile(file, before, content)) {
    return { ...change, lines: added.map(unattributedLine), apart: 'lfs-pointer' };
  }
  if (content.kind !== 'text') {
    const unattributed = content.kind === 'binary' ? 'binary' : 'large';
    return { ...change, lines: added.map(unattributedLine), unattributed };
  }
  const { text } = content;
  const runs = place.ledger.attribute(path, text, oldPath);
  // The file may have become shorter since git looked at it.
  const count = linesOf(text).count;
  const present = added.filter((line) => line.number <= count);
  const ranges: LineRange[] = rangesOf(present.map(({ number }) => number));
  let classes = classifyLines(text, runs, before, ranges);
  const isAllTold = classes.every((line) => line.class !== 'unknown' && line.class !== 'mixed');
  // What is staged by hunks may be older than what was last seen.
  if (source === 'index' && !isAllTold && place.ledger.textOf(contentHash(text)) === undefined) {
    classes = classifyLines(text, fillFromFormer(text, runs, formerTexts(place, path)), before, ranges);
  }
  return { ...change, lines: present.map((line, i) => ({ ...line, ...(classes[i] as (typeof classes)[number]) })) };
}

/** Texts of a path before the last one that are looked at, the youngest. */
const maxFormer = 8;

function* formerTexts({ ledger }: Place, path: string): Generator<AttributedText> {
  let count = 0;
  for (const { stored } of ledger.history(path)) {
    if (count++ > maxFormer) return;
    if (stored && count > 1) yield stored;
  }
}

const unattributedLine = (line: DiffLine): AddedLine => ({ ...line, class: 'unknown', countsAsAi: false });

const lfsPointerHash = lineHash(lfsPointerLine);

/** Git's diff is of pointers, though the work tree may have the large file itself. */
function standsForLargeFile({ added }: DiffFile, before: string, content: TextContent): boolean {
  if (content.kind === 'text' && isLfsPointer(content.text)) return true;
  const [first] = added;
  if (first?.hash === lfsPointerHash) return true;
  return isLfsPointer(before) && !(content.kind === 'text' && first && hasLine(content.text, first));
}

function hasLine(text: string, { number, hash }: DiffLine): boolean {
  const lines = linesOf(text);
  return number <= lines.count && lineHash(lineContent(lines, number - 1)) === hash;
}
