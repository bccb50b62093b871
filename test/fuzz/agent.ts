import type { Actor, FileEdit } from '../../src/core/assistantEvent.ts';
import type { Written } from '../../src/core/written.ts';
import { applyWritten } from '../../src/core/written.ts';
import { splitLines } from './editorModel.ts';
import { changeOnDisk } from './mutations.ts';
import type { Tree } from './tree.ts';
import { wordsOf } from './truth.ts';
import type { World } from './world.ts';

/** How an assistant tells what it wrote: the whole text, replacements, a patch, or only that it wrote. */
type Says = 'content' | 'replacements' | 'patch' | 'nothing';

type State = { readonly at: 'rest' } | Busy;

interface Busy {
  readonly at: 'before' | 'wrote';
  readonly kind: 'edit' | 'command';
  readonly tree: Tree;
  readonly actor: Actor;
  /** The files of an edit, with the text that the assistant saw before. */
  readonly files: Map<string, string>;
  /** The files of a work tree when a command began: path → words. */
  readonly words: Map<string, Set<string>>;
  readonly says: Says;
  readonly written: Map<string, Written>;
  /** What a file held right before it was written, where the assistant tells that, too. */
  readonly originals: Map<string, string>;
  /** Number of the last word when the window opened. */
  readonly since: number;
  /** Words that stood in open documents by then. */
  readonly open: ReadonlySet<string>;
}

/** An assistant's session: looks, writes, reports, each a step of its own, so that others work in between. */
export class Agent {
  readonly tool: 'claude' | 'codex';
  readonly session: string;
  readonly #world: World;
  readonly #owed = new Set<string>();
  #state: State = { at: 'rest' };
  #calls = 0;

  constructor(world: World, tool: 'claude' | 'codex', session: string) {
    this.#world = world;
    this.tool = tool;
    this.session = session;
  }

  get isResting(): boolean {
    return this.#state.at === 'rest';
  }

  /** Whether it wrote the word and is still to report it. */
  owes(word: string): boolean {
    return this.#owed.has(word);
  }

  hasWritten(tree: Tree): boolean {
    return this.#state.at === 'wrote' && this.#state.tree === tree;
  }

  /** The files of a worktree that it has announced to edit. */
  editing(tree: Tree): string[] {
    return this.#state.at !== 'rest' && this.#state.tree === tree ? [...this.#state.files.keys()] : [];
  }

  async step(): Promise<string> {
    const state = this.#state;
    switch (state.at) {
      case 'rest':
        return await this.#begin();
      case 'before':
        return this.#write(state);
      case 'wrote':
        return await this.#end(state);
    }
  }

  async #begin(): Promise<string> {
    const { random, truth } = this.#world;
    const tree = this.#world.tree();
    const kind = random.next() < 0.88 ? 'edit' : 'command';
    const actor: Actor = {
      tool: this.tool,
      session: this.session,
      kind: 'agent_action',
      ...(random.next() < 0.7 && { call: `call-${++this.#calls}` }),
    };
    const says = random.pick(['content', 'replacements', 'patch', 'nothing'] as const);
    const paths = kind === 'command' ? [] : [...new Set([this.#world.path(tree), this.#world.path(tree)])];
    if (kind === 'edit' && random.next() < 0.1) paths.splice(0, 1, this.#world.freshPath());
    const words = new Map<string, Set<string>>();
    for (const file of kind === 'edit' ? paths : tree.files()) words.set(file, new Set(wordsOf(tree.read(file) ?? '')));
    if (kind === 'edit') {
      await this.#world.report({
        event: 'before-edit',
        actor,
        edits: paths.map((file) => ({ file: tree.file(file) })),
      });
      for (const file of paths) tree.saw(file);
    } else {
      await this.#world.report({ event: 'before-command', actor, cwd: tree.dir });
    }
    const files = new Map(paths.map((file) => [file, tree.read(file) ?? '']));
    this.#state = {
      at: 'before',
      kind,
      tree,
      actor,
      files,
      words,
      says: kind === 'command' ? 'nothing' : says,
      written: new Map(),
      originals: new Map(),
      since: truth.count,
      open: this.#world.openWords(tree),
    };
    return `before ${kind} ${paths.join(' ')} (${says})`;
  }

