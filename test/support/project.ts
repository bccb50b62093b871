import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Finished, type ProgramOptions, runProgram } from './program.ts';

const cli = path.join(__dirname, '../../dist/cli.js');

/** Texts by path relative to the project; `null` stands for a file that is not there. */
export type Files = Readonly<Record<string, string | null>>;

/** A fresh HOME with a fresh git repository in it, and an environment that knows no other. */
export class Project {
  private constructor(
    /** Holds all that the test makes, and goes with it. */
    readonly root: string,
    readonly home: string,
    readonly dir: string,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Makes the project, its files in a first commit. */
  static async create(files: Files): Promise<Project> {
    const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'countersign-test-')));
    const home = path.join(root, 'home');
    const dir = path.join(home, 'project');
    const tmp = path.join(root, 'tmp');
    await mkdir(dir, { recursive: true });
    await mkdir(tmp);
    const project = new Project(root, home, dir, environment(home, tmp));
    await project.write(files);
    await project.git('init', '--quiet', '--initial-branch=main');
    await project.git('config', 'user.name', 'Dev');
    await project.git('config', 'user.email', 'dev@example.com');
    await project.git('add', '--all');
    await project.git('commit', '--quiet', '--message=Start');
    return project;
  }

  async dispose(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  async write(files: Files): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.dir, name);
      if (text === null) {
        await rm(file, { force: true });
      } else {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, text);
      }
    }
  }

  /** Rewrites a file behind everybody's back, as a program that reports to nobody would. */
  async change(name: string, edit: (text: string) => string): Promise<void> {
    const before = await readFile(path.join(this.dir, name), 'utf8');
    const after = edit(before);
    assert.notEqual(after, before, `nothing to change in ${name}`);
    await this.write({ [name]: after });
  }

  /** Runs git and gives its output back; a failure is an error. */
  git(...args: readonly string[]): Promise<string> {
    return this.gitWith({}, ...args);
  }

  /** The same with something on its standard input, or with more in its environment. */
  async gitWith(options: Partial<ProgramOptions>, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#run('git', args, options);
    assert.equal(code, 0, `git ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Runs our command line, as a person or an assistant's hook would. */
  countersign(args: readonly string[], options: Partial<ProgramOptions> = {}): Promise<Finished> {
    return this.#run(process.execPath, [cli, ...args], options);
  }

  /** Runs our command line where it must do its work; gives back what it printed. */
  async countersignOutput(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.countersign(args);
    assert.equal(code, 0, `countersign ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Runs any program, whatever its exit code. */
  run(command: string, args: readonly string[], cwd: string = this.dir): Promise<Finished> {
    return this.#run(command, args, { cwd });
  }

  #run(command: string, args: readonly string[], options: Partial<ProgramOptions>): Promise<Finished> {
    return runProgram(command, args, { cwd: this.dir, ...options, env: { ...this.env, ...options.env } });
  }
}

/**
 * Nothing of ours but what a program needs to start. The proxy refuses, so that nothing leaves the machine; the
 * system's git configuration, and the person's, stay out of it.
 */
function environment(home: string, tmp: string): NodeJS.ProcessEnv {
  const nowhere = 'http://127.0.0.1:9';
  return {
    PATH: process.env['PATH'],
    HOME: home,
    TMPDIR: tmp,
    TERM: 'dumb',
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: '127.0.0.1,localhost',
  };
}
