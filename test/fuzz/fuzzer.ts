import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readPending } from '../../src/change/pending.ts';
import { type ClassifiedLine, classifyLines } from '../../src/core/lineClass.ts';
import type { Run, RunMap } from '../../src/core/runs.ts';
import { linesOf } from '../../src/core/text.ts';
import { type CommitFinding, CommitJudge } from './commitJudge.ts';
import { splitLines } from './editorModel.ts';
import { allOperations, type Plan, type PlanName, plans } from './plans.ts';
import { Random } from './random.ts';
import type { Tree } from './tree.ts';
import { type Fallback, wordsOf } from './truth.ts';
import { World } from './world.ts';

/** A line that is shown as what it is not. */
export interface Finding {
  readonly seed: number;
  readonly step: number;
  readonly kind: 'wrong' | 'lost';
  /** Worktree, file and line (1-based), and who showed it: `disk`, `editor` or `status`. */
  readonly where: string;
  readonly line: string;
  readonly shown: string;
}

export interface FuzzResult {
  readonly operations: Map<string, number>;
  readonly fallbacks: Map<Fallback, number>;
  readonly findings: readonly Finding[];
  /** What was done, one line a step. */
  readonly log: readonly string[];
  /** Why it did not come to its end, if it did not. */
  readonly error?: string;
}

/** How often the whole pending change is read, and all commits again, in steps. */
const statusEvery = 25;
/** How often a file of each worktree is blamed, in steps. */
const blameEvery = 10;

/**
 * Does `steps` random things, always the same for the same seed, and compares after each what is shown with the truth.
 * Ends at the first step that shows something wrong.
 */
