import path from 'node:path';
import { Git } from '../../src/git/git.ts';
import { Project } from './project.ts';

/** A bare remote on disk, and clones of it; nobody has hooks. */
export class Clones {
  private constructor(
    readonly project: Project,
    /** The remote's folder, absolute. */
    readonly remote: string,
  ) {}

  static async create(): Promise<Clones> {
    const project = await Project.create({ 'a.txt': 'a\n' });
    await project.git('config', '--global', 'user.name', 'Dev');
    await project.git('config', '--global', 'user.email', 'dev@example.com');
    const remote = path.join(project.home, 'remote.git');
    await project.git('clone', '--quiet', '--bare', '.', remote);
    return new Clones(project, remote);
  }

  async dispose(): Promise<void> {
    await this.project.dispose();
  }

  async clone(name: string, ...options: readonly string[]): Promise<Git> {
    const folder = path.join(this.project.home, name);
    await this.project.git('clone', '--quiet', ...options, `file://${this.remote}`, folder);
    return this.at(folder);
  }

  /** Git of ours in a folder, with the environment of the project and what is given over it. */
  at(folder: string, env: NodeJS.ProcessEnv = {}): Git {
    return new Git(folder, { ...this.project.env, ...env });
  }
}
