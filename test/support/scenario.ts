import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openPlace, type Place } from '../../src/change/place.ts';
import { report } from '../../src/change/report.ts';
import { type ResolvedCommit, resolveCommits } from '../../src/change/resolve.ts';
import type { AddedLine } from '../../src/core/change.ts';
import { resolveCommit } from '../../src/git/commits.ts';
import { loadCommands } from './loadCommands.ts';
import { type Finished, runProgram } from './program.ts';
import { type Files, Project } from './project.ts';
import { classes } from './reports.ts';

/** Where in a repository its people and tools stand: what they do must come out the same. */
export const standpoints = ['top', 'subdirectory', 'worktree'] as const;
export type Standpoint = (typeof standpoints)[number];

export interface AssistantName {
  readonly tool?: string;
  readonly model?: string;
  readonly session?: string;
}

/**
 * A repository with our git hooks, and the people and assistants that work in it. They report in this process, which is
 * quick; git and its hooks are real ones.
 */
export class Scenario {
  private constructor(
    readonly project: Project,
    /** Top of the work tree in which all happens, absolute. */
    readonly top: string,
    /** Where commands are run: `top` or below it, absolute. */
    readonly cwd: string,
    /** The work tree's own git folder, absolute. */
    readonly gitDir: string,
    readonly place: Place,
  ) {}

  /** @param files the first commit's, made before the hooks are set */
  static async create(files: Files, standpoint: Standpoint = 'top'): Promise<Scenario> {
    const project = await Project.create(files);
    let top = project.dir;
    if (standpoint === 'worktree') {
      top = path.join(project.home, 'linked');
      await project.git('checkout', '--quiet', '--detach');
      await project.git('worktree', 'add', '--quiet', top, 'main');
    }
    const cwd = standpoint === 'subdirectory' ? path.join(top, 'below') : top;
    await mkdir(cwd, { recursive: true });
    await project.countersignOutput('install', '--git');
    const place = await openPlace(top);
    return new Scenario(project, top, cwd, place.repository.gitDir, place);
  }

  async dispose(): Promise<void> {
    await this.project.dispose();
  }

  /** Runs git as a person would; a failure is an error. Paths in `args` that start with `:/` are from the top. */
  git(...args: readonly string[]): Promise<string> {
    return this.project.gitWith({ cwd: this.cwd }, ...args);
  }

  /** The same with something on its standard input, or with more in its environment. */
  gitWith(options: { input?: string | Uint8Array; env?: NodeJS.ProcessEnv }, ...args: readonly string[]) {
    return this.project.gitWith({ cwd: this.cwd, ...options }, ...args);
  }