export async function fuzz(name: PlanName, seed: number, steps: number): Promise<FuzzResult> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-fuzz-'));
  try {
    const plan = plans[name];
    const world = await World.create(new Random(seed), folder, plan.world);
    try {
      const fuzzer = new Fuzzer(seed, world, plan);
      try {
        await fuzzer.begin();
        for (let step = 1; step <= steps && fuzzer.findings.length === 0; step++) await fuzzer.step(step);
        return fuzzer.result();
      } catch (error) {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        return { ...fuzzer.result(), error: message };
      }
    } finally {
      world.dispose();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class Fuzzer {
  readonly findings: Finding[] = [];
  readonly #seed: number;
  readonly #world: World;
  readonly #plan: Plan;
  readonly #commits: CommitJudge;
  readonly #operations = new Map<string, number>();
  /** `rule tree line` of what was counted. */
  readonly #fallbacks = new Map<string, Fallback>();
  #step = 0;

  constructor(seed: number, world: World, plan: Plan) {
    this.#seed = seed;
    this.#world = world;
    this.#plan = plan;
    this.#commits = new CommitJudge(world);
  }

  /** Looks at the commits that are there from the first. */
  async begin(): Promise<void> {
    if (this.#plan.judgesCommits) this.#find(await this.#commits.judgeNew());
  }

  result(): FuzzResult {
    const fallbacks = new Map<Fallback, number>();
    for (const rule of this.#fallbacks.values()) fallbacks.set(rule, (fallbacks.get(rule) ?? 0) + 1);
    return { operations: this.#operations, fallbacks, findings: this.findings, log: this.#world.log };
  }

  async step(step: number): Promise<void> {
    this.#step = step;
    const world = this.#world;
    const [name, description] = await this.#operate();
    if (world.problems.length > 0) throw new Error(world.problems.join('\n'));
    world.note(`${step} ${name} ${description}`);
    this.#operations.set(name, (this.#operations.get(name) ?? 0) + 1);
    for (const tree of world.trees) {
      for (const text of tree.takeChangedUnseen()) world.forget(tree, text, 'brought-back');
      for (const line of tree.copied()) world.forget(tree, line, 'copied');
      for (const line of tree.movedLongAgo()) world.forget(tree, line, 'moved-long-ago');
      for (const line of [...tree.scattered(), ...tree.changedMoved()]) world.forget(tree, line, 'changed-and-moved');
    }
    await this.#editorFollows();
    for (const document of world.documents) {
      const words = document.takeRemoved().flatMap(wordsOf);
      const unreported = words.filter((word) => world.isUnreported(word));
      world.truth.forget(document.tree.name, unreported, 'moved-before-report');
    }
    for (const tree of world.trees) {
      for (const file of tree.touched) await this.#checkFile(tree, file);
      tree.touched.clear();
    }
    for (const document of world.documents) {
      await document.session.adopt();
      const runs = document.session.attributed.runs;
      this.#checkText(document.tree, `editor ${document.path}`, document.path, document.text, runs);
    }
    if (step % statusEvery === 0) for (const tree of world.trees) await this.#checkStatus(tree);
    if (this.#plan.judgesCommits) await this.#checkCommits();
  }

  async #checkCommits(): Promise<void> {
    this.#find(await this.#commits.judgeNew());
    if (this.#step % statusEvery === 0) this.#find(await this.#commits.judgeAll());
    if (this.#step % blameEvery !== 0) return;
    for (const tree of this.#world.trees) {
      const path = this.#world.random.pick([...tree.head.keys()]);
      this.#find(await this.#commits.judgeBlame(tree, path));
    }
  }

  #find(findings: readonly CommitFinding[]): void {
    for (const { verdict, rules, ...what } of findings) {
      if (verdict !== 'fallback') this.findings.push({ seed: this.#seed, step: this.#step, kind: verdict, ...what });
      for (const rule of rules) this.#fallbacks.set(`${rule} commit ${what.line.trim()}`, rule);
    }
  }

  async #operate(): Promise<[string, string]> {
    const { random } = this.#world;
    const { weights } = this.#plan;
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    for (;;) {
      let at = random.next() * total;
      for (const [name, weight] of Object.entries(weights)) {
        at -= weight;
        if (at >= 0) continue;
        const description = await allOperations[name]?.(this.#world);
        if (description !== undefined) return [name, description];
        break;
      }
    }
  }

  /** What an editor does by itself some time after: reads changed files again, keeps the authors, takes reports in. */
  async #editorFollows(): Promise<void> {
    const world = this.#world;
    for (const document of [...world.documents]) {
      if (!document.isDirty && world.random.next() < 0.7) {
        if (document.tree.read(document.path) === undefined) {
          world.documents = world.documents.filter((each) => each !== document);
          continue;
        }
        document.reload();
      }
      if (world.random.next() < 0.7 && (await document.pause())) {
        if (document.text === document.tree.read(document.path)) document.tree.saw(document.path);
      }
    }
  }

  async #checkFile(tree: Tree, file: string): Promise<void> {
    const text = tree.read(file);
    if (text === undefined) return;
    const runs = await tree.place.ledger.attribute(file, text);
    this.#checkText(tree, `disk ${file}`, file, text, runs);
  }

  #checkText(tree: Tree, where: string, path: string, text: string, runs: RunMap): void {
    const { judgesCommits } = this.#plan;
    const head = judgesCommits ? (tree.head.get(path) ?? '') : '';
    const inHead = (word: string): boolean => judgesCommits && tree.headWords.has(word);
    const { count, starts } = linesOf(text);
    if (count === 0) return;
    for (const [i, shown] of classifyLines(text, runs, head, [{ start: 0, count }]).entries()) {
      const [start, end] = [starts[i] as number, starts[i + 1] as number];
      const line = text.slice(start, end);
      this.#judge(tree, `${where}:${i + 1}`, line, shown, inHead, () => authorsOf(line, runs.slice(start, end)));
    }
  }

  async #checkStatus(tree: Tree): Promise<void> {
    for (const file of await readPending(tree.place, { staged: false })) {
      const lines = splitLines(tree.read(file.path) ?? '');
      for (const shown of file.lines) {
        const line = lines[shown.number - 1];
        if (line === undefined) continue;
        const inHead = (word: string): boolean => tree.headWords.has(word);
        this.#judge(tree, `status ${file.path}:${shown.number}`, line, shown, inHead, () => line);
      }
    }
  }

  #judge(
    tree: Tree,
    where: string,
    line: string,
    shown: ClassifiedLine,
    inHead: (word: string) => boolean,
    describe: () => string,
  ): void {
    const unreported = (word: string): boolean => this.#world.isUnreported(word);
    const judgement = this.#world.truth.judge(tree.name, line, shown, { inHead, unreported });
    switch (judgement.verdict) {
      case 'right':
        return;
      case 'fallback':
        for (const rule of judgement.rules) this.#fallbacks.set(`${rule} ${tree.name} ${line.trim()}`, rule);
        return;
      case 'wrong':
      case 'lost': {
        const tool = shown.author?.origin === 'ai' ? ` ${shown.author.tool}` : '';
        const { verdict: kind } = judgement;
        const truth = this.#world.truth.describe(line);
        this.findings.push({
          seed: this.#seed,
          step: this.#step,
          kind,
          where: `${tree.name} ${where}`,
          line: `${describe().trim()} (${truth})`,
          shown: `${shown.class}${tool}`,
        });
      }
    }
  }
}

/** The text with the author of each stretch behind it; `|` is a cut. */
function authorsOf(text: string, runs: readonly Run[]): string {
  let position = 0;
  return runs
    .map(({ length, author }) => {
      const part = text.slice(position, position + length).trim();
      position += length;
      const name = author.origin === 'ai' ? author.tool : author.origin;
      return `${length === 0 ? '|' : part}[${name}]`;
    })
    .join(' ');
}