  #write(state: Busy): string {
    const { tree } = state;
    const done: string[] = [];
    const count = this.#world.truth.count;
    const before = tree.files().flatMap((file) => wordsOf(tree.read(file) ?? ''));
    if (state.kind === 'command') {
      for (let i = this.#world.random.below(3); i >= 0; i--) done.push(changeOnDisk(this.#world, tree, this.tool));
    } else {
      for (const file of state.files.keys()) done.push(this.#edit(state, file));
    }
    for (let number = count + 1; number <= this.#world.truth.count; number++) {
      for (const kind of ['name', 'call', 'value', 'text', 'edit']) this.#owed.add(`${kind}${number}`);
    }
    // That it took something out is to be reported, too.
    const after = new Set(tree.files().flatMap((file) => wordsOf(tree.read(file) ?? '')));
    for (const word of before) if (!after.has(word)) this.#owed.add(word);
    this.#state = { ...state, at: 'wrote' };
    return `wrote: ${done.join(', ')}`;
  }

  /** Changes one place of a file, and remembers what it will say of it. */
  #edit({ tree, says, written, originals }: Busy, file: string): string {
    const { random, truth } = this.#world;
    const before = tree.read(file) ?? '';
    const lineEnd = before.includes('\r\n') ? '\r\n' : '\n';
    const lines = splitLines(before);
    const at = random.below(lines.length + 1);
    const context = lines.slice(Math.max(0, at - 2), at);
    const replaced = random.next() < 0.4 ? lines.slice(at, at + 1 + random.below(3)) : [];
    let fresh = truth.lines(this.tool, 1 + random.below(4)).map((line) => line + lineEnd);
    if (replaced.length > 0 && random.next() < 0.5) {
      fresh = replaced.map((line) => truth.editLine(line, this.tool, random));
    }
    const text = [...lines.slice(0, at), ...fresh, ...lines.slice(at + replaced.length)].join('');
    tree.write(file, text);
    if (random.next() < 0.5) originals.set(file, before);
    const [oldText, newText] = [[...context, ...replaced].join(''), [...context, ...fresh].join('')];
    const bare = (list: readonly string[]): string[] => list.map((line) => line.replace(/\r?\n$/, ''));
    if (says === 'content') written.set(file, { form: 'content', text });
    else if (says === 'replacements' && (oldText !== '' || before === ''))
      written.set(file, { form: 'replacements', replacements: [{ oldText, newText, all: false }] });
    else if (says === 'patch' && (oldText !== '' || before === '')) {
      const hunk = { heading: '', oldLines: bare([...context, ...replaced]), newLines: bare([...context, ...fresh]) };
      written.set(file, { form: 'patch', hunks: [hunk] });
    }
    return `${file}:${at + 1} -${replaced.length} +${fresh.length}`;
  }

  async #end(state: Busy): Promise<string> {
    const { kind, tree, actor, files, words, written, originals, since, open } = state;
    const { truth } = this.#world;
    // The difference counts where it does not say which part of the text it wrote.
    const isVouched = (file: string): boolean => {
      const said = written.get(file);
      const before = files.get(file) as string;
      return (
        !said || (originals.has(file) ? false : said.form === 'content' || applyWritten(before, said) === undefined)
      );
    };
    const vouched = kind === 'command' ? tree.files() : [...files.keys()].filter(isVouched);
    // An editor may have saved meanwhile what stood in no file, or was taken back there.
    const inEditor = new Set([...open, ...this.#world.openWords(tree)]);
    const edited = (word: string): boolean => inEditor.has(word);
    const unreported = (word: string): boolean =>
      this.#world.agents.some((agent) => agent !== this && agent.owes(word));
    for (const file of vouched) {
      const before = words.get(file) ?? new Set();
      truth.vouch(this.tool, tree.name, tree.read(file) ?? '', {
        before,
        since,
        edited,
        unreported,
        ofFile: kind === 'edit',
      });
      truth.vouchCuts(this.tool, before, new Set(wordsOf(tree.read(file) ?? '')));
    }
    const reported = new Set(
      (kind === 'command' ? tree.files() : [...files.keys()]).flatMap((file) => wordsOf(tree.read(file) ?? '')),
    );
    truth.forget(
      tree.name,
      [...this.#owed].filter((word) => !reported.has(word)),
      'moved-before-report',
    );
    if (kind === 'command') {
      // What another assistant is editing is left to its report.
      for (const agent of this.#world.agents) {
        for (const file of agent === this ? [] : agent.editing(tree)) {
          truth.forget(
            tree.name,
            wordsOf(tree.read(file) ?? '').filter((word) => this.owes(word)),
            'overlapping-windows',
          );
        }
      }
    }
    if (kind === 'command') {
      await this.#world.report({ event: 'after-command', actor, cwd: tree.dir });
    } else {
      const edits = [...files.keys()].map((file): FileEdit => {
        const [said, before] = [written.get(file), originals.get(file)];
        return { file: tree.file(file), ...(said && { written: said }), ...(before !== undefined && { before }) };
      });
      await this.#world.report({ event: 'after-edit', actor, edits });
      for (const file of files.keys()) tree.saw(file);
    }
    this.#owed.clear();
    for (const file of tree.files()) tree.touched.add(file);
    this.#state = { at: 'rest' };
    return `after ${kind} ${[...files.keys()].join(' ')}`;
  }
}