  /** Runs git with more in its environment, whatever becomes of it. */
  tryGit(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Finished> {
    return runProgram('git', args, { cwd: this.cwd, env: { ...this.project.env, ...env } });
  }

  /** Runs git where it must fail, as it does at a conflict. */
  async gitFails(...args: readonly string[]): Promise<void> {
    await assert.rejects(this.git(...args), `git ${args.join(' ')} was to fail`);
  }

  /** Runs our command line where it must do its work; gives back what it printed. */
  async countersign(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.project.countersign(args, { cwd: this.cwd });
    assert.equal(code, 0, `countersign ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Writes files as a program does that reports to nobody; `null` removes one. Paths are from the top. */
  async writes(files: Files): Promise<void> {
    const { dir } = this.project;
    const absolute = Object.entries(files).map(([name, text]) => [path.relative(dir, path.join(this.top, name)), text]);
    await this.project.write(Object.fromEntries(absolute));
  }

  /** An assistant without an adapter writes files and reports it. */
  async assistantWrites(files: Files, name: AssistantName = {}): Promise<void> {
    const actor = { tool: 'my-agent', model: 'm-1', session: 's-1', kind: 'agent_action' as const, ...name };
    const paths = this.#absolute(files);
    await this.#report({ event: 'before-edit', actor, edits: paths.map((file) => ({ file })) });
    await this.writes(files);
    await this.#report({ event: 'after-edit', actor, edits: paths.map((file) => ({ file })) });
  }

  /** A person types in an editor that vouches for it, and that has seen what was there before. */
  async personWrites(files: Files): Promise<void> {
    const paths = this.#absolute(files);
    const actor = { tool: 'my-agent', session: 'looks', kind: 'agent_action' as const };
    await this.#report({ event: 'before-edit', actor, edits: paths.map((file) => ({ file })) });
    await this.writes(files);
    await this.#report({ event: 'human-edit', files: paths });
  }

  /** Stages everything and commits it. */
  async commit(message: string, ...args: readonly string[]): Promise<void> {
    await this.git('add', '--all', ':/');
    await this.git('commit', '--quiet', '-m', message, ...args);
  }

  /** Rebases the current branch by a list of what to do, as a person would edit it: `squash <commit>`. */
  async rebase(upstream: string, todo: readonly string[], ...args: readonly string[]): Promise<void> {
    const list = path.join(this.project.home, 'todo');
    await writeFile(list, `${todo.join('\n')}\n`);
    const env = { GIT_SEQUENCE_EDITOR: `cp '${list}'`, GIT_EDITOR: 'true' };
    await this.gitWith({ env }, 'rebase', '--quiet', '--interactive', ...args, upstream);
  }

  /** An editor for git that puts its own text in place of what it is given. */
  async editorThatWrites(text: string): Promise<{ GIT_EDITOR: string }> {
    const file = path.join(this.project.home, 'words');
    await writeFile(file, text);
    return { GIT_EDITOR: `cp '${file}'` };
  }

  /** The ids of the last commits of a branch, the oldest first. */
  async last(count: number, revision = 'HEAD'): Promise<string[]> {
    const ids = await this.git('rev-list', '--reverse', `--max-count=${count}`, revision);
    return ids.trim().split('\n');
  }

  /** What is pending: `src/a.ts:1 ai`, a string for each added line. */
  async pending(...args: readonly string[]): Promise<string[]> {
    return classes(await this.countersign('status', '--json', ...args));
  }

  /** The note that names records of a commit; `''` where there is none. */
  async note(revision = 'HEAD'): Promise<string> {
    const { code, stdout } = await this.project.run('git', ['notes', '--ref=countersign', 'show', revision], this.cwd);
    return code === 0 ? stdout.trim() : '';
  }

  /** Loses all that is known of pending text, as another machine does not have it. */
  async forgetPending(): Promise<void> {
    await rm(this.place.ledger.folder, { recursive: true, force: true });
  }

  read(name: string): Promise<string> {
    return readFile(path.join(this.top, name), 'utf8');
  }

  async hook(name: string, script: string): Promise<void> {
    const file = path.join(this.place.repository.commonDir, 'hooks', name);
    await writeFile(file, script, { mode: 0o755 });
  }

  async resolved(revision = 'HEAD'): Promise<ResolvedCommit> {
    const { git } = this.place.repository;
    const [resolved] = await resolveCommits(git, [await resolveCommit(git, revision)]);
    assert.ok(resolved, `${revision} could not be read`);
    return resolved;
  }

  /** What is known of a commit: `src/a.ts:1 ai`, a string for each added line. */
  async lines(revision = 'HEAD'): Promise<string[]> {
    const { files } = await this.resolved(revision);
    return files.flatMap(({ path: file, lines }) => lines.map((line) => `${file}:${line.number} ${line.class}`));
  }

  /** The same with the assistant: `src/a.ts:1 ai my-agent`. */
  async authors(revision = 'HEAD'): Promise<string[]> {
    const { files } = await this.resolved(revision);
    const tool = ({ author }: AddedLine): string => (author?.origin === 'ai' ? ` ${author.tool}` : '');
    return files.flatMap(({ path: file, lines }) =>
      lines.map((line) => `${file}:${line.number} ${line.class}${tool(line)}`),
    );
  }

  /** `exact`, `partial 1 of 2`, `missing` or `none`. */
  async fit(revision = 'HEAD'): Promise<string> {
    const { fit } = await this.resolved(revision);
    return fit.state === 'partial' ? `partial ${fit.matched} of ${fit.of}` : fit.state;
  }

  async message(revision = 'HEAD'): Promise<string> {
    return await this.git('log', '-1', '--format=%B', revision);
  }

  /** The trailers that git itself reads from a commit, by key. */
  async trailers(revision = 'HEAD'): Promise<Map<string, string[]>> {
    const input = await this.message(revision);
    const parsed = await this.gitWith({ input }, 'interpret-trailers', '--parse', '--no-divider');
    const result = new Map<string, string[]>();
    for (const line of parsed.split('\n').filter((entry) => entry !== '')) {
      const at = line.indexOf(': ');
      result.set(line.slice(0, at), [...(result.get(line.slice(0, at)) ?? []), line.slice(at + 2)]);
    }
    return result;
  }

  #absolute(files: Files): string[] {
    return Object.keys(files).map((name) => path.join(this.top, name));
  }

  async #report(event: Parameters<typeof report>[0]): Promise<void> {
    const find = (): Promise<Place> => Promise.resolve(this.place);
    assert.deepEqual(await report(event, { ofFile: find, ofFolder: find }, loadCommands), []);
  }
}

/** Tests that run at the top of a repository, below it, and in a linked worktree; each gets a scenario of its own. */
export function describeEverywhere(title: string, files: Files, define: (now: () => Scenario) => void): void {
  for (const standpoint of standpoints) {
    describe(`${title} (${standpoint})`, () => {
      let scenario: Scenario;
      beforeEach(async () => {
        scenario = await Scenario.create(files, standpoint);
      });
      afterEach(() => scenario.dispose());
      define(() => scenario);
    });
  }
}
