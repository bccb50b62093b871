import { execFile } from 'node:child_process';
import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { openPlace } from '../../src/change/place.ts';
import { type PlaceFinder, report } from '../../src/change/report.ts';
import { textsAt } from '../../src/change/texts.ts';
import type { AssistantEvent } from '../../src/core/assistantEvent.ts';
import { EditorWindow } from '../../src/extension/capture/editorWindow.ts';
import { loadCommands } from '../support/loadCommands.ts';
import { Agent } from './agent.ts';
import type { OpenDocument } from './editorModel.ts';
import { GitHooks } from './gitHooks.ts';
import type { Random } from './random.ts';
import { Tree } from './tree.ts';
import { type Fallback, Truth, wordsOf } from './truth.ts';

const run = promisify(execFile);

/** What was cut last, and in which worktree. */
export interface Clipboard {
  readonly text: string;
  readonly tree: Tree;
}

/** Commits that git made of other ones. */
export interface Rewrite {
  readonly tree: Tree;
  /** Ids of the commits that were there before. */
  readonly from: readonly string[];
  /** Nobody had to resolve a conflict. */
  readonly clean: boolean;
  /** Several became one. */
  readonly joined?: boolean;
  /** Made where none of our hooks runs and our notes do not come along: on a server, or out of mails. */
  readonly withoutNotes?: boolean;
}

export interface WorldOptions {
  /** Lines that each file begins with. */
  readonly linesPerFile: number;
  /** Whether there are a server and a second clone, too. */
  readonly clone: boolean;
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
  /** What a hook said that went wrong. */
  readonly problems: string[] = [];
  readonly #hooks: GitHooks;
  /** Whether HEAD may have moved since the commits were judged. */
  hasNewCommits = true;
  /** Commits of what was pending, which are made of no others. */
  readonly ownCommits = new Set<string>();
  /** What git made of other commits since the commits were judged. */
  rewrites: Rewrite[] = [];
  #commits = 0;
  /** `worktree word` of what was committed there. */
  readonly #home = new Set<string>();
  #stashes: Tree[] = [];
  #files = 0;

  private constructor(random: Random, root: string) {
    this.random = random;
    this.root = root;
    this.#hooks = new GitHooks(path.join(root, 'hooks'));
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
  static async create(random: Random, folder: string, options: WorldOptions): Promise<World> {
    const world = new World(random, realpathSync(folder));
    const main = path.join(world.root, 'main');
    mkdirSync(path.join(main, 'src'), { recursive: true });
    await world.git(main, 'init', '--quiet', '--initial-branch=main');
    await world.#configure(main);
    const tree = new Tree('main', main, await openPlace(main));
    for (const [name, lineEnd] of [
      ['one.js', '\n'],
      ['two.js', '\n'],
      ['three.js', '\n'],
      ['windows.js', '\r\n'],
    ] as const) {
      const lines = world.truth.lines('nobody', options.linesPerFile);
      tree.write(`src/${name}`, lines.map((line) => line + lineEnd).join(''));
    }
    await world.git(main, 'add', '--all');
    await world.git(main, 'commit', '--quiet', '--no-verify', '--message=Start');
    await world.git(main, 'branch', 'side');
    const other = path.join(world.root, 'other');
    await world.git(main, 'worktree', 'add', '--quiet', '-b', 'other', other);
    world.trees.push(tree, new Tree('other', other, await openPlace(other)));
    if (options.clone) await world.#makeClone(main);
    for (const each of world.trees) await world.readHead(each);
    return world;
  }

  /** A server, the clone of it that the server itself merges in, and a second person's, each without a word of the first's pending state. */
  async #makeClone(main: string): Promise<void> {
    const [server, clone, forge] = ['server.git', 'clone', 'forge'].map((name) => path.join(this.root, name));
    await this.git(this.root, 'clone', '--quiet', '--bare', main, 'server.git');
    await this.git(main, 'remote', 'add', 'origin', server as string);
    await this.git(main, 'fetch', '--quiet', 'origin');
    for (const name of [clone, forge]) {
      await this.git(this.root, 'clone', '--quiet', '--config=core.autocrlf=false', server as string, name as string);
    }
    await this.#configure(clone as string);
    await this.git(forge as string, 'config', 'user.name', 'Forge');
    await this.git(forge as string, 'config', 'user.email', 'forge@example.com');
    this.trees.push(new Tree('clone', clone as string, await openPlace(clone as string)));
  }

