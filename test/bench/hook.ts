import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fixture, placeTranscript, type RecordedEvent, recordedEvents } from '../agents/lab/recording.ts';
import { Project } from '../support/project.ts';
import type { Figure } from './figure.ts';
import { ratioOfPairs } from './paired.ts';

const cli = path.join(__dirname, '../../dist/cli.js');

/** Each round runs every program once, one after the other: what disturbs one of a pair disturbs the other too. */
const rounds = 40;
/** A process needs much the same memory each time. */
const memoryRounds = 9;
const treeSize = 50_000;

/** `node -e 0` is what any program in JavaScript costs before it has done anything. */
const nothing = ['-e', '0'];

/**
 * The hook of Claude Code as a whole process, before and after a recorded edit of a file, against `node -e 0`; and the
 * same in a tree of 50,000 tracked files against a small one. Each round starts with nothing known of the file.
 */
export async function measure(): Promise<Figure[]> {
  const small = await Workplace.create(0);
  const large = await Workplace.create(treeSize);
  try {
    return [...(await times(small, large)), ...(await memory(small)), await commitHook(small)];
  } finally {
    await Promise.all([small.dispose(), large.dispose()]);
  }
}

async function times(small: Workplace, large: Workplace): Promise<Figure[]> {
  const samples = { none: [], before: [], beforeLarge: [], noneAgain: [], after: [], afterLarge: [] } as Record<
    'none' | 'before' | 'beforeLarge' | 'noneAgain' | 'after' | 'afterLarge',
    number[]
  >;
  // The first round is thrown away: it reads programs and trees from the disk.
  for (let round = -1; round < rounds; round++) {
    await Promise.all([small.reset(), large.reset()]);
    const none = small.time(nothing);
    const before = small.time(hook, small.before);
    const beforeLarge = large.time(hook, large.before);
    await Promise.all([small.edit(), large.edit()]);
    const noneAgain = small.time(nothing);
    const after = small.time(hook, small.after);
    const afterLarge = large.time(hook, large.after);
    if (round < 0) continue;
    const times = { none, before, beforeLarge, noneAgain, after, afterLarge };
    for (const [name, time] of Object.entries(times)) samples[name as keyof typeof times].push(time);
  }
  const { none, before, beforeLarge, noneAgain, after, afterLarge } = samples;
  const tree = `${treeSize.toLocaleString('en')} files against a small tree`;
  return [
    ratioOfPairs('hook before an edit, time', before, none, 'ms', 1.6),
    ratioOfPairs('hook after an edit, time', after, noneAgain, 'ms', 1.6),
    ratioOfPairs(`hook before an edit, ${tree}, time`, beforeLarge, before, 'ms', 1.3),
    ratioOfPairs(`hook after an edit, ${tree}, time`, afterLarge, after, 'ms', 1.3),
  ];
}

async function memory(place: Workplace): Promise<Figure[]> {
  const none: number[] = [];
  const before: number[] = [];
  const after: number[] = [];
  for (let round = 0; round < memoryRounds; round++) {
    await place.reset();
    none.push(place.peakMemory(nothing));
    before.push(place.peakMemory(hook, place.before));
    await place.edit();
    after.push(place.peakMemory(hook, place.after));
  }
  return [
    ratioOfPairs('hook before an edit, peak memory', before, none, 'MiB', 1.6),
    ratioOfPairs('hook after an edit, peak memory', after, none, 'MiB', 1.6),
  ];
}

/** For information: a commit waits for this one too, once, and it has to ask git for the change. */
async function commitHook(place: Workplace): Promise<Figure> {
  const none: number[] = [];
  const commit: number[] = [];
  await place.reset();
  place.time(hook, place.before);
  await place.edit();
  place.time(hook, place.after);
  await place.project.git('add', '--all');
  for (let round = 0; round < rounds; round++) {
    const message = path.join(place.project.dir, '.git/COMMIT_EDITMSG');
    await writeFile(message, 'Change a function\n');
    none.push(place.time(nothing));
    commit.push(place.time([cli, 'git-hook', 'commit-msg', message]));
  }
  return ratioOfPairs('git hook commit-msg, time', commit, none, 'ms');
}

