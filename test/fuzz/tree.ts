import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Place } from '../../src/change/place.ts';
import { contentHash } from '../../src/core/digest.ts';

/** The ledger asks 16 removals for a block that is new elsewhere; a write may be two, when it is looked at before its report. */
const mostWrites = 8;
/** It asks the 16 paths looked at last, too; some are looked at without the model's knowledge, by commands. */
const mostPaths = 8;

/** One worktree: its files on disk, and what is surely known of them. */
export class Tree {
  readonly name: string;
  readonly dir: string;
  readonly place: Place;
  /** The texts that HEAD has, by path. */
  head: ReadonlyMap<string, string> = new Map();
  /** Words that HEAD has. */
  headWords: ReadonlySet<string> = new Set();
  /** Files that changed since the last check. */
  readonly touched = new Set<string>();
  /** Blocks of lines that were moved on disk, and where they went nobody has looked yet. */
  #moved: { readonly lines: ReadonlySet<string>; readonly writes: number; readonly from: readonly string[] }[] = [];
  #writes = 0;
  /** Files that hold again what they once held, where nobody has looked since. */
  readonly #brought = new Set<string>();
  #changedUnseen: string[] = [];
  /** Lines that were moved, and then changed or moved on, before anybody looked. */
  readonly #leftMoved = new Set<string>();
  /** Path → the lines that it held when it was looked at last. */
  readonly #seenLines = new Map<string, ReadonlySet<string>>();
  /** `path hash` of every text that the pending state has surely seen. */
  readonly #seen = new Set<string>();

  constructor(name: string, dir: string, place: Place) {
    this.name = name;
    this.dir = dir;
    this.place = place;
  }

  file(relativePath: string): string {
    return path.join(this.dir, relativePath);
  }

  /** Whether the worktree's git folder has this now, as it has while git is at something. */
  hasGitFile(name: string): boolean {
    return existsSync(path.join(this.place.repository.gitDir, name));
  }

  /** Paths of the files there, in order. */
  files(): string[] {
    return readdirSync(path.join(this.dir, 'src'))
      .sort()
      .map((name) => `src/${name}`);
  }

  read(relativePath: string): string | undefined {
    return existsSync(this.file(relativePath)) ? readFileSync(this.file(relativePath), 'utf8') : undefined;
  }

  /** Writes a file, or removes it. */
  write(relativePath: string, text: string | undefined): void {
    this.#writes++;
    const before = this.read(relativePath) ?? '';
    if (this.#brought.delete(relativePath)) this.#changedUnseen.push(before);
    const now = new Set(linesIn(text ?? ''));
    for (const line of linesIn(before)) {
      if (!now.has(line) && this.#moved.some((block) => block.lines.has(line))) this.#leftMoved.add(line);
    }
    mkdirSync(path.join(this.dir, 'src'), { recursive: true });
    if (text === undefined) rmSync(this.file(relativePath));
    else writeFileSync(this.file(relativePath), text);
    this.touched.add(relativePath);
  }

  /** Git has written files. */
  broughtByGit(): void {
    for (const path of this.files()) this.cameBack(path);
  }

  /** A file holds again what it once held. */
  cameBack(relativePath: string): void {
    this.#writes++;
    this.#brought.add(relativePath);
    this.touched.add(relativePath);
  }

  /** What files held that had come back, when they were changed before anybody looked at them. */
  takeChangedUnseen(): string[] {
    const texts = this.#changedUnseen;
    this.#changedUnseen = [];
    return texts;
  }

  /** The pending state has looked at the file as it stands. */
  saw(relativePath: string): void {
    const text = this.read(relativePath);
    if (text === undefined) return;
    this.#seen.add(`${relativePath} ${contentHash(text)}`);
    const lines = linesIn(text);
    this.#brought.delete(relativePath);
    // The paths that were looked at last stand last.
    this.#seenLines.delete(relativePath);
    this.#seenLines.set(relativePath, new Set(lines));
    const elsewhere = this.files()
      .filter((file) => file !== relativePath)
      .flatMap((file) => linesIn(this.read(file) as string))
      .filter((line) => !lines.includes(line));
    this.#moved = this.#moved.filter(
      (block) => !lines.some((line) => block.lines.has(line)) || elsewhere.some((line) => block.lines.has(line)),
    );
  }

  /**
   * Lines are about to move on disk. Gives those that nobody can follow: lines that nobody has looked at as they are, and
   * fewer than three in a row that somebody has.
   */
  moving(lines: readonly string[]): string[] {
    const seen = [...this.#seenLines.values()];
    const block = lines.map((line) => line.trim());
    const from = [...this.#seenLines].flatMap(([path, texts]) => (block.some((line) => texts.has(line)) ? [path] : []));
    this.#moved.push({ lines: new Set(block), writes: this.#writes, from });
    const isSeen = (line: string): boolean => seen.some((texts) => texts.has(line));
    // What was seen in another order is no block to whoever looks for it.
    const follows = (line: string, next: string): boolean =>
      seen.some((texts) => {
        const lines = [...texts];
        return lines.indexOf(next) === lines.indexOf(line) + 1;
      });
    const pieces: string[][] = [];
    for (const line of block) {
      const last = pieces.at(-1)?.at(-1);
      if (last !== undefined && follows(last, line)) pieces.at(-1)?.push(line);
      else pieces.push([line]);
    }
    const short = pieces.filter((piece) => piece.length < 3).flat();
    return [...block.filter((line) => !isSeen(line)), ...short];
  }

  /** Lines that stand in more than one place. */
  copied(): string[] {
    const places = new Set<string>();
    return this.files()
      .flatMap((file) => linesIn(this.read(file) as string))
      .filter((line) => places.size === places.add(line).size);
  }

  /** Moved lines that were changed since: as they were they stand nowhere. */
  changedMoved(): string[] {
    const there = new Set(this.files().flatMap((file) => linesIn(this.read(file) as string)));
    return [...this.#leftMoved].filter((line) => !there.has(line));
  }

  /** Lines that were moved, and stand no more in a row of three where nobody has looked yet. */
  scattered(): string[] {
    const texts = this.files().map((file) => linesIn(this.read(file) as string));
    const copied = new Set(this.copied());
    const isMoved = (block: ReadonlySet<string>) => (line: string) => block.has(line) && !copied.has(line);
    return this.#moved.flatMap((block) => texts.flatMap((lines) => shortRuns(lines, isMoved(block.lines))));
  }

  /** Lines that were moved, before so many others were taken away, or looked at, that the ledger asks no more for them. */
  movedLongAgo(): string[] {
    const recent = new Set([...this.#seenLines.keys()].slice(-mostPaths));
    const isOld = ({ writes, from }: { writes: number; from: readonly string[] }): boolean =>
      this.#writes - writes >= mostWrites || from.some((path) => !recent.has(path));
    return this.#moved.flatMap((block) => (isOld(block) ? [...block.lines] : []));
  }

  hasSeen(relativePath: string): boolean {
    const text = this.read(relativePath);
    return text === undefined || this.#seen.has(`${relativePath} ${contentHash(text)}`);
  }
}

function linesIn(text: string): string[] {
  return text.split('\n').map((line) => line.trim());
}

/** The lines that belong to it, but with fewer than three of them in a row. */
function shortRuns(lines: readonly string[], belongs: (line: string) => boolean): string[] {
  const short: string[] = [];
  let run: string[] = [];
  for (const line of [...lines, undefined]) {
    if (line !== undefined && belongs(line)) {
      run.push(line);
      continue;
    }
    if (run.length < 3) short.push(...run);
    run = [];
  }
  return short;
}
