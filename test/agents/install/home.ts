import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { User } from '../../../src/agents/install/hookCommand.ts';

/** A home folder of a test's own. */
export class Home {
  private constructor(readonly dir: string) {}

  static async create(): Promise<Home> {
    return new Home(await realpath(await mkdtemp(path.join(os.tmpdir(), 'countersign-home-'))));
  }

  get user(): User {
    return { home: this.dir, environment: { PATH: process.env['PATH'], HOME: this.dir }, platform: process.platform };
  }

  async dispose(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }

  file(name: string): string {
    return path.join(this.dir, name);
  }

  async write(name: string, text: string | Uint8Array): Promise<string> {
    const file = path.resolve(this.dir, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  }

  async read(name: string): Promise<string> {
    return await readFile(path.resolve(this.dir, name), 'utf8');
  }

  /** All that is in it but our own folder: bytes (as text), modes and links, by path. */
  async tree(): Promise<Readonly<Record<string, string>>> {
    const names = (await readdir(this.dir, { recursive: true })).sort();
    const found: Record<string, string> = {};
    for (const name of names.filter((one) => !one.startsWith('.countersign'))) {
      const stats = await lstat(this.file(name));
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isSymbolicLink()) found[name] = `link to ${await readlink(this.file(name))}`;
      else if (stats.isDirectory()) found[name] = `folder ${mode}`;
      else found[name] = `file ${mode} ${await readFile(this.file(name), 'latin1')}`;
    }
    return found;
  }
}