  async #configure(dir: string): Promise<void> {
    for (const [name, value] of [
      ['core.autocrlf', 'false'],
      ['core.hooksPath', this.#hooks.folder],
      ['gc.auto', '0'],
      ['user.name', 'Dev'],
      ['user.email', 'dev@example.com'],
    ] as const) {
      await this.git(dir, 'config', name, value);
    }
  }

  dispose(): void {
    this.#hooks.dispose();
  }

  /** Runs git as a person would, with hooks that run in this process. @throws where git or a hook fails */
  git(dir: string, ...args: readonly string[]): Promise<string> {
    return this.gitWith({}, dir, ...args);
  }

  /** The same with more in its environment. */
  async gitWith(env: NodeJS.ProcessEnv, dir: string, ...args: readonly string[]): Promise<string> {
    const settings = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', GIT_EDITOR: ':', LC_ALL: 'C' };
    try {
      const { stdout } = await run('git', args, { cwd: dir, env: { ...process.env, ...settings, ...env } });
      return stdout;
    } finally {
      const problems = this.#hooks.problems.splice(0);
      if (problems.length > 0) this.problems.push(`git ${args.join(' ')}: ${problems.join('; ')}`);
    }
  }

  /** Reports as an assistant's hook does; every problem is an error here. */
  async report(event: AssistantEvent): Promise<void> {
    const problems = await report(event, this.finder, loadCommands);
    if (problems.length > 0) throw new Error(problems.join('; '));
  }

  note(text: string): void {
    this.log.push(text);
  }

  /** Mostly the first worktree, where the editor works. */
  tree(): Tree {
    const [main, ...others] = this.trees as [Tree, ...Tree[]];
    if (this.random.next() < 0.8) return main;
    return others.length > 1 ? this.random.pick(others) : (others[0] as Tree);
  }

  /** Counts the commits, so that each has a subject of its own. */
  nextCommit(): number {
    return ++this.#commits;
  }

  /** Git has made commits of others. */
  rewrote(rewrite: Rewrite): void {
    this.rewrites.push(rewrite);
  }

  /** What is pending in a worktree now its pending state has known. */
  isPending(tree: Tree): void {
    const words = tree.files().flatMap((file) => wordsOf(tree.read(file) as string));
    for (const word of words) if (!tree.headWords.has(word)) this.#home.add(`${tree.name} ${word}`);
  }

  /** A file that is there. */
  path(tree: Tree): string {
    return this.random.pick(tree.files());
  }

  freshPath(): string {
    return `src/file${++this.#files}.js`;
  }

  /** What HEAD has no more, but the worktree still, is pending there: others may have committed it. */
  async readHead(tree: Tree): Promise<void> {
    const { repository } = tree.place;
    const before = tree.headWords;
    this.hasNewCommits = true;
    const paths = (await this.git(tree.dir, 'ls-tree', '-r', '--name-only', 'HEAD')).trim().split('\n');
    tree.head = await textsAt(repository, 'HEAD', paths);
    tree.headWords = new Set([...tree.head.values()].flatMap(wordsOf));
    const words = tree.files().flatMap((file) => wordsOf(tree.read(file) as string));
    const foreign = words.filter((word) => before.has(word) && !this.#home.has(`${tree.name} ${word}`));
    this.truth.forget(
      tree.name,
      foreign.filter((word) => !tree.headWords.has(word)),
      'came-by-git',
    );
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

  /** What HEAD does not have of a worktree's texts may be forgotten. */
  forgetPending(tree: Tree, rule: Fallback): void {
    const words = tree.files().flatMap((file) => wordsOf(tree.read(file) as string));
    this.truth.forget(
      tree.name,
      words.filter((word) => !tree.headWords.has(word)),
      rule,
    );
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