const hook = [cli, 'hook', 'claude'];

/** A project as it was in the recorded session, among as many other tracked files as wanted. */
class Workplace {
  private constructor(
    readonly project: Project,
    readonly before: RecordedEvent,
    readonly after: RecordedEvent,
    /** Has a process tell its peak memory, in KiB, on its descriptor 3 when it ends. */
    readonly preload: string,
  ) {}

  static async create(others: number): Promise<Workplace> {
    const project = await Project.create(await fixture());
    const events = await recordedEvents('claude', project);
    await placeTranscript('claude', events, project);
    const [before, after] = edit(events);
    const preload = path.join(project.root, 'peakMemory.cjs');
    await writeFile(preload, peakMemoryScript);
    if (others > 0) await addFiles(project, others);
    return new Workplace(project, before, after, preload);
  }

  /** Back to before the edit, with nothing known of any file; the ledger's folders are there, as in most of a session. */
  async reset(): Promise<void> {
    const ledger = path.join(this.project.dir, '.git/countersign');
    const entries = existsSync(ledger) ? await readdir(ledger, { recursive: true, withFileTypes: true }) : [];
    await Promise.all(
      entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => rm(path.join(parentPath, name))),
    );
    await this.project.write(await fixture());
  }

  /** What the assistant does between its two hooks. */
  async edit(): Promise<void> {
    await this.project.write(this.after.files);
  }

  /** How long a process takes from its start to its end, in ms. */
  time(args: readonly string[], event?: RecordedEvent): number {
    const start = process.hrtime.bigint();
    this.#run(args, event);
    return Number(process.hrtime.bigint() - start) / 1e6;
  }

  /** The most memory that a process held, in MiB. */
  peakMemory(args: readonly string[], event?: RecordedEvent): number {
    return Number(this.#run(['--require', this.preload, ...args], event)) / 1024;
  }

  dispose(): Promise<void> {
    return this.project.dispose();
  }

  #run(args: readonly string[], event: RecordedEvent | undefined): string {
    const { status, stderr, output } = spawnSync(process.execPath, args, {
      cwd: this.project.dir,
      env: { ...this.project.env, ...event?.env },
      input: event ? JSON.stringify(event.stdin) : '',
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' }, 'a process that did its work');
    return output[3] ?? '';
  }
}

/** Linux hands a parent's peak down to `resourceUsage`; what `/proc` says is the process's own. */
const peakMemoryScript = `
process.on('exit', () => {
  const fs = require('node:fs');
  const own = fs.existsSync('/proc/self/status') && /VmHWM:\\s*(\\d+) kB/.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  fs.writeSync(3, String(own ? own[1] : process.resourceUsage().maxRSS));
});
`;

/** The first edit of the recorded session: its hook before and its hook after. */
function edit(events: readonly RecordedEvent[]): [RecordedEvent, RecordedEvent] {
  const first = events.find(({ name }) => name.endsWith('-PreToolUse-Edit.json'));
  const second = events.find(({ name }) => name.endsWith('-PostToolUse-Edit.json'));
  assert.ok(first && second, 'an edit has been recorded');
  return [first, second];
}

/** Commits this many files, a hundred a folder, through `git fast-import`, and checks them out. */
async function addFiles(project: Project, count: number): Promise<void> {
  const files = Array.from({ length: count }, (_, i) => {
    const text = `export const value${i} = ${i};\n`;
    return `M 100644 inline tree/${Math.floor(i / 100)}/file${i}.ts\ndata ${text.length}\n${text}`;
  });
  const commit = `commit refs/heads/main\ncommitter Dev <dev@example.com> 0 +0000\ndata 5\nFiles\nfrom refs/heads/main^0\n`;
  await project.gitWith({ input: `${commit}${files.join('')}\n` }, 'fast-import', '--quiet');
  await project.git('reset', '--quiet', '--hard');
}
