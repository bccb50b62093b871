import fs from 'node:fs';

// What is used here of `node:fs/promises`, done at once. The build puts it in the place of that module in the bundle of
// the hook: a process that has nothing else to do while it waits for a file only loses time to a pool of threads. An
// editor, which has, keeps the module itself. A function that is missing here fails the build.

function atOnce<Args extends unknown[], Result>(work: (...args: Args) => Result): (...args: Args) => Promise<Result> {
  return async (...args) => work(...args);
}

export const access = atOnce(fs.accessSync);
export const chmod = atOnce(fs.chmodSync);
export const lstat = atOnce(fs.lstatSync);
export const mkdir = atOnce(fs.mkdirSync);
export const readdir = atOnce(fs.readdirSync);
export const readFile = atOnce(fs.readFileSync);
export const readlink = atOnce(fs.readlinkSync);
export const realpath = atOnce(fs.realpathSync.native);
export const rename = atOnce(fs.renameSync);
export const rm = atOnce(fs.rmSync);
export const stat = atOnce(fs.statSync);
export const writeFile = atOnce(fs.writeFileSync);

/** An open file, as `FileHandle` has it. */
class Handle {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  stat = atOnce(() => fs.fstatSync(this.#fd));
  read = atOnce((buffer: Uint8Array, offset: number, length: number, position: number | null) => ({
    bytesRead: fs.readSync(this.#fd, buffer, offset, length, position),
    buffer,
  }));
  appendFile = atOnce((data: string | Uint8Array) => fs.appendFileSync(this.#fd, data));
  close = atOnce(() => fs.closeSync(this.#fd));
}

export const open = atOnce((...args: Parameters<typeof fs.openSync>) => new Handle(fs.openSync(...args)));
