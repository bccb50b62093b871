import { blameFile } from '../../src/change/blame.ts';
import { type ResolvedCommit, resolveCommits } from '../../src/change/resolve.ts';
import { textsAt } from '../../src/change/texts.ts';
import type { AddedLine } from '../../src/core/change.ts';
import type { ClassifiedLine } from '../../src/core/lineClass.ts';
import { splitLines } from './editorModel.ts';
import type { Tree } from './tree.ts';
import { anywhere, type Fallback, type Judgement, wordsOf } from './truth.ts';
import type { Rewrite, World } from './world.ts';

/** A line of a commit that is not shown as it has to be, or only under a rule. */
export interface CommitFinding {
  readonly verdict: 'wrong' | 'lost' | 'fallback';
  readonly rules: readonly Fallback[];
  readonly where: string;
  readonly line: string;
  readonly shown: string;
}

/** What a commit is shown with: text of a line without the white space around it → class and assistant, of each time it is there. */
type ShownLines = ReadonlyMap<string, ReadonlySet<string>>;

interface Line {
  readonly where: string;
  readonly text: string;
  readonly known: Omit<AddedLine, 'number' | 'hash'>;
}

/**
 * Compares what is known of commits with the truth, and with what was known of the commits that they were made of.
 */
export class CommitJudge {
  readonly #world: World;
  readonly #shown = new Map<string, ShownLines>();
  readonly #words = new Map<string, ReadonlySet<string>>();
  /** Commits of which a note tells. */
  readonly #noted = new Set<string>();
  /** Lines of which a commit changed only a part → what it shows them with, which is about that part. */
  readonly #parts = new Map<string, Set<string>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** One worktree of each repository. */
  get #repositories(): Tree[] {
    return this.#world.trees.filter(({ name }) => name !== 'other');
  }

  /** The commits that came into being since this was called last. */
  async judgeNew(): Promise<CommitFinding[]> {
    if (!this.#world.hasNewCommits) return [];
    this.#world.hasNewCommits = false;
    const rewrites = this.#world.rewrites;
    this.#world.rewrites = [];
    const findings: CommitFinding[] = [];
    for (const tree of this.#repositories) {
      const commits = (await this.#commitsOf(tree)).filter((commit) => !this.#shown.has(commit));
      if (commits.length === 0) continue;
      for (const resolved of await resolveCommits(tree.place.repository.git, commits)) {
        const rewrite = rewrites.find((each) => isSameRepository(each.tree, tree));
        const isOwn = this.#world.ownCommits.has(resolved.commit);
        findings.push(...(await this.#judge(tree, resolved, isOwn ? undefined : rewrite)));
      }
    }
    return findings;
  }

  /** All commits of all branches again: what was known of them still is, and in each clone. */
  async judgeAll(): Promise<CommitFinding[]> {
    const findings: CommitFinding[] = [];
    for (const tree of this.#repositories) {
      const commits = await this.#commitsOf(tree);
      for (const resolved of await resolveCommits(tree.place.repository.git, commits)) {
        const before = this.#shown.get(resolved.commit);
        for (const line of await linesOfCommit(tree, resolved)) {
          const shown = describe(line.known);
          const earlier = before?.get(line.text);
          if (earlier?.has(shown)) continue;
          findings.push({
            ...line,
            verdict: 'wrong',
            rules: [],
            line: line.text,
            shown: `${shown}, was ${[...(earlier ?? [])]}`,
          });
        }
      }
    }
    return findings;
  }

  /** Each line of a file is shown as its commit is. */
  async judgeBlame(tree: Tree, path: string): Promise<CommitFinding[]> {
    const findings: CommitFinding[] = [];
    const texts = splitLines(tree.head.get(path) ?? '').map(bare);
    for (const { number, commit, known } of await blameFile(tree.place, path, { commit: 'HEAD' })) {
      const line = texts[number - 1] as string;
      const expected = this.#shown.get(commit as string)?.get(line);
      const shown = describe(known);
      // Of a commit of which nothing is known, a line is `base`.
      if (known.class === 'base' && (expected === undefined || expected.has('unknown'))) continue;
      if (expected ? expected.has(shown) : this.#isPossible(line, known)) continue;
      const where = `blame ${tree.name} ${path}:${number} of ${commit?.slice(0, 8)}`;
      findings.push({ verdict: 'wrong', rules: [], where, line, shown: `${shown}, not ${[...(expected ?? [])]}` });
    }
    return findings;
  }

  /** A commit's own diff does not show the line where blame finds it: at least it must be somebody's who wrote some of it. */
  #isPossible(line: string, known: ClassifiedLine): boolean {
    const isOld = { inHead: () => true, unreported: () => false };
    return this.#world.truth.judge(anywhere, line, known, isOld).verdict !== 'wrong';
  }

  async #commitsOf(tree: Tree): Promise<string[]> {
    const output = await this.#world.git(tree.dir, 'rev-list', '--reverse', '--topo-order', '--branches', '--remotes');
    return output.split('\n').filter((line) => line !== '');
  }

  async #judge(tree: Tree, resolved: ResolvedCommit, rewrite: Rewrite | undefined): Promise<CommitFinding[]> {
    const lines = await linesOfCommit(tree, resolved);
    const shown = new Map<string, Set<string>>();
    for (const { text, known } of lines) shown.set(text, (shown.get(text) ?? new Set()).add(describe(known)));
    this.#shown.set(resolved.commit, shown);
    if (resolved.records.some(({ source }) => source === 'note')) this.#noted.add(resolved.commit);
    const inParents = new Set<string>();
    for (const parent of resolved.parents) for (const word of await this.#wordsOf(tree, parent)) inParents.add(word);
    const originals = rewrite && this.#union(rewrite.from);
    const findings: CommitFinding[] = [];
    for (const line of lines) {
      const judgement = this.#judgeLine(line, inParents, rewrite, originals);
      if (wordsOf(line.text).some((word) => inParents.has(word))) {
        this.#parts.set(line.text, (this.#parts.get(line.text) ?? new Set()).add(describe(line.known)));
      }
      if (judgement.verdict === 'right') continue;
      const rules = judgement.verdict === 'fallback' ? judgement.rules : [];
      const was = originals?.get(line.text);
      findings.push({
        verdict: judgement.verdict,
        rules,
        where: `${resolved.commit.slice(0, 8)} ${line.where}`,
        line: `${line.text.trim()} (${this.#world.truth.describe(line.text)})`,
        shown: `${describe(line.known)}${was ? `, was ${[...was]}` : ''} (fit ${resolved.fit.state})`,
      });
    }
    return findings;
  }

  #judgeLine(
    { text, known }: Line,
    inParents: ReadonlySet<string>,
    rewrite: Rewrite | undefined,
    originals: ShownLines | undefined,
  ): Judgement {
    const { truth } = this.#world;
    const inHead = (word: string): boolean => inParents.has(word);
    const unreported = (word: string): boolean => this.#world.isUnreported(word);
    // What no parent has is new in this commit, whatever it was in another one.
    const isNew = wordsOf(text).some((word) => !inParents.has(word));
    const shown: ClassifiedLine = known.class === 'base' && isNew ? { class: 'unknown', countsAsAi: false } : known;
    const judgement = truth.judge(anywhere, text, shown, { inHead, unreported });
    const excused = (rule: Fallback): Judgement => {
      truth.forget(anywhere, wordsOf(text), rule);
      return { verdict: 'fallback', rules: [rule] };
    };
    const part = this.#parts.get(text);
    if (judgement.verdict === 'wrong') return part?.has(describe(known)) ? excused('line-of-several') : judgement;
    if (!rewrite || !originals) return judgement;
    const before = originals.get(text);
    const wasKnown = before !== undefined && !before.has('unknown') && !before.has('base');
    const isLost = judgement.verdict === 'lost' || (wasKnown && !before.has(describe(known)) && !rewrite.joined);
    if (!isLost) return judgement;
    if (before?.has('unknown')) return { verdict: 'right' };
    if (!rewrite.clean) return excused('resolved-conflict');
    if (rewrite.withoutNotes && rewrite.from.some((commit) => this.#noted.has(commit)))
      return excused('note-left-behind');
    return wasKnown ? { verdict: 'lost' } : excused('another-diff');
  }

  #union(commits: readonly string[]): ShownLines {
    const union = new Map<string, Set<string>>();
    for (const commit of commits) {
      for (const [text, classes] of this.#shown.get(commit) ?? []) {
        union.set(text, new Set([...(union.get(text) ?? []), ...classes]));
      }
    }
    return union;
  }

  async #wordsOf(tree: Tree, commit: string): Promise<ReadonlySet<string>> {
    const known = this.#words.get(commit);
    if (known) return known;
    const paths = (await this.#world.git(tree.dir, 'ls-tree', '-r', '--name-only', commit)).trim().split('\n');
    const texts = await textsAt(tree.place.repository, commit, paths);
    const words = new Set([...texts.values()].flatMap(wordsOf));
    this.#words.set(commit, words);
    return words;
  }
}

async function linesOfCommit(tree: Tree, { commit, files }: ResolvedCommit): Promise<Line[]> {
  const changed = files.filter(({ lines }) => lines.length > 0);
  const texts = await textsAt(
    tree.place.repository,
    commit,
    changed.map(({ path }) => path),
  );
  return changed.flatMap(({ path, lines }) => {
    const all = splitLines(texts.get(path) ?? '').map(bare);
    return lines.map((line) => ({
      where: `${path}:${line.number}`,
      text: all[line.number - 1] as string,
      known: line,
    }));
  });
}

function isSameRepository(a: Tree, b: Tree): boolean {
  return a.place.repository.commonDir === b.place.repository.commonDir;
}

function bare(line: string): string {
  return line.trim();
}

function describe({ class: name, author }: Omit<AddedLine, 'number' | 'hash'>): string {
  return author?.origin === 'ai' ? `${name} ${author.tool}` : name;
}
