import assert from 'node:assert/strict';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { Project } from '../../support/project.ts';

/** A command that an assistant's shell is in the middle of while others work: it waits, and others wait for it. */
export class HeldCommand {
  private constructor(
    private readonly began: Pipe,
    private readonly go: Pipe,
  ) {}

  static async create(project: Project): Promise<HeldCommand> {
    const pipe = async (name: string): Promise<Pipe> => {
      const file = path.join(project.root, name);
      assert.equal((await project.run('mkfifo', [file])).code, 0);
      // Open for both ends, nobody waits for the other to open his.
      return { file, handle: await open(file, 'r+') };
    };
    return new HeldCommand(await pipe('began'), await pipe('go'));
  }

  /** Does the one thing, waits until it is let go, and does the other. */
  line(first: string, then: string): string {
    return `${first}; echo > '${this.began.file}'; read -r _ < '${this.go.file}'; ${then}`;
  }

  /** The first thing is done. */
  async isWaiting(): Promise<void> {
    await this.began.handle.read(Buffer.alloc(1), 0, 1, null);
  }

  async letGo(): Promise<void> {
    await this.go.handle.write('\n');
  }

  /** Lets everybody go that still waits. */
  async end(): Promise<void> {
    for (const { handle } of [this.began, this.go]) {
      await handle.write('\n');
      await handle.close();
    }
  }
}

interface Pipe {
  readonly file: string;
  readonly handle: FileHandle;
}
