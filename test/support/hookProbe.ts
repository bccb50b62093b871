import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { shellLauncher } from '../../src/launcher.ts';
import type { Project } from './project.ts';

/** Stands where the launcher's program would be, and notes how it is called. */
export class HookProbe {
  readonly #log: string;

  private constructor(log: string) {
    this.#log = log;
  }

  /** @param ending how it ends, as a line of `sh` */
  static async set(project: Project, ending = 'exit 0'): Promise<HookProbe> {
    const log = path.join(project.root, 'probe.log');
    const program = path.join(project.root, 'probe');
    const launcher = path.join(project.home, '.countersign/bin/countersign');
    await writeFile(
      program,
      `#!/bin/sh
shift
[ "$1" = git-hook ] && shift
echo "$*" >> '${log}'
case $1 in post-rewrite | pre-push) sed 's/^/< /' >> '${log}' ;; esac
${ending}
`,
    );
    await chmod(program, 0o755);
    await mkdir(path.dirname(launcher), { recursive: true });
    await rm(launcher, { force: true });
    await writeFile(launcher, shellLauncher({ version: '0.0.0', runtime: program, program }), { mode: 0o755 });
    return new HookProbe(log);
  }

  /** What it was called with since the last time it was asked: a line a call, and one that starts with `<` for each of input. */
  async calls(): Promise<string[]> {
    const text = await readFile(this.#log, 'utf8').catch(() => '');
    await rm(this.#log, { force: true });
    return text.split('\n').filter((line) => line !== '');
  }
}
