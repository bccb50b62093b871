import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { openPlace } from '../../src/change/place.ts';
import { type PlaceFinder, report } from '../../src/change/report.ts';
import { textsAt } from '../../src/change/texts.ts';
import type { AssistantEvent } from '../../src/core/assistantEvent.ts';
import { EditorWindow } from '../../src/extension/capture/editorWindow.ts';
import { headCommit } from '../../src/git/workTree.ts';
import { Agent } from './agent.ts';
import type { OpenDocument } from './editorModel.ts';
import type { Random } from './random.ts';
import { Tree } from './tree.ts';
import { type Fallback, Truth, wordsOf } from './truth.ts';

/** What was cut last, and in which worktree. */
export interface Clipboard {
  readonly text: string;
  readonly tree: Tree;
}

/** A git repository with two worktrees, those who work in it, and the truth about who wrote what. */
export class World {
  readonly random: Random;
  readonly truth = new Truth();
  readonly root: string;
  readonly trees: Tree[] = [];
  readonly agents: readonly Agent[];
  readonly finder: PlaceFinder;
  documents: OpenDocument[] = [];
  window = new EditorWindow('window');
  clipboard: Clipboard | undefined;
  /** Texts that were deleted with their file, to be made again: tree, path, text. */
  readonly deleted: { tree: Tree; path: string; text: string }[] = [];
  /** What was done, for a finding to be understood. */
  readonly log: string[] = [];
  #stashes: Tree[] = [];
  #files = 0;

  private constructor(random: Random, root: string) {
    this.random = random;
    this.root = root;
    const find = (file: string): Promise<Tree['place']> => {
      const tree = this.trees.find(({ dir }) => file === dir || file.startsWith(`${dir}${path.sep}`));
      if (!tree) throw new Error(`${file} lies in no worktree`);
      return Promise.resolve(tree.place);
    };
    this.finder = { ofFile: find, ofFolder: find };
    this.agents = [
      new Agent(this, 'claude', 'session-1'),
      new Agent(this, 'claude', 'session-1/helper'),
      new Agent(this, 'codex', 'session-2'),
    ];
  }

  /** @param folder an empty folder, which the world fills */
  static async create(random: Random, folder: string): Promise<World> {
    const world = new World(random, realpathSync(folder));
    const main = path.join(world.root, 'main');
    mkdirSync(path.join(main, 'src'), { recursive: true });
    world.git(main, 'init', '--quiet', '--initial-branch=main');
    world.git(main, 'config', 'core.autocrlf', 'false');
    world.git(main, 'config', 'gc.auto', '0');
    const tree = new Tree('main', main, await openPlace(main));
    for (const [name, lineEnd] of [
      ['one.js', '\n'],
      ['two.js', '\n'],
      ['three.js', '\n'],
      ['windows.js', '\r\n'],
    ] as const) {
      const lines = world.truth.lines('nobody', 8);
      tree.write(`src/${name}`, lines.map((line) => line + lineEnd).join(''));
    }
    world.git(main, 'add', '--all');
    world.git(main, 'commit', '--quiet', '--no-verify', '--message=Start');
    world.git(main, 'branch', 'side');
    const other = path.join(world.root, 'other');
    world.git(main, 'worktree', 'add', '--quiet', '-b', 'other', other);
    world.trees.push(tree, new Tree('other', other, await openPlace(other)));
    for (const each of world.trees) await world.readHead(each);
    return world;
  }

  /** Runs git as a person would, without hooks. */
  git(dir: string, ...args: readonly string[]): string {
    const identity = ['-c', 'user.name=Dev', '-c', 'user.email=dev@example.com', '-c', 'core.hooksPath=/dev/null'];
    return execFileSync('git', [...identity, ...args], {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Reports as an assistant's hook does; every problem is an error here. */
  async report(event: AssistantEvent): Promise<void> {
    const problems = await report(event, this.finder);
    if (problems.length > 0) throw new Error(problems.join('; '));
  }

  note(text: string): void {
    this.log.push(text);
  }

  /** Mostly the first worktree, where the editor works. */
  tree(): Tree {
    return this.trees[this.random.next() < 0.8 ? 0 : 1] as Tree;
  }

  /** A file that is there. */
  path(tree: Tree): string {
    return this.random.pick(tree.files());
  }

  freshPath(): string {
    return `src/file${++this.#files}.js`;
  }

  async readHead(tree: Tree): Promise<void> {
    const { repository } = tree.place;
    const head = await headCommit(repository);
    const paths = this.git(tree.dir, 'ls-tree', '-r', '--name-only', 'HEAD').trim().split('\n');
    const texts = await textsAt(repository, head, paths);
    tree.headWords = new Set([...texts.values()].flatMap(wordsOf));
  }

  /** The words of a worktree's open documents. */
  openWords(tree: Tree): Set<string> {
    return new Set(this.documents.filter((document) => document.tree === tree).flatMap(({ text }) => wordsOf(text)));
  }

  /** Whether an assistant wrote the word and is still to report it. */
  isUnreported(word: string): boolean {
    return this.agents.some((agent) => agent.owes(word));
  }

  /** Text is about to be where nobody may know it: its origins may be forgotten. */
  forget(tree: Tree, text: string, rule: Fallback): void {
    this.truth.forget(tree.name, wordsOf(text), rule);
  }

  /** Lines are about to move on disk: what is not reported yet, or too little of what was looked at, may be forgotten. */
  moving(tree: Tree, lines: readonly string[]): void {
    for (const line of lines) {
      if (wordsOf(line).some((word) => this.isUnreported(word))) this.forget(tree, line, 'moved-before-report');
    }
    for (const line of tree.moving(lines)) this.forget(tree, line, 'few-lines-moved');
  }

  /** Git is about to take these texts away: what nobody has looked at may be forgotten. */
  takingAway(tree: Tree): void {
    for (const file of tree.files()) {
      const text = tree.read(file) as string;
      if (!tree.hasSeen(file)) this.forget(tree, text, 'never-looked-at');
      for (const line of text.split('\n')) {
        if (wordsOf(line).some((word) => this.isUnreported(word))) this.forget(tree, line, 'moved-before-report');
      }
    }
  }

  pushStash(tree: Tree): void {
    this.#stashes.push(tree);
  }

  /** The worktree whose stash is on top, if any. */
  popStash(): Tree | undefined {
    return this.#stashes.pop();
  }
}
