import { setImmediate } from 'node:timers/promises';
import { type Apart, apartReason, isLfsPointer, lfsPointerLine } from '../core/apart.ts';
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
import type { ChangedFiles, Texts } from './changedFiles.ts';
import type { Place } from './place.ts';
import { type TextContent, textContent, workTreeText } from './texts.ts';

export interface ReadOptions {
  /** The index alone. */
  readonly staged: boolean;
  /** Takes the texts of the files, which are read anyhow. */
  readonly texts?: ChangedFiles;
  /** The commit that HEAD points to, where git is asked for it already. */
  readonly head?: Promise<string | null>;
}

/** The pending change against HEAD: staged, unstaged and untracked files; with `staged` the index alone. */
export async function readPending(
  place: Place,
  { staged, texts, head = headCommit(place.repository) }: ReadOptions,
): Promise<FileChange[]> {
  const { git } = place.repository;
  if (staged) return attributeStaged(place, await overHead(git, head, (commit) => diffStaged(git, commit)), texts);
  const [tracked, untracked] = await Promise.all([
    overHead(git, head, (commit) => readDiff(git, 'diff-index', [commit])),
    untrackedFiles(place.repository),
  ]);
  const files = [...tracked, ...untracked.map((path) => untrackedFile(place, path))];
  return attributeFiles(place, files, 'work-tree', texts);
}

/** Asks for a difference while git still says what HEAD is: on an unborn branch all differs from the empty tree. */
async function overHead(
  git: Git,
  head: Promise<string | null>,
  differences: (commit: string) => Promise<DiffFile[]>,
): Promise<DiffFile[]> {
  const early = differences('HEAD');
  early.catch(() => undefined); // told below, where there is a HEAD
  return (await head) === null ? await differences(await emptyTree(git)) : await early;
}

/** What the index, the one that the environment names, has over a commit: files that are only intended to be added aside. */
export function diffStaged(git: Git, commit: string): Promise<DiffFile[]> {
  return readDiff(git, 'diff-index', ['--cached', commit]);
}

/** Who wrote the added lines of such a difference. @param texts takes the texts of the files */
export function attributeStaged(place: Place, files: readonly DiffFile[], texts?: ChangedFiles): Promise<FileChange[]> {
  return attributeFiles(place, files, 'index', texts);
}

/**
 * The change from a commit's parents to a tree, as a commit of that tree would make it: for a merge the lines that
 * differ from every parent, without any parent all of them.
 */
export async function readTreeChange(
  place: Place,
  parents: readonly string[],
  tree: string,
  texts?: ChangedFiles,
): Promise<FileChange[]> {
  return attributeStaged(place, await diffAgainst(place.repository.git, parents, tree), texts);
}

/** The added lines of a tree that differ from every parent's. */
export async function diffAgainst(git: Git, parents: readonly string[], tree: string): Promise<DiffFile[]> {
  const bases = parents.length > 0 ? parents : [await emptyTree(git)];
  const [first, ...others] = await Promise.all(bases.map((parent) => readDiff(git, 'diff-tree', [parent, tree])));
  return others.reduce((files, other) => inBoth(files, other), first ?? []);
}

/** Where the text of a changed file is after the change. */
type Source = 'work-tree' | 'index';

interface ContentReader {
  before(file: DiffFile): TextContent;
  after(file: DiffFile): TextContent;
}

/** So many files are read at once: a change of any size is never held as a whole. */
const batchSize = 500;

/** Reads the texts of some files: what git has, by one process. */
async function contentReader(
  { repository }: Place,
  files: readonly DiffFile[],
  source: Source,
  texts: ChangedFiles | undefined,
): Promise<ContentReader> {
  const read = files.filter((file) => file.added.length > 0 || texts?.wants(file));
  const ids = read.flatMap((file) => (source === 'index' ? [file.oldId, file.newId] : [file.oldId]));
  const blobs = await readObjects(
    repository.git,
    ids.filter((id) => !isNull(id)),
  );
  const content = (id: string): TextContent => {
    const bytes = blobs.get(id);
    return bytes ? textContent(bytes) : { kind: 'absent' };
  };
  return {
    before: (file) => content(file.oldId),
    after: (file) => {
      if (isGone(file)) return { kind: 'absent' };
      return source === 'index' ? content(file.newId) : workTreeText(repository, file.path);
    },
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
  return {
    path,
    oldId: '',
    newId: '',
    newMode: '100644',
    added,
    deleted: 0,
    removed: [],
    binary: content.kind === 'binary',
  };
}

async function attributeFiles(
  place: Place,
  files: readonly DiffFile[],
  source: Source,
  texts: ChangedFiles | undefined,
): Promise<FileChange[]> {
  const paths = files.filter(hasLines).map((file) => file.path);
  const attributes = readLinguist(place.repository, paths, source);
  attributes.catch(() => undefined); // told below
  const changes: FileChange[] = [];
  for (let start = 0; start < files.length; start += batchSize) {
    const batch = files.slice(start, start + batchSize);
    const [read, known] = await Promise.all([contentReader(place, batch, source, texts), attributes]);
    for (const file of batch) {
      const apart = apartReason(file.path, known.get(file.path));
      const contents = { before: once(() => read.before(file)), after: once(() => read.after(file)) };
      const change = attributeFile(place, file, contents, apart, source);
      changes.push(change);
      if (hasLines(file)) texts?.add(file, () => textsOf(contents, change.apart));
      // An editor goes on meanwhile, however many files have changed.
      await setImmediate();
    }
  }
  return fillModels(changes);
}

/** The texts of one file, read when they are asked for, and once. */
interface Contents {
  before(): TextContent;
  after(): TextContent;
}

function once(read: () => TextContent): () => TextContent {
  let content: TextContent | undefined;
  return () => {
    content ??= read();
    return content;
  };
}

function hasLines({ added, removed }: DiffFile): boolean {
  return added.length > 0 || removed.length > 0;
}

function textsOf({ before, after }: Contents, apart: Apart | undefined): Texts {
  return { before: textOf(before()), after: textOf(after()), ...(apart && { apart }) };
}

function textOf(content: TextContent): string | undefined {
  return content.kind === 'text' ? content.text : undefined;
}

function attributeFile(
  place: Place,
  file: DiffFile,
  contents: Contents,
  apart: Apart | undefined,
  source: Source,
): FileChange {
  const { path, oldPath, added, deleted } = file;
  const change = { path, ...(oldPath !== undefined && { oldPath }), deleted, ...(apart && { apart }) };
  if (file.binary) return { ...change, lines: [], unattributed: 'binary' };
  if (added.length === 0) return { ...change, lines: [] };
  const content = contents.after();
  const before = textOf(contents.before()) ?? '';
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
