import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { openPlace, type Place } from '../../src/change/place.ts';
import type { Author } from '../../src/core/author.ts';
import { linesOf } from '../../src/core/text.ts';
import { defaultLimits } from '../../src/ledger/compact.ts';
import type { Random } from './random.ts';

export interface CrashResult {
  readonly kills: number;
  /** Operations that writers have acknowledged. */
  readonly acknowledged: number;
  /** Lines that a writer was killed over: written, and not acknowledged. */
  readonly unfinished: number;
  /** What is wrong or lost, a line each; what writers complained of. */
  readonly findings: readonly string[];
}

/** Writers that work at the same time: three that edit, one that runs commands. */
const writers = ['alpha', 'beta', 'gamma', 'shell'] as const;
type Writer = (typeof writers)[number];
/** Generations of a writer that go on with one file. */
const generationsOfFile = 25;
/** Longest life of a writer, in ms since it began to work. */
const longestLife = 120;

/**
 * Kills writing processes at random points, while others go on, and compares what the ledger says then with what they had
 * acknowledged.
 */
export async function crash(random: Random, kills: number): Promise<CrashResult> {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'countersign-crash-')));
  try {
    const program = path.join(root, 'writer.js');
    await build({
      entryPoints: [path.join(__dirname, 'crashWriter.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      mainFields: ['module', 'main'],
      minify: true,
      logLevel: 'silent',
    });
    return await new Crash(random, path.join(root, 'project'), program).run(kills);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

class Crash {
  readonly #random: Random;
  readonly #folder: string;
  readonly #program: string;
  /** `own LINE` and so on, as they were acknowledged. */
  readonly #acknowledged = new Set<string>();
  readonly #findings: string[] = [];
  #left = 0;

  constructor(random: Random, folder: string, program: string) {
    this.#random = random;
    this.#folder = folder;
    this.#program = program;
  }

  async run(kills: number): Promise<CrashResult> {
    execFileSync('git', ['init', '--quiet', this.#folder]);
    writeFileSync(path.join(this.#folder, '.gitignore'), '*.js.*\n');
    this.#left = kills;
    await Promise.all(writers.map((writer) => this.#keepKilling(writer)));
    const place = await openPlace(this.#folder);
    const unfinished = await this.#check(place);
    if (unfinished > kills) this.#findings.push(`${kills} writers were killed, and ${unfinished} lines have no origin`);
    await this.#checkLeftovers(place);
    return { kills, acknowledged: this.#acknowledged.size, unfinished, findings: this.#findings };
  }

  async #keepKilling(writer: Writer): Promise<void> {
    for (let generation = 1; this.#left > 0; generation++) {
      this.#left--;
      const file = `${writer}${Math.floor(generation / generationsOfFile)}.js`;
      const kind = writer === 'shell' ? 'commands' : 'edits';
      const args = [this.#program, this.#folder, writer, `${generation}`, file, kind];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      const end = this.#listen(child);
      await Promise.race([once(child.stdout, 'data'), end]);
      await new Promise((resolve) => setTimeout(resolve, this.#random.next() * longestLife));
      child.kill('SIGKILL');
      const complaint = await end;
      if (complaint !== '') this.#findings.push(`${writer} said: ${complaint}`);
    }
  }

  /** Takes down what a writer acknowledges, to its end; gives what it complained of. */
  async #listen(child: ChildProcess): Promise<string> {
    let [output, complaint] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      complaint += chunk;
    });
    await once(child, 'close');
    // A torn last line was not said.
    for (const line of output.split('\n').slice(0, -1)) if (line !== 'ready') this.#acknowledged.add(line);
    return complaint;
  }

  /** Gives the number of lines in files that were not acknowledged. */
  async #check({ ledger }: Place): Promise<number> {
    let unfinished = 0;
    const present = new Set<string>();
    for (const file of readdirSync(this.#folder).filter((name) => name.endsWith('.js'))) {
      const text = readFileSync(path.join(this.#folder, file), 'utf8');
      const runs = await ledger.attribute(file, text);
      const { starts, count } = linesOf(text);
      for (let i = 0; i < count; i++) {
        const line = text.slice(starts[i], (starts[i + 1] as number) - 1);
        present.add(line);
        const authors = runs.slice(starts[i] as number, starts[i + 1] as number).map(({ author }) => author);
        if (!this.#acknowledged.has(`own ${line}`)) unfinished++;
        this.#judge(file, line, authors, this.#acknowledged.has(`own ${line}`));
        this.#judgeReview(file, line, authors);
      }
    }
    for (const said of this.#acknowledged) {
      const [what, line] = [said.slice(0, said.indexOf(' ')), said.slice(said.indexOf(' ') + 1)];
      if (what === 'own' && !present.has(line)) this.#findings.push(`${line} was acknowledged, and is in no file`);
      if (what !== 'shared') continue;
      const text = `first();\nsecond();\nthird();\n${line}\n`;
      const runs = await ledger.attribute('shared.js', text);
      const authors = runs.slice(text.length - line.length - 1, text.length - 1).map(({ author }) => author);
      this.#judge('shared.js', line, authors, true);
    }
    return unfinished;
  }

  /**
   * A line is its writer's, or nobody's where it was not acknowledged. Whoever runs a command is given what changes
   * meanwhile and nobody has claimed, which is what a killed writer left.
   */
  #judge(file: string, line: string, authors: readonly Author[], acknowledged: boolean): void {
    const writer = /^const ([a-z]+)g/.exec(line)?.[1];
    for (const author of authors) {
      const shown = author.origin === 'ai' ? author.tool : author.origin;
      if (shown === writer || (!acknowledged && ['unknown', 'shell'].includes(shown))) continue;
      const state = acknowledged ? 'acknowledged' : 'unfinished';
      this.#findings.push(`${file}: ${line} (${state}) is shown as ${shown}`);
      return;
    }
  }

  /** A review holds for the lines up to the one that was the last. */
  #judgeReview(file: string, line: string, authors: readonly Author[]): void {
    if (!this.#acknowledged.has(`reviewed ${line}`)) return;
    const isReviewed = authors.every((author) => author.origin === 'ai' && author.review === 'reviewed');
    if (!isReviewed) this.#findings.push(`${file}: ${line} was reviewed, and is not shown so`);
  }

  /** Locks of the dead hold nobody up, and nothing stays behind that killed writers have left. */
  async #checkLeftovers({ ledger }: Place): Promise<void> {
    for (const file of [...readdirSync(this.#folder).filter((name) => name.endsWith('.js')), 'shared.js']) {
      const start = Date.now();
      await ledger.observe(file, `${file}\n`, { how: 'seen' });
      const waited = Date.now() - start;
      if (waited > 1_000) this.#findings.push(`${file}: a lock was held for ${waited} ms by nobody`);
    }
    await ledger.compact(() => true, { ...defaultLimits, grace: 0 });
    const left = readdirSync(ledger.folder, { recursive: true, encoding: 'utf8' });
    for (const name of left.filter((entry) => /\.(tmp|lock|stale)$/.test(entry))) {
      // We are alive, and hold our own token.
      if (!name.includes(`holder.${process.pid}.`)) this.#findings.push(`${name} is left behind`);
    }
  }
}
