import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { previewOf } from '../../src/change/commit.ts';
import type { AddedLine } from '../../src/core/change.ts';
import { lineHash } from '../../src/core/digest.ts';
import { formatTrailer, trailersOf } from '../../src/core/trailers.ts';
import { recordsRef } from '../../src/git/records.ts';
import { ai } from '../support/authors.ts';
import { Project } from '../support/project.ts';

/** A commit that is made up: what one file holds after it, and which of its lines are new. */
export interface MadeCommit {
  readonly path: string;
  /** Without line breaks. */
  readonly lines: readonly string[];
  /** 0-based; those that the commit adds. */
  readonly added: { readonly start: number; readonly count: number };
  /** Whether an assistant wrote them, and the commit names its record. */
  readonly isKnown: boolean;
}

const cli = path.join(__dirname, '../../dist/cli.js');

/** So many of a hundred commits have a record. */
export const knownShare = 30;

export function isKnown(index: number): boolean {
  return index % 100 < knownShare;
}

/** A commit that adds a file of a dozen lines; a hundred files a folder. */
export function addsFile(index: number): MadeCommit {
  const lines = Array.from({ length: 12 }, (_, i) => `export const value${index}x${i} = compute(${index * 7 + i});`);
  const name = `tree/${Math.floor(index / 100)}/file${index}.ts`;
  return { path: name, lines, added: { start: 0, count: lines.length }, isKnown: isKnown(index) };
}

/** Projects with long histories, for measuring whole processes in them. */
export class History {
  private constructor(readonly project: Project) {}

  /** A project with our hooks; its history is a first commit and `count` made ones, all checked out. */
  static async create(count: number, commit: (index: number) => MadeCommit = addsFile): Promise<History> {
    const history = new History(await Project.create({ 'a.txt': 'a\n' }));
    await history.add('main', count, commit);
    const { project } = history;
    await project.git('reset', '--quiet', '--hard');
    await project.countersignOutput('install', '--git');
    return history;
  }

  /** Puts commits on a branch, and their records into the store, by one `git fast-import`. */
  async add(branch: string, count: number, commit: (index: number) => MadeCommit): Promise<void> {
    const stored = await this.project.run('git', ['rev-parse', '--verify', '--quiet', recordsRef]);
    const records = [
      `commit ${recordsRef}\ncommitter Dev <dev@example.com> 0 +0000\n${data('Records')}`,
      ...(stored.code === 0 ? [`from ${recordsRef}^0\n`] : []),
    ];
    const stream: string[] = [];
    for (let i = 0; i < count; i++) {
      const made = commit(i);
      const sealed = made.isKnown ? sealedOf(made) : undefined;
      const message = `Change ${made.path}\n\nWords on change ${i}.\n${sealed?.trailers ?? ''}`;
      const text = made.lines.map((line) => `${line}\n`).join('');
      stream.push(
        `commit refs/heads/${branch}\ncommitter Dev <dev@example.com> ${1_700_000_000 + i} +0000\n${data(message)}`,
        ...(i === 0 ? [`from refs/heads/${branch}^0\n`] : []),
        `M 100644 inline ${made.path}\n${data(text)}`,
      );
      if (sealed) records.push(`M 100644 inline ${sealed.path}\n${data(sealed.bytes)}`);
    }
    const input = Buffer.from(`${stream.join('')}${records.join('')}`);
    await this.project.gitWith({ input }, 'fast-import', '--quiet', '--force');
  }

  /** Runs a program to its end, which must be a good one; as quick as it goes, for it is measured. */
  run(command: string, args: readonly string[], input = '', accept: readonly number[] = [0]): void {
    const { env, dir } = this.project;
    const { status, stderr, error } = spawnSync(command, args, {
      ...{ cwd: dir, env: { ...env, GIT_EDITOR: ':', GIT_INDEX_FILE: undefined }, input },
      stdio: ['pipe', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    assert.ok(!error && accept.includes(status ?? -1), `${command} ${args.join(' ')}: ${error ?? stderr}`);
  }

  git(...args: readonly string[]): void {
    this.run('git', args);
  }

  countersign(...args: readonly string[]): void {
    this.run(process.execPath, [cli, ...args]);
  }

  /** What any program in JavaScript costs before it has done anything. */
  nothing(): void {
    this.run(process.execPath, ['-e', '0']);
  }

  dispose(): Promise<void> {
    return this.project.dispose();
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** As `commit-msg` makes it. */
function sealedOf({ path: name, lines, added }: MadeCommit): { path: string; bytes: string; trailers: string } {
  const author = ai();
  const known = lines.slice(added.start, added.start + added.count).map(
    (line, i): AddedLine => ({
      ...{ number: added.start + i + 1, hash: lineHash(line) },
      ...{ class: 'ai', countsAsAi: true, author },
    }),
  );
  const files = [{ path: name, lines: known, deleted: 0 }];
  const { sealed, risk } = previewOf(files);
  assert.ok(sealed);
  const trailers = trailersOf(files, sealed, risk).map((trailer) => `${formatTrailer(trailer)}\n`);
  const { digest, bytes } = sealed;
  return { path: `${digest.slice(0, 2)}/${digest}.json`, bytes, trailers: `\n${trailers.join('')}` };
}
